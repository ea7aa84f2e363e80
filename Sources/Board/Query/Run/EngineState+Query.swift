// What a plan needs from the engine before its run: the test that selects rows, the operands that sort them, set-ups.

import Columnar

extension EngineState {
    /// Set-ups in the last full second as a column; all 0 where the query does not read them.
    func setupsColumn(isRead: Bool) -> Column<Int32> {
        var setups = Column<Int32>()
        setups.grow(to: customers.count)
        if isRead {
            for (row, count) in timeline.setupsInLastSecond() { setups[Int(row)] = Int32(clamping: count) }
        }
        return setups
    }

    /// Histograms of delays in some windows, by the places that `places` returns for a row.
    func delays(
        of windows: Set<Window>, places: (_ row: Int, (Int) -> Void) -> Void
    ) -> [Window: DelaySums] {
        var result: [Window: DelaySums] = [:]
        for window in windows { result[window] = DelaySums(timeline, window, places: places) }
        return result
    }

    /// Everything that a row must meet; nil: no condition.
    func test(_ plan: BoardPlan, cell: @escaping (BoardColumn, Int) -> Cell) -> RowTest? {
        var tests: [RowTest] = []
        if !plan.status.isEmpty, let codes = customers.codes(.status) {
            // Dialing customers are active customers.
            tests.append(
                .codes(
                    codes,
                    CustomerTable.shownStatusNames.map { name in
                        name == plan.status
                            || plan.status == CustomerStatus.active.rawValue && name == CustomerTable.dialing
                    }))
        }
        if let filter = plan.filter { tests.append(RowTest(filter, self, cell: cell)) }
        if !plan.search.isEmpty { tests.append(searchIndex.test(plan.search, customers)) }
        return tests.isEmpty ? nil : .and(tests)
    }

    /// What a sort by an expression compares, in order of precedence.
    func sortOperands(_ expression: Expression, cell: @escaping (BoardColumn, Int) -> Cell) -> [SortOperand] {
        if case .column(let column) = expression.node {
            if let operand = RowOperand(column) { return [.number(operand)] }
            if case .field(let field) = column {
                if field == .name { return [.names] }
                if let codes = customers.codes(field) { return [.codes(codes)] }
            }
        }
        let value = { (row: Int) in expression.value { cell($0, row) } }
        return [.isNull(value), .cells(value, expression.kind)]
    }
}
