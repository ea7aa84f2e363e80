// The cells of the rows that an answer shows, a column at a time.

import Columnar

struct RowCells {
    private let engine: EngineState
    private let setups: Column<Int32>
    /// Histograms of delays, by row.
    private let delays: [Window: DelaySums]

    init(_ engine: EngineState, setups: Column<Int32>, delays: [Window: DelaySums]) {
        self.engine = engine
        self.setups = setups
        self.delays = delays
    }

    /// One cell; for many rows of a column use `column`.
    func cell(_ column: BoardColumn, _ row: Int) -> Cell {
        switch column {
        case .field(.warnings): return .texts(engine.warningNames(row))
        case .field(let field): return engine.customers.cell(field, row)
        case .metric(let metric, let window):
            if case .pddQuantile(let quantile) = metric.formula {
                return delays[window]?.quantile(quantile, row).map(Cell.number) ?? Cell.null
            }
            return metric.cell { value($0, window, row) }
        case .call: return .null
        }
    }

    /// A column of the answer.
    func column(_ expression: Expression, name: String, rows: [Int]) -> ResultColumn {
        guard case .column(let column) = expression.node else {
            return ResultColumn(
                name: name, kind: expression.kind,
                cells: rows.map { row in expression.value { cell($0, row) } })
        }
        if case .field(let field) = column, let codes = engine.customers.dictionary(field) {
            return ResultColumn(
                name: name, codes: rows.map { codes.codes[$0] }, dictionary: codes.values,
                nullCode: field == .currency ? nil : 0)
        }
        return ResultColumn(name: name, kind: column.kind, cells: rows.map { cell(column, $0) })
    }

    private func value(_ input: MetricInput, _ window: Window, _ row: Int) -> Int64 {
        switch (input, window) {
        case (.active, _): Int64(engine.customers.active[row])
        case (.inboundActive, _): Int64(engine.customers.inboundActive[row])
        case (.cps, _): Int64(setups[row])
        case (.cpsPeak, .all): Int64(engine.timeline.all.peak[row])
        case (.cpsPeak, _): Int64(engine.timeline.sliding[window.rawValue].peak[row])
        case (.counter(let field), .all): engine.timeline.all.count(field, row)
        case (.counter(let field), _): engine.timeline.sliding[window.rawValue].count(field, row)
        case (.sum(let field), .all): engine.timeline.all.sum(field, row)
        case (.sum(let field), _): engine.timeline.sliding[window.rawValue].sum(field, row)
        }
    }
}
