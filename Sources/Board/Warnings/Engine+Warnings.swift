// The engine's door to warnings: what is raised, what people say of it, and what raises it.

import Columnar

extension Engine {
    /// Looks at customers; to be called some times a second.
    public func watch(now: Int64) { state.watch(now: now) }

    /// Looks at all of them, when a server starts.
    public func watchAll(now: Int64) { state.watchAll(now: now) }

    public func mark(_ mark: WarningMark) { self.mark([mark]) }

    /// Some tenths of a microsecond each.
    public func mark(_ marks: [WarningMark]) {
        for mark in marks { state.warnings.put(mark) }
        state.customers.noteOtherChange()
    }

    /// Which warnings of the customers that meet a condition can get a mark, or lose one: by customer, muted ones included.
    /// A look at each of these customers, and nothing is worked out that only a list shows. With more than
    /// `BoardLimits.warningMarks` it ends, for no more can be marked.
    /// - Parameters:
    ///   - kind: nil: of all kinds.
    ///   - marked: only those that have a mark, raised or not.
    public func warnings(
        kind: WarningKind?, of query: BoardQuery, marked: Bool, now: Int64
    ) throws(QueryError) -> [(customerID: UInt32, warning: WarningKind)] {
        state.advance(now: now)
        return state.warnings(kind, of: try state.rows(query), marked: marked)
    }

    /// How many of these have no mark yet.
    public func unmarked(_ marks: [WarningMark]) -> Int {
        marks.count { state.warnings.marks[WarningTable.Key(row: $0.customerID - 1, kind: $0.warning)] == nil }
    }

    public var warningMarkCount: Int { state.warnings.marks.count }

    /// Warnings that are raised: by level, then the customers with the most bids in 24 hours, then what was raised first.
    /// - Parameters:
    ///   - customerID: 0: of all customers. Of one, what follows from stored fields is among them.
    ///   - kind: nil: of all kinds.
    ///   - ids: only of these customers; nil: of all.
    ///   - sinceMicros: raised at this time or later.
    public func raisedWarnings(
        customerID: UInt32, kind: WarningKind?, ids: Set<UInt32>? = nil, sinceMicros: Int64 = 0, withMuted: Bool,
        limit: Int, now: Int64
    ) -> RaisedWarnings {
        state.raised(
            customerID: customerID, kind: kind, ids: ids, sinceMicros: sinceMicros, withMuted: withMuted, limit: limit,
            now: now)
    }

    /// The customers that meet a query's condition.
    public func ids(_ query: BoardQuery, now: Int64) throws(QueryError) -> Set<UInt32> {
        state.advance(now: now)
        return Set(try state.rows(query).map { $0 + 1 })
    }
}

extension EngineState {
    /// The names of what is raised of a row and not muted.
    func warningNames(_ row: Int) -> [String] {
        let bits = shownWarnings(row)
        return bits == 0 ? [] : WarningKind.allCases.filter { bits & $0.bit != 0 }.map(\.name)
    }

    func shownWarnings(_ row: Int) -> UInt32 {
        warnings.shown(row, configurationWarnings(row) | (row < warnings.bits.count ? warnings.bits[row] : 0))
    }

    /// The rows with a warning.
    func rows(warnedOf kind: WarningKind) -> Bitmap {
        var found = Bitmap(count: customers.count)
        if kind.isConfiguration {
            for row in 0..<customers.count where shownWarnings(row) & kind.bit != 0 { found[row] = true }
            return found
        }
        for chunk in 0..<warnings.bits.chunkCount where !warnings.bits.isZero(chunk: chunk) {
            for row in warnings.bits.rows(inChunk: chunk)
            where row < customers.count && warnings.shown(row, warnings.bits[row]) & kind.bit != 0 {
                found[row] = true
            }
        }
        return found
    }
}
