// What the timeline stores: facts. A call adds a fact at each moment that the time rule names (set-up, outcome, end,
// cost); taking one back is the same fact with the opposite sign.
//
// A fact is 4, 8 or 16 bytes with the customer's row in its lowest 24 bits; where it is stored determines its second.
// Everything that is ever shown (counters, causes, final codes, PDD percentiles, peaks) can be worked out from them.

/// What all kinds of facts share.
protocol Fact: BitwiseCopyable, Sendable {
    /// The customer's row, below 2^24.
    var customer: UInt32 { get }
}

/// The sign of a fact as a bit: set when it takes back.
enum FactSign {
    @inline(__always) static func bit(_ sign: Int32) -> UInt32 { sign < 0 ? 1 << 24 : 0 }
}

/// A set-up. Bits 0-23 customer, 24 taken back, 25 blocked by our own switch.
struct SetupFact: Fact {
    var bits: UInt32

    init(bits: UInt32) { self.bits = bits }

    @inline(__always)
    init(customer: UInt32, isBlocked: Bool, sign: Int32) {
        bits = customer | FactSign.bit(sign) | (isBlocked ? 1 << 25 : 0)
    }

    @inline(__always) var customer: UInt32 { bits & 0xFF_FFFF }
    @inline(__always) var sign: Int32 { 1 - Int32(bits >> 23 & 2) }
    @inline(__always) var blocked: Int32 { Int32(bits >> 25 & 1) }
}

/// An outcome. Bits 0-23 customer, 24 taken back, 25-28 class, 29-38 final code, 39-63 post-dial delay in milliseconds
/// plus one (0: no sample).
struct OutcomeFact: Fact {
    /// Codes above this are no SIP codes and are stored as 0, unknown.
    static let highestCode: UInt16 = 1_023
    /// Delays above this are stored as this one: 9 hours.
    static let longestDelayMilliseconds: Int32 = 1 << 25 - 2

    var bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    @inline(__always)
    init(customer: UInt32, outcome: OutcomeClass, code: UInt16, pddMilliseconds: Int32, sign: Int32) {
        let known = code <= OutcomeFact.highestCode ? code : 0
        let delay = min(max(-1, pddMilliseconds), OutcomeFact.longestDelayMilliseconds) + 1
        self.init(
            customer: customer | FactSign.bit(sign), classIndex: UInt32(outcome.rawValue), code: known,
            delay: UInt32(bitPattern: delay))
    }

    /// - Parameters:
    ///   - classIndex: the raw value of an `OutcomeClass`.
    ///   - code: up to `highestCode`.
    ///   - delay: milliseconds plus one, up to `longestDelayMilliseconds` plus one; 0: none.
    @inline(__always)
    init(customer: UInt32, classIndex: UInt32, code: UInt16, delay: UInt32) {
        bits = UInt64(customer | classIndex << 25) | UInt64(code) << 29 | UInt64(delay) << 39
    }

    @inline(__always) var customer: UInt32 { UInt32(truncatingIfNeeded: bits) & 0xFF_FFFF }
    @inline(__always) var sign: Int32 { 1 - Int32(truncatingIfNeeded: bits >> 23 & 2) }
    @inline(__always) var classIndex: Int { Int(bits >> 25 & 0xF) }
    @inline(__always) var code: UInt16 { UInt16(truncatingIfNeeded: bits >> 29 & 0x3FF) }
    /// 1 with a post-dial delay, else 0.
    @inline(__always) var hasDelay: Int32 { bits >> 39 == 0 ? 0 : 1 }
    /// The post-dial delay in milliseconds; 0 where there is none.
    @inline(__always) var pddMilliseconds: Int32 { max(0, Int32(truncatingIfNeeded: bits >> 39) - 1) }
    /// The bucket of the post-dial delay; 0 where there is none.
    var pddBucket: UInt8 { hasDelay == 0 ? 0 : PDDHistogram.bucket(milliseconds: pddMilliseconds) }
}

/// The end of a call. Bits 0-23 customer, 24 taken back, 25 answered with a known length, 26 short, 27-57 talk
/// milliseconds.
struct EndFact: Fact {
    var bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    @inline(__always)
    init(customer: UInt32, talkMilliseconds: Int32, talked: Bool, short: Bool, sign: Int32) {
        bits =
            UInt64(customer | FactSign.bit(sign)) | (talked ? 1 << 25 : 0) | (talked && short ? 1 << 26 : 0)
            | UInt64(talked ? UInt32(max(0, talkMilliseconds)) : 0) << 27
    }

    /// - Parameters:
    ///   - talkMilliseconds: below 2^31; 0 where it was not answered.
    ///   - talked: 1, or 0.
    ///   - short: 1, or 0.
    @inline(__always)
    init(customer: UInt32, talkMilliseconds: UInt32, talked: UInt32, short: UInt32) {
        bits = UInt64(customer | talked << 25 | short << 26) | UInt64(talkMilliseconds) << 27
    }

    @inline(__always) var customer: UInt32 { UInt32(truncatingIfNeeded: bits) & 0xFF_FFFF }
    @inline(__always) var sign: Int32 { 1 - Int32(truncatingIfNeeded: bits >> 23 & 2) }
    @inline(__always) var talked: Int32 { Int32(truncatingIfNeeded: bits >> 25 & 1) }
    @inline(__always) var short: Int32 { Int32(truncatingIfNeeded: bits >> 26 & 1) }
    @inline(__always) var talkMilliseconds: Int64 { Int64(bits >> 27) }
}

/// What few calls add: a cost, or the facts of a call to the customer. Bits 0-23 customer, 24-26 kind.
struct SideFact: Fact {
    /// The meaning of `value`. Taken back by the same fact with the negative value.
    enum Kind: UInt32, CaseIterable {
        /// 10^-6 of the customer's currency.
        case cost
        // The value is 1, for a call to the customer:
        case inboundSetup
        case inboundAnswer
        /// Of a class that counts in the denominator of `inbound_asr`.
        case inboundFailure
        /// Talk milliseconds of an answered call that ended, plus one, so that it has a sign.
        case inboundTalk
    }

    let bits: UInt32
    let value: Int64

    @inline(__always)
    init(_ kind: Kind, customer: UInt32, value: Int64) {
        bits = customer | kind.rawValue << 24
        self.value = value
    }

    /// From saved bits; nil for values that no call can have.
    init?(bits: UInt32, value: Int64) {
        let range: ClosedRange<UInt64>
        switch Kind(rawValue: bits >> 24) {
        case .cost?: range = 0...UInt64(BoardLimits.costMicros.magnitude)
        case .inboundSetup?, .inboundAnswer?, .inboundFailure?: range = 1...1
        case .inboundTalk?: range = 1...1 << 31
        case nil: return nil
        }
        guard range.contains(value.magnitude) else { return nil }
        (self.bits, self.value) = (bits, value)
    }

    @inline(__always) var customer: UInt32 { bits & 0xFF_FFFF }
    @inline(__always) var isCost: Bool { bits >> 24 == 0 }
    /// The kind of a fact that is no cost.
    var kind: Kind { Kind(rawValue: bits >> 24) ?? .cost }
}
