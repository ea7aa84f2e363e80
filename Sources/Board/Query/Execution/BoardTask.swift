// A board query that any thread may answer while the engine goes on: the columns of one instant are captured, and the sums
// kept by earlier queries go with it and come back.
//
// Columns are values: what the engine writes meanwhile goes to copies. So that it need not copy, it does not fold while a
// task is under way (`EngineState.readers`); what calls add in these milliseconds waits in their lanes.

import Columnar

/// `@unchecked`, for the state behind it has objects that the engine goes on changing (lanes of facts, calls): `answer` reads
/// only columns and tables, which are values, unless percentiles of delays are asked for, and `isMovable` then says no.
public struct BoardTask: @unchecked Sendable {
    /// The same number as at an earlier task: nothing that a board can show has changed since.
    public let version: UInt64
    /// Whether another thread may run it.
    public let isMovable: Bool

    private var run: BoardRun
    fileprivate var kept: TabulationCache
    private let asOfMicros: Int64
    private let bounds: (start: Int64, end: Int64)
    private let coverageFromMicros: Int64

    fileprivate init(_ run: BoardRun, kept: TabulationCache, version: UInt64, asOfMicros: Int64, state: EngineState) {
        self.run = run
        self.kept = kept
        self.version = version
        self.asOfMicros = asOfMicros
        bounds = state.bounds(of: run.plan.window, asOf: asOfMicros)
        coverageFromMicros = state.coverage.from(window: run.plan.window, startMicros: bounds.start)
        isMovable = run.plan.quantileWindows.isEmpty && run.plan.rowQuantileWindows.isEmpty
    }

    /// The answer; once.
    /// - Throws: there are too many groups.
    public mutating func answer() throws(QueryError) -> BoardAnswer {
        var answer = try run.run(&kept)
        answer.asOfMicros = asOfMicros
        (answer.windowStartMicros, answer.windowEndMicros) = bounds
        answer.coverageFromMicros = coverageFromMicros
        return answer
    }
}

extension EngineState {
    /// Reads and checks a query and captures what it reads. Each task is to be given back by `finish`.
    mutating func boardTask(
        _ query: BoardQuery, now: Int64, hashesAreEqual: Bool = false
    ) throws(QueryError) -> BoardTask {
        advance(now: now)
        let plan = try plans.plan(query)
        // What columns do not hold is made ready if the query reads it.
        for window in Window.allCases where plan.reads({ $0.name == "cps_peak" && $1 == window }) {
            timeline.refreshPeaks(window)
        }
        if plan.searches { searchIndex.update(customers) }
        wantDeltas(plan)
        let large = largeSources(plan)
        let run = try BoardRun(
            self, plan, tabulations, isLarge: { large.contains($0) }, hashesAreEqual: hashesAreEqual)
        let task = BoardTask(
            run, kept: tabulations, version: boardVersion, asOfMicros: asOfMicros == 0 ? now : asOfMicros, state: self)
        // Kept sums are changed in place: there is one owner at a time.
        tabulations = TabulationCache()
        readers += 1
        return task
    }

    /// Takes back what a task has kept for the next.
    mutating func finish(_ task: consuming BoardTask) {
        precondition(readers > 0, "a task was given back twice")
        readers -= 1
        tabulations = task.kept
    }

    /// A number for the state of all columns that a board reads.
    private var boardVersion: UInt64 {
        let windows = Window.allCases.flatMap { [Dependency.window($0), .peaks($0)] }
        return stamp(Set([.customers, .lastCall, .active, .warnings] + windows), chunks: 0..<customers.chunkCount) ?? 0
    }
}
