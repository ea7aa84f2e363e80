// Which warnings are raised, since when, and what people have said of them.
//
// A bit a warning and customer, in a column beside the customers; times and marks are sparse. What follows from stored fields
// alone has no bit: it is looked up where it is shown.

import Columnar

/// What somebody has said of a customer's warning.
public struct WarningMark: Equatable, Sendable {
    /// The raw values are numbers in files.
    public enum Kind: UInt8, Sendable {
        /// Seen: it stays until the warning is cleared.
        case acknowledged = 1
        /// Not shown until a time.
        case muted = 2
        /// What was said before is taken back.
        case removed = 3
    }

    public var customerID: UInt32
    public var warning: WarningKind
    public var kind: Kind
    public var who: String
    public var atMicros: Int64
    /// Of a muted one.
    public var untilMicros: Int64

    public init(
        customerID: UInt32, warning: WarningKind, kind: Kind, who: String, atMicros: Int64, untilMicros: Int64 = 0
    ) {
        (self.customerID, self.warning, self.kind) = (customerID, warning, kind)
        (self.who, self.atMicros, self.untilMicros) = (who, atMicros, untilMicros)
    }
}

/// A warning of a customer, as it is shown.
public struct RaisedWarning: Equatable, Sendable {
    public var customerID: UInt32
    public var warning: WarningKind
    /// Microseconds since 1970; 0: it follows from what is stored.
    public var raisedAtMicros: Int64
    /// What was measured; nil: nothing was.
    public var value: Double?
    public var threshold: WarningThreshold
    public var mark: WarningMark?
}

struct WarningTable: Sendable {
    struct Key: Hashable, Sendable {
        var row: UInt32
        var kind: WarningKind
    }

    /// Raised ones, by row.
    private(set) var bits = Column<UInt32>()
    /// Another number after every change of what is shown.
    private(set) var version: UInt64 = 0
    private(set) var raisedAt: [Key: Int64] = [:]
    private(set) var marks: [Key: WarningMark] = [:]
    /// Bits that are not shown, by row.
    private(set) var muted: [UInt32: UInt32] = [:]
    /// Where they are not the standard.
    var thresholds: [WarningKind: WarningThreshold] = [:]
    var overrides: [Key: WarningThreshold] = [:]
    /// The next row to look at, and the second in which all were looked at.
    var nextRow = 0
    var roundSecond: Int64 = 0
    /// 95th percentiles of delays, milliseconds, as of the last look at them; of customers whose mean is high.
    var delays: [UInt32: Double] = [:]
    /// The look at them that is under way, and the second before which there is no other.
    var delayWatch: DelayWatch?
    var nextDelaySecond: Int64 = 0

    mutating func grow(to rows: Int) { bits.grow(to: rows) }

    /// What is shown has changed otherwise.
    mutating func noteChange() { version += 1 }

    /// Acknowledgements hold as long as their warning is raised.
    mutating func forgetCleared() {
        if marks.isEmpty { return }
        marks = marks.filter { key, mark in
            mark.kind != .acknowledged || key.kind.isConfiguration || Int(key.row) >= bits.count
                || bits[Int(key.row)] & key.kind.bit != 0
        }
    }

    func threshold(_ kind: WarningKind, _ row: UInt32) -> WarningThreshold {
        if !overrides.isEmpty, let own = overrides[Key(row: row, kind: kind)] { return own }
        return thresholds[kind] ?? kind.standard
    }

    /// What is shown of a row's bits.
    func shown(_ row: Int, _ bits: UInt32) -> UInt32 { muted.isEmpty ? bits : bits & ~(muted[UInt32(row)] ?? 0) }

    mutating func set(_ row: UInt32, to new: UInt32, atMicros: Int64) {
        let old = bits[Int(row)]
        guard old != new else { return }
        bits[Int(row)] = new
        version += 1
        var changed = old ^ new
        while changed != 0 {
            let bit = UInt8(changed.trailingZeroBitCount)
            changed &= changed - 1
            guard let kind = WarningKind(rawValue: bit) else { continue }
            let key = Key(row: row, kind: kind)
            if new & kind.bit != 0 {
                raisedAt[key] = atMicros
            } else {
                raisedAt[key] = nil
                if marks[key]?.kind == .acknowledged { marks[key] = nil }
            }
        }
    }

    mutating func put(_ mark: WarningMark) {
        let key = Key(row: mark.customerID - 1, kind: mark.warning)
        marks[key] = mark.kind == .removed ? nil : mark
        refreshMuted()
    }

    /// Lets go of what was muted until now.
    mutating func expire(_ micros: Int64) {
        let expired = marks.filter { $0.value.kind == .muted && $0.value.untilMicros <= micros }
        if expired.isEmpty { return }
        for key in expired.keys { marks[key] = nil }
        refreshMuted()
    }

    private mutating func refreshMuted() {
        muted = [:]
        for (key, mark) in marks where mark.kind == .muted { muted[key.row, default: 0] |= key.kind.bit }
        version += 1
    }

    var byteSize: Int { bits.byteSize + (raisedAt.count + marks.count + overrides.count) * 64 }
}
