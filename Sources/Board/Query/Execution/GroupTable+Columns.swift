// The columns of an answer from the groups it shows.

extension GroupTable {
    /// A column of some rows at a slot of each: 0 is all, the others are the pivot's values.
    func column(
        _ output: GroupOutput, name: String, rows: [GroupRow], slot: Int, quantile: (GroupOutput, GroupRow, Int) -> Double?
    ) -> ResultColumn {
        switch output {
        case .group(let level): return groupColumn(level, name, rows)
        case .integers(let sum):
            return integers(name, rows) { sum.value(sums.values[$0.level], place($0, slot)) }
        case .ratio(let numerator, let denominator, let scale):
            return numbers(name, rows) { row in
                let values = sums.values[row.level]
                let divisor = denominator.count(values, place(row, slot))
                return divisor == 0 ? nil : scale * Double(numerator.count(values, place(row, slot))) / Double(divisor)
            }
        default:
            return ResultColumn(
                name: name, kind: output.kind(columns),
                cells: rows.map { cell(output, $0, slot: slot, quantile: quantile) })
        }
    }

    /// The amounts of rows whose customers have several currencies, by currency in alphabetical order.
    func mixedMoney(_ aggregate: AggregateOutput, rows: [GroupRow], slot: Int, columnIndex: Int, currencies: [String]) -> [GroupMoney] {
        guard let money else { return [] }
        var result: [GroupMoney] = []
        for (number, row) in rows.enumerated() {
            let slots = money.levels[row.level]
            let entries = slots.entries(place(row, slot))
            guard entries.count > 1 else { continue }
            for entry in entries.sorted(by: { currencies[slots.currencies[$0]] < currencies[slots.currencies[$1]] }) {
                guard case .money(let micros) = aggregate.cell(slots.values, entry) else { continue }
                result.append(
                    GroupMoney(
                        row: number, columnIndex: columnIndex, currency: currencies[slots.currencies[entry]],
                        micros: micros))
            }
        }
        return result
    }

    private func place(_ row: GroupRow, _ slot: Int) -> Int { row.node * tree.slots + slot }

    private func integers(_ name: String, _ rows: [GroupRow], _ value: (GroupRow) -> Int64?) -> ResultColumn {
        var values = [Int64](repeating: 0, count: rows.count)
        var nulls: [Bool] = []
        for (number, row) in rows.enumerated() {
            if let value = value(row) {
                values[number] = value
            } else {
                if nulls.isEmpty { nulls = Array(repeating: false, count: rows.count) }
                nulls[number] = true
            }
        }
        return ResultColumn(name: name, values: .integers(values), nulls: nulls)
    }

    private func numbers(_ name: String, _ rows: [GroupRow], _ value: (GroupRow) -> Double?) -> ResultColumn {
        var values = [Double](repeating: 0, count: rows.count)
        var nulls: [Bool] = []
        for (number, row) in rows.enumerated() {
            if let value = value(row) {
                values[number] = value
            } else {
                if nulls.isEmpty { nulls = Array(repeating: false, count: rows.count) }
                nulls[number] = true
            }
        }
        return ResultColumn(name: name, values: .numbers(values), nulls: nulls)
    }

    /// The value of the group or of the one above it at a level; null above that level.
    private func groupColumn(_ level: Int, _ name: String, _ rows: [GroupRow]) -> ResultColumn {
        // Rows are in the order of the tree: the latest row of the level is the one above.
        var node: Int?
        let values = columns[level - 1].values
        if case .texts(let texts) = values { return textColumn(level, name, rows, texts) }
        let cells = rows.map { row -> Cell in
            if row.level < level { return .null }
            if row.level == level { node = row.node }
            return node.map { values.cell(tree.levels[level].codes[$0]) } ?? .null
        }
        return ResultColumn(name: name, kind: values.kind, cells: cells)
    }

    private func textColumn(_ level: Int, _ name: String, _ rows: [GroupRow], _ texts: [String]) -> ResultColumn {
        var codes = [UInt32](repeating: 0, count: rows.count)
        var nulls = [Bool](repeating: false, count: rows.count)
        var code = 0
        for (number, row) in rows.enumerated() {
            if row.level == level { code = tree.levels[level].codes[row.node] }
            if row.level < level || texts[code].isEmpty { nulls[number] = true } else { codes[number] = UInt32(code) }
        }
        return ResultColumn(
            name: name, values: .texts(codes: codes, dictionary: texts), nulls: nulls.contains(true) ? nulls : [])
    }
}
