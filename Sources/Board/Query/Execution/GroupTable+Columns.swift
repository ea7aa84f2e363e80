// The columns of an answer from the groups it shows.

extension GroupTable {
    /// A column of some rows at a slot of each: 0 is all, the others are the pivot's values.
    func column(
        _ output: GroupOutput, name: String, rows: [GroupRow], slot: Int,
        quantile: (GroupOutput, GroupRow, Int) -> Double?
    ) -> ResultColumn {
        switch output {
        case .group(let level): return groupColumn(level, name, rows)
        case .integers(let sum) where sum.terms.allSatisfy { $0.lowerHalves == nil }:
            let values = rows.map { sum.count(sums.values, tree.place($0, slot: slot)) }
            return ResultColumn(name: name, values: .integers(values))
        case .ratio, .amount: return numbers(output, name, rows.map { tree.place($0, slot: slot) })
        case .money(let aggregate): return amounts(aggregate, name, rows.map { tree.place($0, slot: slot) })
        default:
            return ResultColumn(
                name: name, kind: output.kind(columns),
                cells: rows.map { cell(output, $0, slot: slot, quantile: quantile) })
        }
    }

    /// The amounts of rows whose customers have several currencies, by currency in alphabetical order.
    func mixedMoney(
        _ aggregate: AggregateOutput, rows: [GroupRow], slot: Int, columnIndex: Int, currencies: [String]
    ) -> [GroupMoney] {
        guard let money else { return [] }
        var result: [GroupMoney] = []
        for (number, row) in rows.enumerated() {
            let place = tree.place(row, slot: slot)
            if money.shape.entries(place).count < 2 { continue }
            for (currency, micros) in amounts(aggregate, place) {
                result.append(
                    GroupMoney(row: number, columnIndex: columnIndex, currency: currencies[currency], micros: micros))
            }
        }
        return result
    }

    /// The amounts of a place by code of the currency, in alphabetical order.
    func amounts(_ aggregate: AggregateOutput, _ place: Int) -> [(currency: Int, micros: Int64)] {
        guard let money else { return [] }
        return money.shape.entries(place).compactMap { entry in
            guard case .money(let micros) = aggregate.cell(money.values, Int(entry)) else { return nil }
            return (Int(money.shape.currencies[Int(entry)]), micros)
        }
    }

    private func amounts(_ aggregate: AggregateOutput, _ name: String, _ places: [Int]) -> ResultColumn {
        var values = [Int64](repeating: 0, count: places.count)
        var nulls = [Bool](repeating: false, count: places.count)
        var hasNulls = false
        for (number, place) in places.enumerated() {
            if case .money(let micros) = amount(aggregate, place) {
                values[number] = micros
            } else {
                nulls[number] = true
                hasNulls = true
            }
        }
        return ResultColumn(name: name, values: .money(values), nulls: hasNulls ? nulls : [])
    }

    private func numbers(_ output: GroupOutput, _ name: String, _ places: [Int]) -> ResultColumn {
        var values = [Double](repeating: 0, count: places.count)
        var nulls = [Bool](repeating: false, count: places.count)
        var hasNulls = false
        for (number, place) in places.enumerated() {
            if let value = self.number(output, place) {
                values[number] = value
            } else {
                nulls[number] = true
                hasNulls = true
            }
        }
        return ResultColumn(name: name, values: .numbers(values), nulls: hasNulls ? nulls : [])
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
