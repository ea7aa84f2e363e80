// Reads the cells of a planned query at one instant.

import Columnar

struct BoardReader {
    /// The state of one instant: reading changes nothing.
    private let engine: EngineState
    private let plan: BoardPlan
    private let setupsInLastSecond: [UInt32: Int64]

    init(engine: EngineState, plan: BoardPlan) {
        self.engine = engine
        self.plan = plan
        setupsInLastSecond =
            plan.reads { metric, _ in metric.name == "cps" } ? engine.timeline.setupsInLastSecond() : [:]
    }

    // MARK: Rows

    func matchingRows() -> [Int] {
        let rows = 0..<engine.customers.count
        guard plan.filter != nil || !plan.search.isEmpty || !plan.status.isEmpty else { return Array(rows) }
        let delays = quantileDelays(rows: nil) { plan.filter == nil ? false : plan.filterReads($0, $1) }
        var tally = MetricTally()
        return rows.filter { row in
            if !plan.status.isEmpty && !hasStatus(row) { return false }
            if !plan.search.isEmpty && !isFound(row) { return false }
            guard let filter = plan.filter else { return true }
            return filter.truth { cell($0, row, &tally, delays) } == true
        }
    }

    private func hasStatus(_ row: Int) -> Bool {
        let shown = engine.customers.shownStatus(row)
        return shown == plan.status || (plan.status == CustomerStatus.active.rawValue && shown == CustomerTable.dialing)
    }

    private func isFound(_ row: Int) -> Bool {
        if String(row + 1) == plan.search || engine.customers.names[row].lowercased().contains(plan.search) {
            return true
        }
        return engine.customers.searchTexts(row).contains { $0.lowercased().contains(plan.search) }
    }

    /// The rows to show: sorted by the keys, null last, ties by id, then offset and limit.
    func page(of matched: [Int]) -> [Int] {
        let last = plan.offset.addingReportingOverflow(plan.limit)
        let range = min(plan.offset, matched.count)..<min(last.overflow ? .max : last.partialValue, matched.count)
        guard !plan.sort.isEmpty, !range.isEmpty else { return Array(matched[range]) }
        var tally = MetricTally()
        let delays = quantileDelays(rows: nil) { metric, window in
            plan.sort.contains { $0.column.isMetric(metric.name, window) }
        }
        let keys = plan.sort.map { key in matched.map { cell(key.column, $0, &tally, delays) } }
        let order = matched.indices.sorted { left, right in
            for (position, key) in plan.sort.enumerated() {
                switch keys[position][left].order(keys[position][right], descending: key.descending) {
                case .some(let isBefore): return isBefore
                case .none: continue
                }
            }
            return left < right
        }
        return order[range].map { matched[$0] }
    }

    // MARK: Cells

    func columns(rows: [Int]) -> [ResultColumn] {
        let wanted = Set(rows.map(UInt32.init))
        let delays = quantileDelays(rows: wanted) { metric, window in
            plan.columns.contains { $0.column.isMetric(metric.name, window) }
        }
        var tally = MetricTally()
        return plan.columns.map { name, column in
            ResultColumn(name: name, kind: column.kind, cells: rows.map { cell(column, $0, &tally, delays) })
        }
    }

    private func cell(
        _ column: BoardColumn, _ row: Int, _ tally: inout MetricTally, _ delays: [Window: [UInt32: [Int64]]]
    ) -> Cell {
        switch column {
        case .field(let field): return engine.customers.cell(field, row)
        case .metric(let metric, let window):
            if case .pddQuantile(let quantile) = metric.formula {
                return PDDHistogram.quantile(quantile, counts: delays[window]?[UInt32(row)] ?? []).map(Cell.number)
                    ?? .null
            }
            engine.load(row, window, into: &tally)
            tally.cps = setupsInLastSecond[UInt32(row)] ?? 0
            return metric.cell(tally)
        }
    }

