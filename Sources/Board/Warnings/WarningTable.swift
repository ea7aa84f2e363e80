// Raised warnings, since when, and people's marks on them.
//
// One bit per warning and customer, in a column beside the customers, and one column of times per warning; marks are
// sparse. Warnings that follow from stored fields alone have no bit: they are derived when shown.

import Columnar

/// A person's mark on a customer's warning.
public struct WarningMark: Equatable, Sendable {
    /// The raw values are stored in files.
    public enum Kind: UInt8, Sendable {
        /// Seen: it stays until the warning is cleared.
        case acknowledged = 1
        /// Hidden until a time.
        case muted = 2
        /// The earlier mark is removed.
        case removed = 3
    }

    public var customerID: UInt32
    public var warning: WarningKind
    public var kind: Kind
    public var who: String
    public var atMicros: Int64
    /// For a muted one.
    public var untilMicros: Int64

    public init(
        customerID: UInt32, warning: WarningKind, kind: Kind, who: String, atMicros: Int64, untilMicros: Int64 = 0
    ) {
        (self.customerID, self.warning, self.kind) = (customerID, warning, kind)
        (self.who, self.atMicros, self.untilMicros) = (who, atMicros, untilMicros)
    }
}

/// A customer's warning as displayed.
public struct RaisedWarning: Equatable, Sendable {
    public var customerID: UInt32
    public var warning: WarningKind
    /// Microseconds since 1970; 0: it follows from stored fields.
    public var raisedAtMicros: Int64
    /// The measured value; nil: none.
    public var value: Double?
    /// Why it is raised, if a value and a threshold do not say it; empty: they do.
    public var reason = ""
    public var threshold: WarningThreshold
    public var mark: WarningMark?
}

struct WarningTable: Sendable {
    struct Key: Hashable, Sendable {
        var row: UInt32
        var kind: WarningKind
    }

    /// Raised warnings, by row.
    private(set) var bits = Column<UInt32>()
    /// Changes with every change of what is shown.
    private(set) var version: UInt64 = 0
    /// When each kind was raised, by row, microseconds since 1970; 0: it is not. Kinds never raised have short columns.
    private var times = [Column<Int64>](repeating: Column(), count: 32)
    private(set) var marks: [Key: WarningMark] = [:]
    /// Muted bits, by row.
    private(set) var muted: [UInt32: UInt32] = [:]
    /// When the first muted warning is shown again, microseconds since 1970, or earlier: marks are gone through then
    /// only.
    private var nextExpiry = Int64.max
    /// Whether marks were put since acknowledgements of what is not raised were looked for.
    private var hasNewMarks = false
    /// Where they are not the standard.
    var thresholds: [WarningKind: WarningThreshold] = [:] {
        didSet {
            common = WarningKind.standards
            for (kind, threshold) in thresholds { common[Int(kind.rawValue)] = threshold }
        }
    }
    /// The thresholds of all customers without their own, by the kind's raw value.
    private var common = WarningKind.standards
    var overrides: [Key: WarningThreshold] = [:]
    /// The next row to check, and the second of the last full round.
    var nextRow = 0
    var roundSecond: Int64 = 0
    /// Delays at the last pass; only of customers with a high mean.
    var delays: [UInt32: DelayFigure] = [:]
    /// How much ASR varies over time, by window.
    var dispersions = [AnswerDispersion](repeating: AnswerDispersion(), count: DropWindow.allCases.count)
    private var dispersionSecond: Int64 = .max
    /// Whether the current round measures dispersion.
    private(set) var measuresDispersion = false
    /// What is known of customers' days, the pass under way, and the slot of the last pass.
    var days = DayTable()
    var dayWatch: DayWatch?
    var daySlot: Int64 = .min
    /// How much ASR varies from slot to slot of 24 h.
    var slotDispersion = AnswerDispersion.prior

    /// A customer's dispersion in a window: that of all customers times its spread.
    func dispersion(_ window: DropWindow, _ day: DayRow) -> Double {
        min(max(dispersions[window.rawValue].value * Double(day.spread), 0.0005), 0.3)
    }

    /// Begins a round through all customers. Rounds seconds apart see the same calls, so not all of them measure.
    mutating func beginDispersionRound(second: Int64) {
        let (seconds, isFar) = second.subtractingReportingOverflow(dispersionSecond)
        measuresDispersion = isFar || seconds < 0 || seconds >= BoardLimits.dispersionSeconds
    }

