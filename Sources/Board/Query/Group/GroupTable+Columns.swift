// The columns of an answer from the groups it shows, a column at a time.

extension GroupTable {
    /// A column of some rows at one slot of each: slot 0 is all customers, the others are the pivot's values.
    func column(
        _ output: GroupOutput, name: String, _ shown: GroupRows, slot: Int,
        quantile: (GroupOutput, GroupRow, Int) -> Double?
    ) -> ResultColumn {
        switch output {
        case .group(let level): return groupColumn(level, name, shown)
        case .integers(let sum) where sum.terms.allSatisfy { $0.lowerHalves == nil }:
            return ResultColumn(name: name, values: .integers(counts(sum, shown, slot)))
        case .ratio(let numerator, let denominator, let scale):
            return ratios(
                counts(numerator, shown, slot), counts(denominator, shown, slot), scale: scale, name)
        case .amount(let sum, let divisor):
            let numbers = counts(sum, shown, slot).map { Double($0) / divisor }
            return ResultColumn(name: name, values: .numbers(numbers))
        case .money(let aggregate): return amounts(aggregate, name, shown, slot)
        default:
            return ResultColumn(
                name: name, kind: output.kind(values),
                cells: shown.rows.map { cell(output, $0, slot: slot, quantile: quantile) })
        }
    }

    private func ratios(_ numerators: [Int64], _ divisors: [Int64], scale: Double, _ name: String) -> ResultColumn {
        var numbers = [Double](repeating: 0, count: divisors.count)
        var hasNull = false
        for row in divisors.indices {
            let divisor = divisors[row]
            if divisor == 0 { hasNull = true } else { numbers[row] = scale * Double(numerators[row]) / Double(divisor) }
        }
        return ResultColumn(name: name, values: .numbers(numbers), nulls: hasNull ? divisors.map { $0 == 0 } : [])
    }

    /// Appends the amounts of rows whose customers have several currencies, by currency in alphabetical order.
    func appendMixedMoney(
        _ aggregate: AggregateOutput, _ shown: GroupRows, slot: Int, columnIndex: Int, currencies: [String],
        to amounts: inout MoneyAmounts
    ) {
        guard let money else { return }
        let shape = money.shape
        let sums = aggregate.onlySum.map { money.values[$0].integers }
        let customers = money.values[MeasureList.customers].integers
        // Code of the customers' table -> code of the answer.
        var codes = [UInt32?](repeating: nil, count: currencies.count)
        for (row, isMixed) in shown.values(of: money.isMixed, slot: slot).enumerated() where isMixed {
            for entry in shape.entries(shown.place(row, slot: slot)) where customers[Int(entry)] > 0 {
                guard let micros = sums?[Int(entry)] ?? amount(aggregate, money, Int(entry)) else { continue }
                let currency = Int(shape.currencies[Int(entry)])
                let code = codes[currency] ?? amounts.code(of: currencies[currency])
                codes[currency] = code
                amounts.append(row: row, columnIndex: columnIndex, code: code, micros: micros)
            }
        }
    }

    /// The amounts of a place by code of the currency, in alphabetical order.
    func amounts(_ aggregate: AggregateOutput, _ place: Int) -> [(currency: Int, micros: Int64)] {
        guard let money else { return [] }
        return money.entries(place).compactMap { entry in
            amount(aggregate, money, Int(entry)).map { (Int(money.shape.currencies[Int(entry)]), $0) }
        }
    }

    /// The amount in one currency; nil where it is null.
    private func amount(_ aggregate: AggregateOutput, _ money: MoneySums, _ entry: Int) -> Int64? {
        // The entry has customers, so a sum over them is never null.
        if let measure = aggregate.onlySum { return money.values[measure].integers[entry] }
        guard case .money(let micros) = aggregate.cell(money.values, entry) else { return nil }
        return micros
    }

    private func amounts(
        _ aggregate: AggregateOutput, _ name: String, _ shown: GroupRows, _ slot: Int
    ) -> ResultColumn {
        var amounts = [Int64](repeating: 0, count: shown.numbers.count)
        var nulls = [Bool](repeating: true, count: shown.numbers.count)
        if let money {
            let sums = aggregate.onlySum.map { money.values[$0].integers }
            for (row, entry) in money.onlyEntries(shown, slot: slot).enumerated() where entry >= 0 {
                guard let micros = sums?[Int(entry)] ?? amount(aggregate, money, Int(entry)) else { continue }
                amounts[row] = micros
                nulls[row] = false
            }
        }
        return ResultColumn(name: name, values: .money(amounts), nulls: nulls.contains(true) ? nulls : [])
    }

    /// A sum of counts of calls and milliseconds, which fit.
    private func counts(_ sum: MeasureSum, _ shown: GroupRows, _ slot: Int) -> [Int64] {
        var counts: [Int64] = []
        for term in sum.terms {
            var values = shown.values(of: sums.values[term.measure].integers, slot: slot)
            if term.factor != 1 { for row in values.indices { values[row] &*= term.factor } }
            if counts.isEmpty {
                counts = values
            } else {
                for row in counts.indices { counts[row] &+= values[row] }
            }
        }
        return counts.isEmpty ? [Int64](repeating: 0, count: shown.numbers.count) : counts
    }

    /// The value of the row's group, or of the group above it, at a level; null for rows above that level.
    private func groupColumn(_ level: Int, _ name: String, _ shown: GroupRows) -> ResultColumn {
        let codes = shown.numbers.values(of: tree.rowCodes[level - 1].codes)
        let hasNone = shown.numbers.values(of: tree.rowCodes[level - 1].hasNone)
        let values = values[level - 1]
        if case .texts(let texts) = values {
            return ResultColumn(
                name: name, values: .texts(codes: codes, dictionary: texts),
                nulls: hasNone.contains(true) ? hasNone : [])
        }
        return ResultColumn(
            name: name, kind: values.kind, cells: zip(codes, hasNone).map { $1 ? .null : values.cell(Int($0)) })
    }
}