    private func quantileDelays(
        rows: Set<UInt32>?, isRead: (Metric, Window) -> Bool
    ) -> [Window: [UInt32: [Int64]]] {
        var result: [Window: [UInt32: [Int64]]] = [:]
        let quantiles = Metric.all.filter { if case .pddQuantile = $0.formula { true } else { false } }
        for window in Window.allCases where quantiles.contains(where: { isRead($0, window) }) {
            result[window] = engine.delayCounts(window, rows: rows).byRow
        }
        return result
    }

    // MARK: Totals

    /// One row of totals over the rows, and the money by currency. Fields that have no total are null.
    func totals(rows: [Int]) -> ([ResultColumn], [MoneyTotal]) {
        var tallies: [Window: MetricTally] = [:]
        for window in Window.allCases where plan.columns.contains(where: { $0.column.isMetric(nil, window) }) {
            tallies[window] = total(rows, window)
        }
        var money: [MoneyTotal] = []
        let columns = plan.columns.enumerated().map { index, named -> ResultColumn in
            let (name, column) = named
            var cell = Cell.null
            switch column {
            case .field(let field):
                if column.kind == .money { money += moneyTotals(index, rows) { engine.customers.cell(field, $0) } }
                if field == .channels || field == .flowSpeed { cell = sum(field, rows) }
            case .metric(let metric, let window):
                if case .pddQuantile(let quantile) = metric.formula {
                    cell = totalQuantile(quantile, window, rows)
                } else if column.kind == .money {
                    var tally = MetricTally()
                    money += moneyTotals(index, rows) { row in
                        engine.load(row, window, into: &tally)
                        return metric.cell(tally)
                    }
                } else if let tally = tallies[window] {
                    cell = metric.cell(tally)
                }
            }
            return ResultColumn(name: name, kind: column.kind, cells: [cell])
        }
        return (columns, money)
    }

    private func total(_ rows: [Int], _ window: Window) -> MetricTally {
        var total = MetricTally()
        var tally = MetricTally()
        for row in rows {
            engine.load(row, window, into: &tally)
            tally.cps = setupsInLastSecond[UInt32(row)] ?? 0
            total.add(tally)
        }
        return total
    }

    private func sum(_ field: CustomerField, _ rows: [Int]) -> Cell {
        var sum: Int64 = 0
        for row in rows {
            if case .integer(let value) = engine.customers.cell(field, row) { sum += value }
        }
        return .integer(sum)
    }

    private func totalQuantile(_ quantile: Double, _ window: Window, _ rows: [Int]) -> Cell {
        let counts = engine.delayCounts(
            window, rows: rows.count == engine.customers.count ? [] : Set(rows.map(UInt32.init)))
        var sum = counts.sum
        if rows.count != engine.customers.count {
            sum = [Int64](repeating: 0, count: PDDHistogram.bucketCount)
            for histogram in counts.byRow.values {
                for (bucket, count) in histogram.enumerated() { sum[bucket] += count }
            }
        }
        return PDDHistogram.quantile(quantile, counts: sum).map(Cell.number) ?? .null
    }

    /// One amount a currency, currencies in alphabetical order. An amount beyond the range of money stays at its end.
    private func moneyTotals(_ columnIndex: Int, _ rows: [Int], _ cell: (Int) -> Cell) -> [MoneyTotal] {
        var sums: [String: Int64] = [:]
        for row in rows {
            guard case .money(let micros) = cell(row) else { continue }
            let (sum, overflow) = sums[engine.customers.currencies[row], default: 0].addingReportingOverflow(micros)
            sums[engine.customers.currencies[row]] = overflow ? (micros > 0 ? .max : .min) : sum
        }
        return sums.sorted { $0.key < $1.key }.map {
            MoneyTotal(columnIndex: columnIndex, currency: $0.key, micros: $0.value)
        }
    }
}

extension BoardPlan {
    fileprivate func filterReads(_ metric: Metric, _ window: Window) -> Bool {
        filter?.contains { $0.isMetric(metric.name, window) } ?? false
    }
}