    /// - Parameter second: of the board's clock.
    mutating func endDispersionRound(second: Int64) {
        guard measuresDispersion else { return }
        let (seconds, isFar) = second.subtractingReportingOverflow(dispersionSecond)
        for index in dispersions.indices { dispersions[index].endRound(seconds: isFar ? 0 : seconds) }
        dispersionSecond = second
    }

    /// The delay pass under way, and the second before which no other begins.
    var delayWatch: DelayWatch?
    var nextDelaySecond: Int64 = 0

    mutating func grow(to rows: Int) { bits.grow(to: rows) }

    /// Microseconds since 1970; 0: not raised.
    func raisedAt(_ kind: WarningKind, _ row: Int) -> Int64 {
        let column = times[Int(kind.rawValue)]
        return row < column.count ? column[row] : 0
    }

    private mutating func setTime(_ kind: WarningKind, _ row: Int, to micros: Int64) {
        times[Int(kind.rawValue)].grow(to: bits.count)
        times[Int(kind.rawValue)][row] = micros
    }

    /// By kind, each with one row per customer.
    var raisedTimes: [(kind: WarningKind, atMicros: Column<Int64>)] {
        WarningKind.measured.map { kind in
            var column = times[Int(kind.rawValue)]
            column.grow(to: bits.count)
            return (kind, column)
        }
    }

    /// Restores the warnings raised when the statistics were saved; the next check of each customer re-evaluates them.
    mutating func restore(_ raised: [(kind: WarningKind, atMicros: Column<Int64>)], customers: Int) {
        grow(to: customers)
        for (kind, column) in raised {
            for chunk in 0..<column.chunkCount where !column.isZero(chunk: chunk) {
                for row in column.rows(inChunk: chunk) where column[row] > 0 {
                    bits[row] |= kind.bit
                    setTime(kind, row, to: column[row])
                }
            }
        }
        version += 1
    }

    /// Something else that is shown has changed.
    mutating func noteChange() { version += 1 }

    /// Acknowledgements hold as long as their warning is raised.
    mutating func forgetCleared() {
        // One that is raised loses its acknowledgement when it is cleared (`set`).
        guard hasNewMarks else { return }
        hasNewMarks = false
        marks = marks.filter { key, mark in
            mark.kind != .acknowledged || key.kind.isConfiguration || Int(key.row) >= bits.count
                || bits[Int(key.row)] & key.kind.bit != 0
        }
    }

    func threshold(_ kind: WarningKind, _ row: UInt32) -> WarningThreshold {
        if !overrides.isEmpty, let own = overrides[Key(row: row, kind: kind)] { return own }
        return common[Int(kind.rawValue)]
    }

    /// The shown ones among a row's bits.
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
            let isRaised = new & kind.bit != 0
            setTime(kind, Int(row), to: isRaised ? atMicros : 0)
            let key = Key(row: row, kind: kind)
            if !isRaised && marks[key]?.kind == .acknowledged { marks[key] = nil }
        }
    }

    mutating func put(_ mark: WarningMark) {
        let key = Key(row: mark.customerID - 1, kind: mark.warning)
        marks[key] = mark.kind == .removed ? nil : mark
        hasNewMarks = true
        if mark.kind == .muted { nextExpiry = min(nextExpiry, mark.untilMicros) }
        let others = (muted[key.row] ?? 0) & ~key.kind.bit
        let bits = mark.kind == .muted ? others | key.kind.bit : others
        muted[key.row] = bits == 0 ? nil : bits
        version += 1
    }

    mutating func removeMarks(where isOver: (Key) -> Bool) {
        marks = marks.filter { !isOver($0.key) }
        refreshMuted()
    }

    /// Drops mutes that have expired.
    mutating func expire(_ micros: Int64) {
        guard micros >= nextExpiry else { return }
        marks = marks.filter { $0.value.kind != .muted || $0.value.untilMicros > micros }
        refreshMuted()
    }

    private mutating func refreshMuted() {
        (muted, nextExpiry) = ([:], .max)
        for (key, mark) in marks where mark.kind == .muted {
            muted[key.row, default: 0] |= key.kind.bit
            nextExpiry = min(nextExpiry, mark.untilMicros)
        }
        version += 1
    }

    var byteSize: Int {
        times.reduce(bits.byteSize + days.byteSize + (marks.count + overrides.count) * 64) { $0 + $1.byteSize }
    }
}
