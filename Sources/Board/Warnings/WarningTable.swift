// Which warnings are raised, since when, and what people have said of them.
//
// A bit a warning and customer, in a column beside the customers, and a column of times a warning; marks are sparse. What follows from stored fields
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
    /// Why it is raised, where a value and a threshold do not say it; empty: they do.
    public var reason = ""
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
    /// When each kind was raised, by row, microseconds since 1970; 0: it is not. Kinds that never were are short.
    private var times = [Column<Int64>](repeating: Column(), count: 32)
    private(set) var marks: [Key: WarningMark] = [:]
    /// Bits that are not shown, by row.
    private(set) var muted: [UInt32: UInt32] = [:]
    /// When the first muted warning is shown again, microseconds since 1970, or earlier: marks are gone through then only.
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
    /// What holds for all without their own, by the kind's raw value.
    private var common = WarningKind.standards
    var overrides: [Key: WarningThreshold] = [:]
    /// The next row to look at, and the second in which all were looked at.
    var nextRow = 0
    var roundSecond: Int64 = 0
    /// Delays as of the last look at them; of customers whose mean is high.
    var delays: [UInt32: DelayFigure] = [:]
    /// How much ASR differs from time to time, by window.
    var dispersions = [AnswerDispersion](repeating: AnswerDispersion(), count: DropWindow.allCases.count)
    private var dispersionSecond: Int64 = .max
    /// Whether the round under way measures it.
    private(set) var measuresDispersion = false
    /// What is known of customers' days, the look at them that is under way, and the slot as of which there was one.
    var days = DayTable()
    var dayWatch: DayWatch?
    var daySlot: Int64 = .min
    /// How much ASR differs from slot to slot of 24 h.
    var slotDispersion = AnswerDispersion.prior

    /// A customer's dispersion in a window: that of all, times how much less steady it is than others.
    func dispersion(_ window: DropWindow, _ day: DayRow) -> Double {
        min(max(dispersions[window.rawValue].value * Double(day.spread), 0.0005), 0.3)
    }

    /// A round through all customers begins. Two seconds after another their windows hold the same calls, so not every one measures.
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

    /// The look at them that is under way, and the second before which there is no other.
    var delayWatch: DelayWatch?
    var nextDelaySecond: Int64 = 0

    mutating func grow(to rows: Int) { bits.grow(to: rows) }

    /// Microseconds since 1970; 0: it is not raised.
    func raisedAt(_ kind: WarningKind, _ row: Int) -> Int64 {
        let column = times[Int(kind.rawValue)]
        return row < column.count ? column[row] : 0
    }

    private mutating func setTime(_ kind: WarningKind, _ row: Int, to micros: Int64) {
        times[Int(kind.rawValue)].grow(to: bits.count)
        times[Int(kind.rawValue)][row] = micros
    }

    /// By kind, each with a row a customer.
    var raisedTimes: [(kind: WarningKind, atMicros: Column<Int64>)] {
        WarningKind.measured.map { kind in
            var column = times[Int(kind.rawValue)]
            column.grow(to: bits.count)
            return (kind, column)
        }
    }

    /// What was raised when the statistics were saved is raised, since then; the next look at a customer decides whether it still is.
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

    /// What is shown has changed otherwise.
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

    /// Lets go of what was muted until now.
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
