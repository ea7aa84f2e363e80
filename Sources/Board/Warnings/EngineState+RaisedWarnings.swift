// The list of raised warnings: which, in what order, and how many of each kind.

import Columnar

/// Raised warnings as listed.
public struct RaisedWarnings: Sendable {
    /// The first of the warnings, up to the limit.
    public var warnings: [RaisedWarning] = []
    public var total = 0
    /// The worst level first, then the highest count.
    public var counts: [(kind: WarningKind, count: Int)] = []
}

extension EngineState {
    mutating func raised(
        customerID: UInt32, kind: WarningKind?, ids: Set<UInt32>?, sinceMicros: Int64, withMuted: Bool, limit: Int,
        now: Int64
    ) -> RaisedWarnings {
        warnings.grow(to: customers.count)
        timeline.countLastSecond()
        var found: [FoundWarning] = []
        var counts: [WarningKind: Int] = [:]
        let day = timeline.sliding[Window.oneDay.rawValue]
        // A copy of the column: reading it in the table for each row would copy the table.
        let measured = warnings.bits
        let isConfigurationAsked = customerID != 0 || kind?.isConfiguration == true
        for row in customerID == 0 ? 0..<customers.count : Int(customerID) - 1..<Int(customerID) {
            if customers.deletedCount > 0 && customers.deleted[row] { continue }
            if let ids, !ids.contains(UInt32(row) + 1) { continue }
            let all = measured[row] | (isConfigurationAsked ? configurationWarnings(row) : 0)
            if all == 0 { continue }
            let bits = WarningKind.listed(withMuted ? all : warnings.shown(row, all), asked: kind)
            if bits == 0 { continue }
            for own in WarningKind.allCases where bits & own.bit != 0 && (kind == nil || own == kind) {
                let raisedAt = warnings.raisedAt(own, row)
                if raisedAt < sinceMicros { continue }
                counts[own, default: 0] += 1
                found.append(FoundWarning(kind: own, row: row, bids: day.count(.bids, row), raisedAtMicros: raisedAt))
            }
        }
        found.sort { $0.order < $1.order }
        var result = RaisedWarnings()
        result.total = found.count
        result.counts = counts.map { (kind: $0.key, count: $0.value) }.sorted {
            ($0.kind.severity, -$0.count, $0.kind.rawValue) < ($1.kind.severity, -$1.count, $1.kind.rawValue)
        }
        let instant = configuration.clock == .events ? nowMicros : now
        result.warnings = found.prefix(limit).map { show($0, instant) }
        return result
    }

    /// - Parameter rows: of existing customers, ascending.
    mutating func warnings(
        _ kind: WarningKind?, of rows: [UInt32], marked: Bool
    ) -> [(customerID: UInt32, warning: WarningKind)] {
        warnings.grow(to: customers.count)
        var found: [(customerID: UInt32, warning: WarningKind)] = []
        if marked {
            // The marks are fewer.
            let rows = RowSet(rows)
            for key in warnings.marks.keys where (kind == nil || key.kind == kind) && rows.contains(key.row) {
                found.append((key.row + 1, key.kind))
            }
            return found.sorted { ($0.customerID, $0.warning.rawValue) < ($1.customerID, $1.warning.rawValue) }
        }
        let measured = warnings.bits
        for row in rows where found.count <= BoardLimits.warningMarks {
            let all = measured[Int(row)] | (kind?.isConfiguration == true ? configurationWarnings(Int(row)) : 0)
            let bits = WarningKind.listed(all, asked: kind)
            if bits == 0 { continue }
            for own in WarningKind.allCases where bits & own.bit != 0 && (kind == nil || own == kind) {
                found.append((row + 1, own))
            }
        }
        return found
    }

    private func show(_ found: FoundWarning, _ instant: Int64) -> RaisedWarning {
        let (kind, row) = (found.kind, UInt32(found.row))
        let measured = measured(kind, WarningSample(self, found.row, instant), row)
        return RaisedWarning(
            customerID: row + 1, warning: kind, raisedAtMicros: found.raisedAtMicros,
            value: measured.value, reason: measured.reason,
            threshold: warnings.threshold(kind, row), mark: warnings.marks[WarningTable.Key(row: row, kind: kind)])
    }
}

private struct FoundWarning {
    var kind: WarningKind
    var row: Int
    var bids: Int64
    var raisedAtMicros: Int64

    var order: (Int, Int64, Int64, Int, UInt8) { (kind.severity, -bids, raisedAtMicros, row, kind.rawValue) }
}

extension WarningKind {
    /// 0: the worst.
    fileprivate var severity: Int {
        switch level {
        case .critical: 0
        case .warn: 1
        case .info: 2
        }
    }

    /// Bits to list: a customer without credit also has low credit, which is reported once.
    fileprivate static func listed(_ bits: UInt32, asked kind: WarningKind?) -> UInt32 {
        bits & creditExhausted.bit == 0 || kind == .creditLow ? bits : bits & ~creditLow.bit
    }
}
