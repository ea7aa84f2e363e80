// The engine's door to warnings: what is raised, what people say of it, and what raises it.

import Columnar

extension Engine {
    /// Looks at customers; to be called some times a second.
    public func watch(now: Int64) { state.watch(now: now) }

    /// Looks at all of them, when a server starts.
    public func watchAll(now: Int64) { state.watchAll(now: now) }

    public func mark(_ mark: WarningMark) {
        state.warnings.put(mark)
        state.customers.noteOtherChange()
    }

    public var warningMarkCount: Int { state.warnings.marks.count }

    /// Warnings that are raised, the worst first, then by customer; and how many there are.
    /// - Parameters:
    ///   - customerID: 0: of all customers. Of one, what follows from stored fields is among them.
    ///   - kind: nil: of all kinds.
    public func raisedWarnings(
        customerID: UInt32, kind: WarningKind?, withMuted: Bool, limit: Int, now: Int64
    ) -> (warnings: [RaisedWarning], total: Int) {
        state.raised(customerID: customerID, kind: kind, withMuted: withMuted, limit: limit, now: now)
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

    mutating func raised(
        customerID: UInt32, kind: WarningKind?, withMuted: Bool, limit: Int, now: Int64
    ) -> (warnings: [RaisedWarning], total: Int) {
        warnings.grow(to: customers.count)
        timeline.countLastSecond()
        let instant = configuration.clock == .events ? nowMicros : now
        var found: [(kind: WarningKind, row: Int)] = []
        for row in customerID == 0 ? 0..<customers.count : Int(customerID) - 1..<Int(customerID) {
            if customers.deletedCount > 0 && customers.deleted[row] { continue }
            let all = warnings.bits[row] | (customerID == 0 && kind == nil ? 0 : configurationWarnings(row))
            let bits = withMuted ? all : warnings.shown(row, all)
            if bits == 0 { continue }
            for own in WarningKind.allCases where bits & own.bit != 0 && (kind == nil || own == kind) {
                found.append((own, row))
            }
        }
        let total = found.count
        let order: [WarningKind.Level] = [.critical, .warn, .info]
        found.sort { left, right in
            let levels = (order.firstIndex(of: left.kind.level) ?? 0, order.firstIndex(of: right.kind.level) ?? 0)
            return (levels.0, left.row, left.kind.rawValue) < (levels.1, right.row, right.kind.rawValue)
        }
        let shown = found.prefix(limit).map { kind, row in
            let key = WarningTable.Key(row: UInt32(row), kind: kind)
            return RaisedWarning(
                customerID: UInt32(row) + 1, warning: kind, raisedAtMicros: warnings.raisedAt(kind, row),
                value: WarningSample(self, row, instant).value(of: kind, delays: warnings.delays),
                threshold: warnings.threshold(kind, UInt32(row)), mark: warnings.marks[key])
        }
        return (shown, total)
    }
}
