// The engine's door to warnings: raised ones, people's marks on them, and the checks that raise them.

import Columnar

extension Engine {
    /// Checks some customers; to be called several times a second.
    public func watch(now: Int64) { state.watch(now: now) }

    /// Checks all customers, when a server starts.
    public func watchAll(now: Int64) { state.watchAll(now: now) }

    public func mark(_ mark: WarningMark) { self.mark([mark]) }

    /// Costs some tenths of a microsecond per mark.
    public func mark(_ marks: [WarningMark]) {
        for mark in marks { state.warnings.put(mark) }
        state.customers.noteOtherChange()
    }

    /// Which warnings of the customers that meet a condition can get a mark, or lose one: by customer, including muted
    /// ones. Checks each of these customers, and computes nothing that only a list shows. Stops at more than
    /// `BoardLimits.warningMarks`, for no more can be marked.
    /// - Parameters:
    ///   - kind: nil: all kinds.
    ///   - marked: only those with a mark, raised or not.
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

    /// Raised warnings: by level, then the customers with the most bids in 24 hours, then the earliest.
    /// - Parameters:
    ///   - customerID: 0: all customers. For one, warnings that follow from stored fields are included.
    ///   - kind: nil: all kinds.
    ///   - ids: only these customers; nil: all.
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
    /// The names of a row's warnings that are raised and not muted.
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
