// What the timeline stores: for a customer and a moment, a fact and how often it holds.
//
// A finished call is three facts (it was set up, it came out so, it ended) and a fourth when it costs something. Equal
// facts of a customer in a slot are added up, so a slot costs memory by what is different in it and not by its calls,
// and everything that is ever shown (counters, causes, final codes, PDD percentiles) can be worked out again from it.

/// A kind and what belongs to it, in 32 bits:
///
///     kind << 28                                           setup, blockedSetup, cost, peak
///     kind << 28 | class << 24 | code << 8 | pddBucket     outcome; bucket 0: no PDD sample
///     kind << 28 | talked << 1 | short                     end
struct Fact: Equatable, Hashable, Sendable, BitwiseCopyable {
    enum Kind: UInt32 {
        case setup = 1
        case blockedSetup = 2
        case outcome = 3
        case end = 4
        case cost = 5
        case peak = 6
    }

    var bits: UInt32

    static var setup: Fact { Fact(bits: Kind.setup.rawValue << 28) }
    static var blockedSetup: Fact { Fact(bits: Kind.blockedSetup.rawValue << 28) }
    static var cost: Fact { Fact(bits: Kind.cost.rawValue << 28) }
    static var peak: Fact { Fact(bits: Kind.peak.rawValue << 28) }

    @inline(__always)
    static func outcome(_ outcome: OutcomeClass, code: UInt16, pddBucket: UInt8) -> Fact {
        Fact(
            bits: Kind.outcome.rawValue << 28 | UInt32(outcome.rawValue) << 24 | UInt32(code) << 8 | UInt32(pddBucket))
    }

    @inline(__always)
    static func end(talked: Bool, short: Bool) -> Fact {
        Fact(bits: Kind.end.rawValue << 28 | (talked ? 2 : 0) | (short ? 1 : 0))
    }

    @inline(__always) var kindBits: UInt32 { bits >> 28 }
    @inline(__always) var classIndex: Int { Int(bits >> 24 & 0xF) }
    @inline(__always) var code: UInt16 { UInt16(truncatingIfNeeded: bits >> 8) }
    @inline(__always) var pddBucket: UInt8 { UInt8(truncatingIfNeeded: bits) }
    @inline(__always) var talked: Bool { bits & 2 != 0 }
    @inline(__always) var short: Bool { bits & 1 != 0 }
}

/// A fact of a customer: 16 octets. For most kinds the payload is a count (low half) and a sum of milliseconds (high
/// half), both signed, for corrections take away what was counted too early; for `cost` it is one Int64 of micros.
struct FactEntry: Sendable, BitwiseCopyable {
    var customer: UInt32
    var fact: Fact
    var payload: UInt64

    @inline(__always)
    init(customer: UInt32, fact: Fact, count: Int32, milliseconds: Int32 = 0) {
        self.customer = customer
        self.fact = fact
        payload = UInt64(UInt32(bitPattern: count)) | UInt64(UInt32(bitPattern: milliseconds)) << 32
    }

    @inline(__always)
    init(customer: UInt32, costMicros: Int64) {
        self.customer = customer
        fact = .cost
        payload = UInt64(bitPattern: costMicros)
    }

    @inline(__always) var count: Int32 { Int32(truncatingIfNeeded: payload) }
    @inline(__always) var milliseconds: Int32 { Int32(truncatingIfNeeded: payload >> 32) }
    @inline(__always) var costMicros: Int64 { Int64(bitPattern: payload) }

    /// Adds an entry of the same customer and fact; false when a sum does not fit and both must stay.
    @inline(__always)
    mutating func merge(_ other: FactEntry) -> Bool {
        if fact == .cost {
            let (sum, overflow) = costMicros.addingReportingOverflow(other.costMicros)
            if overflow { return false }
            payload = UInt64(bitPattern: sum)
            return true
        }
        if fact == .peak {
            if other.count > count { payload = other.payload }
            return true
        }
        let (newCount, countOverflow) = count.addingReportingOverflow(other.count)
        let (sum, sumOverflow) = milliseconds.addingReportingOverflow(other.milliseconds)
        if countOverflow || sumOverflow { return false }
        self = FactEntry(customer: customer, fact: fact, count: newCount, milliseconds: sum)
        return true
    }
}

/// A fact on its way into the timeline, with the second (since 1970) that it belongs to.
struct PendingFact: Sendable, BitwiseCopyable {
    var entry: FactEntry
    var second: UInt32
}
