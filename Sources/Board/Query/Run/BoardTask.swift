// A board query that any thread may answer while the engine goes on: the columns of one instant are captured, and the
// sums cached by earlier queries go with it and come back.
//
// Columns are values: what the engine writes meanwhile goes to copies. To avoid these copies it does not fold while a
// task is under way (`EngineState.readers`); facts added in these milliseconds wait in their lanes.

import Columnar

/// `@unchecked`, because the state behind it has objects that the engine continues to change (lanes of facts, calls).
/// `answer` reads only columns and tables, which are values, unless the query needs percentiles of delays, and then
/// `isMovable` is false.
public struct BoardTask: @unchecked Sendable {
    /// Whether another thread may run it.
    public let isMovable: Bool
    /// The board's position when the task was made.
    public var position: BoardPosition { BoardPosition(run.deltas, run.plan) }

    private var run: BoardRun
    fileprivate var cache: QueryCache
    private let asOfMicros: Int64
    private let bounds: (start: Int64, end: Int64)
    private let coverageFromMicros: Int64

    fileprivate var readsClock: Bool { run.plan.readsClock }

    fileprivate init(_ run: BoardRun, cache: QueryCache, asOfMicros: Int64, state: EngineState) {
        self.run = run
        self.cache = cache
        self.asOfMicros = asOfMicros
        bounds = state.bounds(of: run.plan.window, asOf: asOfMicros)
        coverageFromMicros = state.coverage.from(window: run.plan.window, startMicros: bounds.start)
        isMovable = run.plan.quantileWindows.isEmpty && run.plan.rowQuantileWindows.isEmpty
    }

    /// Whether all that has changed since an earlier task of the same query is known row by row: cached sums then
    /// follow it.
    public func isNear(_ earlier: BoardPosition) -> Bool {
        !readsClock && position.isKnown(since: earlier, run.deltas)
    }

    /// Whether nothing that the logs record has changed since.
    public func isUnchanged(since earlier: BoardPosition) -> Bool { !readsClock && position.isSame(as: earlier) }

    /// The answer. To be called once.
    /// - Throws: there are too many groups.
    public mutating func answer() throws(QueryError) -> BoardAnswer {
        var answer = try run.run(&cache)
        answer.asOfMicros = asOfMicros
        (answer.windowStartMicros, answer.windowEndMicros) = bounds
        answer.coverageFromMicros = coverageFromMicros
        return answer
    }
}

/// The versions, by chunk, of the changes that a query reads.
public struct BoardPosition: Sendable {
    fileprivate let versions: [LogVersions]
    /// The logs of what the query reads.
    fileprivate let logs: [Int]

    fileprivate init(_ deltas: [DeltaLog], _ plan: BoardPlan) {
        versions = (0..<(deltas.first?.chunkCount ?? 0)).map { deltas.versions(chunk: $0) }
        let windows = Window.allCases.filter { window in plan.reads { $1 == window } }
        logs = Set([.customers, .active] + windows.map(Dependency.window)).logs ?? []
    }

    fileprivate func isSame(as earlier: BoardPosition) -> Bool {
        earlier.versions.count == versions.count
            && versions.indices.allSatisfy { chunk in
                logs.allSatisfy { versions[chunk][$0] == earlier.versions[chunk][$0] }
            }
    }

    fileprivate func isKnown(since earlier: BoardPosition, _ deltas: [DeltaLog]) -> Bool {
        earlier.versions.count == versions.count
            && versions.indices.allSatisfy { deltas.know(logs, chunk: $0, since: earlier.versions[$0]) }
    }
}

extension EngineState {
    /// Reads and checks a query and captures what it reads. Each task is to be given back by `finish`.
    mutating func boardTask(_ query: BoardQuery, now: Int64) throws(QueryError) -> BoardTask {
        advance(now: now)
        let plan = try plans.plan(query, nowMicros: asOfMicros == 0 ? now : asOfMicros)
        // What columns do not hold is prepared if the query reads it.
        for window in Window.allCases where plan.reads({ $0.name == "cps_peak" && $1 == window }) {
            timeline.refreshPeaks(window)
        }
        if plan.searches { searchIndex.update(customers) }
        retainDeltas(plan)
        let large = largeSources(plan)
        // Rows that now() selects are others the next time: nothing of such a query is cached, and nothing cached is
        // used.
        let cached = plan.readsClock ? QueryCache() : queryCache
        let run = try BoardRun(self, plan, cached, isLarge: { large.contains($0) })
        let task = BoardTask(run, cache: cached, asOfMicros: asOfMicros == 0 ? now : asOfMicros, state: self)
        // Cached sums are changed in place: there is one owner at a time.
        if !plan.readsClock { queryCache = QueryCache() }
        readers += 1
        return task
    }

    /// Takes back what a task has cached for the next.
    mutating func finish(_ task: consuming BoardTask) {
        precondition(readers > 0, "a task was given back twice")
        readers -= 1
        if !task.readsClock { queryCache = task.cache }
    }
}
