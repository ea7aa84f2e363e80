// The answer of a run: groups and totals.

import Columnar

extension BoardRun {
    func fillGroups(_ answer: inout BoardAnswer, _ groups: GroupTable, _ delays: GroupDelays) {
        answer.groups = groups.tree.levels.count > 1 ? groups.children(level: 0, node: 0).count : 0
        let shown = groups.rows(sort: sortOutputs, range: plan.page(of: answer.groups)) { output, row in
            delays.quantile(output, groups.tree.place(row, slot: 0))
        }
        answer.depths = shown.numbers.values(of: groups.tree.depths)
        answer.groupColumns = plan.groupBy.count
        let currencies = engine.customers.currencies.values
        for column in shownColumns(groups) {
            let result = groups.column(column.output, name: column.name, shown, slot: column.slot) {
                output, row, slot in
                delays.quantile(output, groups.tree.place(row, slot: slot))
            }
            if case .money(let aggregate) = column.output {
                groups.appendMixedMoney(
                    aggregate, shown, slot: column.slot, columnIndex: answer.columns.count,
                    currencies: currencies, to: &answer.groupMoney)
            }
            answer.columns.append(result.pivoted(column.pivot))
        }
    }

    /// Fills the total: one row for all matching customers.
    func fillTotal(_ answer: inout BoardAnswer, _ groups: GroupTable, _ delays: GroupDelays) {
        let root = groups.tree.rows([GroupRow(level: 0, node: 0)])
        for column in shownColumns(groups) {
            var shown = groups.column(column.output, name: column.name, root, slot: column.slot) {
                output, _, slot in
                delays.quantile(output, slot)
            }
            if case .money(let aggregate) = column.output {
                let currencies = engine.customers.currencies.values
                let money = groups.amounts(aggregate, column.slot).map { currency, micros in
                    MoneyTotal(columnIndex: answer.total.count, currency: currencies[currency], micros: micros)
                }
                answer.totalMoney += money
                // A single currency has its amount in the cell as well.
                if money.count != 1 { shown.nulls = [true] }
            }
            answer.total.append(shown.pivoted(column.pivot))
        }
    }

    private struct ShownColumn {
        var name: String
        var output: GroupOutput
        var slot: Int
        var pivot: String?
    }

    /// The group columns, then all value columns for all customers, then all value columns for each value of the pivot.
    private func shownColumns(_ groups: GroupTable) -> [ShownColumn] {
        var shown = zip(plan.columns, outputs).map { ShownColumn(name: $0.name, output: $1, slot: 0, pivot: nil) }
        let values = shown.dropFirst(plan.groupBy.count)
        for (slot, code) in groups.pivots {
            let text = groups.values[plan.groupBy.count].cell(code).text
            for value in values {
                shown.append(ShownColumn(name: value.name, output: value.output, slot: slot, pivot: text))
            }
        }
        return shown
    }
}

extension ResultColumn {
    fileprivate func pivoted(_ pivot: String?) -> ResultColumn {
        var column = self
        column.pivot = pivot
        return column
    }
}

extension Cell {
    /// The value of a pivot's column as text.
    fileprivate var text: String {
        switch self {
        case .null: ""
        case .text(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value), .time(let value): String(value)
        case .money(let micros): Money.text(micros)
        case .number(let value): String(value)
        case .texts(let texts): texts.joined(separator: ";")
        }
    }
}

/// Histograms of delays by place of the tree of groups.
struct GroupDelays {
    private var sums: [Window: DelaySums] = [:]

    /// - Parameter cells: row -> cell, or below 0 where the row did not match; empty where there are no windows.
    init(_ timeline: Timeline, _ windows: Set<Window>, _ shape: GroupShape, cells: [Int32]) {
        if windows.isEmpty { return }
        let tree = shape.tree
        var parents = [[Int32]](repeating: [], count: tree.places)
        for step in shape.steps { for (from, to) in step { parents[Int(from)].append(to) } }
        for window in windows {
            sums[window] = DelaySums(timeline, window) { row, add in
                guard cells[row] >= 0 else { return }
                var next = [tree.placeOfCell[Int(cells[row])]]
                while let place = next.popLast() {
                    add(Int(place))
                    next += parents[Int(place)]
                }
            }
        }
    }

    func quantile(_ output: GroupOutput, _ place: Int) -> Double? {
        guard case .pddQuantile(let quantile, let window) = output else { return nil }
        return sums[window]?.quantile(quantile, place)
    }
}
