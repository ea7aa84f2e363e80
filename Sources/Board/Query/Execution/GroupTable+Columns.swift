// The columns of an answer from the groups it shows, a column at a time.

extension GroupTable {
    /// A column of some rows at a slot of each: 0 is all, the others are the pivot's values. `places` are those of the rows
    /// at slot 0.
    func column(
        _ output: GroupOutput, name: String, rows: [GroupRow], places: [Int], slot: Int,
        quantile: (GroupOutput, GroupRow, Int) -> Double?
    ) -> ResultColumn {
        switch output {
        case .group(let level): return groupColumn(level, name, rows)
        case .integers(let sum) where sum.terms.allSatisfy { $0.lowerHalves == nil }:
            return ResultColumn(name: name, values: .integers(counts(sum, places, slot)))
        case .ratio(let numerator, let denominator, let scale):
            let divisors = counts(denominator, places, slot)
            let numbers = zip(counts(numerator, places, slot), divisors).map { value, divisor in
                divisor == 0 ? 0 : scale * Double(value) / Double(divisor)
            }
            let nulls = divisors.map { $0 == 0 }
            return ResultColumn(name: name, values: .numbers(numbers), nulls: nulls.contains(true) ? nulls : [])
        case .amount(let sum, let divisor):
            return ResultColumn(name: name, values: .numbers(counts(sum, places, slot).map { Double($0) / divisor }))
        case .money(let aggregate): return amounts(aggregate, name, places, slot)
        default:
            return ResultColumn(
                name: name, kind: output.kind(values),
                cells: rows.map { cell(output, $0, slot: slot, quantile: quantile) })
        }
    }

    /// Appends the amounts of rows whose customers have several currencies, by currency in alphabetical order.
    func appendMixedMoney(
        _ aggregate: AggregateOutput, places: [Int], slot: Int, columnIndex: Int, currencies: [String],
        to amounts: inout MoneyAmounts
    ) {
        guard let money else { return }
        // Code of the customers' table -> code of the answer.
        var codes = [UInt32?](repeating: nil, count: currencies.count)
        for (row, place) in places.enumerated() {
            if money.shape.onlyEntry[place + slot] >= 0 { continue }
            for entry in money.shape.entries(place + slot) {
                guard let micros = amount(aggregate, money, Int(entry)) else { continue }
                let currency = Int(money.shape.currencies[Int(entry)])
                let code = codes[currency] ?? amounts.code(of: currencies[currency])
                codes[currency] = code
                amounts.append(row: row, columnIndex: columnIndex, code: code, micros: micros)
            }
        }
    }

    /// The amounts of a place by code of the currency, in alphabetical order.
    func amounts(_ aggregate: AggregateOutput, _ place: Int) -> [(currency: Int, micros: Int64)] {
        guard let money else { return [] }
        return money.shape.entries(place).compactMap { entry in
            amount(aggregate, money, Int(entry)).map { (Int(money.shape.currencies[Int(entry)]), $0) }
        }
    }

    /// One currency's amount; nil where it is null.
    private func amount(_ aggregate: AggregateOutput, _ money: MoneySums, _ entry: Int) -> Int64? {
        // An entry has customers: a sum over them is never null.
        if let measure = aggregate.onlySum { return money.values[measure].integer(entry) }
        guard case .money(let micros) = aggregate.cell(money.values, entry) else { return nil }
        return micros
    }

    private func amounts(_ aggregate: AggregateOutput, _ name: String, _ places: [Int], _ slot: Int) -> ResultColumn {
        var values = [Int64](repeating: 0, count: places.count)
        var nulls = [Bool](repeating: true, count: places.count)
        if let money {
            for (number, place) in places.enumerated() {
                let entry = money.shape.onlyEntry[place + slot]
                guard entry >= 0, let micros = amount(aggregate, money, Int(entry)) else { continue }
                values[number] = micros
                nulls[number] = false
            }
        }
        return ResultColumn(name: name, values: .money(values), nulls: nulls.contains(true) ? nulls : [])
    }

    /// A sum of counts of calls and milliseconds, which fit.
    private func counts(_ sum: MeasureSum, _ places: [Int], _ slot: Int) -> [Int64] {
        var counts = [Int64](repeating: 0, count: places.count)
        for term in sum.terms { sums.values[term.measure].add(times: term.factor, at: places, slot: slot, to: &counts) }
        return counts
    }

    /// The value of the group or of the one above it at a level; null above that level.
    private func groupColumn(_ level: Int, _ name: String, _ rows: [GroupRow]) -> ResultColumn {
        // Rows are in the order of the tree: the latest row of the level is the one above.
        var node: Int?
        let values = values[level - 1]
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
        let isNull = texts.map(\.isEmpty)
        let codeOfNode = tree.levels[level].codes
        var code = 0
        for (number, row) in rows.enumerated() {
            if row.level == level { code = codeOfNode[row.node] }
            // Safe: codes are below 2^24.
            if row.level < level || isNull[code] {
                nulls[number] = true
            } else {
                codes[number] = UInt32(truncatingIfNeeded: code)
            }
        }
        return ResultColumn(
            name: name, values: .texts(codes: codes, dictionary: texts), nulls: nulls.contains(true) ? nulls : [])
    }
}
