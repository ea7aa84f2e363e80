// What a plan needs of the engine before its run: the test that selects rows, the operands that sort them, set-ups.

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

    /// Histograms of delays in some windows, by the places that `places` gives for a row.
    func delays(
        of windows: Set<Window>, places: (_ row: Int, (Int) -> Void) -> Void
    ) -> [Window: DelaySums] {
        var result: [Window: DelaySums] = [:]
        for window in windows { result[window] = DelaySums(timeline, window, places: places) }
        return result
    }

    /// Everything that a row must meet; nil: nothing.
    func test(_ plan: BoardPlan, cell: @escaping (BoardColumn, Int) -> Cell) -> RowTest? {
        var tests: [RowTest] = []
        if !plan.status.isEmpty, let codes = customers.codes(.status) {
            // Dialing customers are active ones.
            tests.append(
                .codes(
                    codes,
                    CustomerTable.shownStatusNames.map { name in
                        name == plan.status
                            || plan.status == CustomerStatus.active.rawValue && name == CustomerTable.dialing
                    }))
        }
        if let filter = plan.filter { tests.append(RowTest(filter, customers, cell: cell)) }
        if !plan.search.isEmpty { tests.append(.rows(customers.search(plan.search))) }
        return tests.isEmpty ? nil : .and(tests)
    }

    func sortOperand(_ column: BoardColumn, _ cells: RowCells) -> SortOperand {
        if let operand = RowOperand(column) { return .number(operand) }
        switch column {
        case .field(.name): return .names
        case .field(let field):
            if let codes = customers.codes(field) { return .codes(codes) }
            return .rowByRow { row in
                // Lists are few and have no order of their own: by how many they are.
                if case .texts(let texts) = cells.cell(column, row) { Double(texts.count) } else { nil }
            }
        case .metric:
            return .rowByRow { row in if case .number(let value) = cells.cell(column, row) { value } else { nil } }
        }
    }
}

extension MeasureList {
    /// What a column shows of several customers.
    mutating func output(_ column: PlannedColumn) -> GroupOutput {
        switch column {
        case .group(let level): .group(level)
        case .customers: .integers(MeasureSum(terms: [.init(measure: MeasureList.customers, factor: 1)]))
        case .board(.field(let field)):
            if field.isSummed, case .integers(let sum)? = RowOperand(.field(field)) {
                BoardColumn.field(field).kind == .money ? .money(moneySum(sum)) : .integers(plainSum(sum))
            } else {
                .none(BoardColumn.field(field).kind)
            }
        case .board(.metric(let metric, let window)):
            switch metric.formula {
            case .count(let sum): .integers(plainSum(NumberSum(sum, window)))
            case .ratio(let numerator, let denominator, let scale):
                .ratio(
                    numerator: plainSum(NumberSum(numerator, window)),
                    denominator: plainSum(NumberSum(denominator, window)), scale: scale)
            case .amount(let sum, let divisor): .amount(plainSum(NumberSum(sum, window)), divisor: divisor)
            case .money(let sum): .money(moneySum(NumberSum(sum, window)))
            case .pddQuantile(let quantile): .pddQuantile(quantile, window)
            }
        }
    }

    mutating func sortKey(_ column: PlannedColumn, descending: Bool) -> GroupSortKey {
        if case .group(let level) = column { return .group(level: level, descending: descending) }
        return .output(output(column), descending: descending)
    }
}
