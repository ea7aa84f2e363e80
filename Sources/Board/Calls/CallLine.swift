// A call in memory: one cache line (64 bytes). `TrackedCall` says what the fields mean and what they add up to. What
// does not fit here, for calls that failed and then went on, is in a separate `CallSetback`.

import CallEvents

/// Times are microseconds since 1970, below 2^32 seconds, so in 52 bits; 0: it did not happen. The lower 12 bits of
/// their words hold something else.
///
///     key                                                  16
///     set-up, phase and flags                               8
///     first ringing, bucket of the deadline wheel           8
///     answer, its code     or   the failure's CSeq, code, cause   8
///     end, its cause       or   the failure                 8
///     customer, CSeq of the set-up, number among the recent calls, deadline   16
struct CallLine: BitwiseCopyable {
    var key: CallKey
    private var setup: UInt64 = 0
    private var ring: UInt64 = 0
    private var answer: UInt64 = 0
    private var end: UInt64 = 0
    var customer: UInt32
    var setupSequence: UInt32 = 0
    /// Its number among the recent calls, see `RecentCalls`; 0: none.
    var recentNumber: UInt32 = 0
    /// When the call is next checked.
    var deadlineSecond: UInt32 = 0

    /// The line of a number that is not in use.
    static var free: CallLine { CallLine(key: .none, customer: TrackedCall.unknown) }

    @inline(__always)
    init(key: CallKey, customer: UInt32) {
        self.key = key
        self.customer = customer
    }

    /// A customer's call that begins with its set-up.
    @inline(__always)
    init(key: CallKey, customer: UInt32, setupMicros: Int64, sequence: UInt32, isSetupTimed: Bool) {
        self.init(key: key, customer: customer)
        setup = UInt64(bitPattern: setupMicros) << 12 | (isSetupTimed ? Flag.setupTimed : 0) | Phase.waiting.rawValue
        setupSequence = sequence
    }
}

// MARK: - Flags

extension CallLine {
    /// The progress of a customer's call whose events were observed in order; the next such event needs nothing but the
    /// phase. It follows from the other fields and is stored to save computing it.
    enum Phase: UInt64 {
        /// None of the others: every event takes the general path.
        case other
        /// Set up; neither answered, failed, ended nor given up. A failure observed so far is an earlier INVITE's.
        case waiting
        /// Answered; neither ended nor given up.
        case talking
        /// Set up and over.
        case over
    }

    private enum Flag {
        static let phase: UInt64 = 3
        static let setupTimed: UInt64 = 4
        static let setback: UInt64 = 8
        static let failureInPlace: UInt64 = 16
        static let inWheel: UInt64 = 32
        static let branches: UInt64 = 64
        static let told: UInt64 = 128
        static let account: UInt64 = 256
        static let inbound: UInt64 = 512
        static let claim: UInt64 = 1_024
        static let session: UInt64 = 2_048
    }

    var phase: Phase {
        @inline(__always) get { Phase(rawValue: setup & Flag.phase).unsafelyUnwrapped }  // two bits, four phases
        @inline(__always) set { setup = setup & ~Flag.phase | newValue.rawValue }
    }

    var isSetupTimed: Bool { @inline(__always) get { setup & Flag.setupTimed != 0 } }

    /// The call comes to its customer.
    var isInbound: Bool { setup & Flag.inbound != 0 }

    /// There is a separate `CallSetback`.
    var hasSetback: Bool { @inline(__always) get { setup & Flag.setback != 0 } }

    /// The attempt has several branches, which are stored separately.
    var hasBranches: Bool { @inline(__always) get { setup & Flag.branches != 0 } }

    /// Attributed by credentials that the switch may refuse (`CallClaim`): such a call always takes the general path.
    var hasClaim: Bool {
        @inline(__always) get { setup & Flag.claim != 0 }
        set {
            setup = newValue ? setup | Flag.claim : setup & ~Flag.claim
            if newValue { phase = .other }
        }
    }

    /// The call gave the length of its session (`CallSession`).
    var hasSession: Bool {
        @inline(__always) get { setup & Flag.session != 0 }
        set { setup = newValue ? setup | Flag.session : setup & ~Flag.session }
    }

    /// A record exists for the call, too.
    var isTold: Bool { @inline(__always) get { setup & Flag.told != 0 } }

    /// The call consists of accounting rows of another call.
    var isAccount: Bool { @inline(__always) get { setup & Flag.account != 0 } }

    /// A failure was observed, and no answer nor end: it is stored in their place.
    var hasFailureInPlace: Bool { @inline(__always) get { setup & Flag.failureInPlace != 0 } }

    /// The bucket of the deadline wheel that has the call; nil: none.
    var bucket: Int? {
        @inline(__always) get { setup & Flag.inWheel == 0 ? nil : Int(truncatingIfNeeded: ring & 0xFFF) }
        @inline(__always) set {
            guard let newValue else {
                setup &= ~Flag.inWheel
                return
            }
            setup |= Flag.inWheel
            ring = ring & ~0xFFF | UInt64(truncatingIfNeeded: newValue) & 0xFFF
        }
    }
}

// MARK: - Times

extension CallLine {
    var setupMicros: Int64 { @inline(__always) get { Int64(bitPattern: setup >> 12) } }

    var ringMicros: Int64 {
        @inline(__always) get { Int64(bitPattern: ring >> 12) }
        @inline(__always) set { ring = UInt64(bitPattern: newValue) << 12 | ring & 0xFFF }
    }

    /// Only for calls without a failure in place.
    var answerMicros: Int64 { @inline(__always) get { Int64(bitPattern: answer >> 12) } }
    var answerCode: UInt16 { @inline(__always) get { UInt16(truncatingIfNeeded: answer & 0xFFF) } }

    /// Whether its end was observed, at this time or before.
    @inline(__always)
    func isEnded(before micros: Int64) -> Bool {
        let known = Int64(bitPattern: end >> 12)
        return !hasFailureInPlace && known != 0 && known <= micros
    }

    /// For calls without a failure in place.
    @inline(__always)
    mutating func setAnswer(at micros: Int64, code: UInt16) {
        answer = UInt64(bitPattern: micros) << 12 | UInt64(TrackedCall.answerCode(code))
    }

    /// For calls without a failure in place.
    @inline(__always)
    mutating func setEnd(at micros: Int64, cause: UInt8) {
        end = UInt64(bitPattern: micros) << 12 | UInt64(cause)
    }

    /// For calls without answer, end and setback.
    @inline(__always)
    mutating func setFailure(at micros: Int64, sequence: UInt32, code: UInt16, cause: UInt8) {
        answer = UInt64(sequence) << 24 | UInt64(code) << 8 | UInt64(cause)
        end = UInt64(bitPattern: micros) << 12
        setup |= Flag.failureInPlace
    }
}

// MARK: - The whole state

/// The failure of a call that was also answered or ended, and how a call was given up.
struct CallSetback: BitwiseCopyable, Equatable {
    var failureMicros: Int64 = 0
    var closedMicros: Int64 = 0
    var failureSequence: UInt32 = 0
    var failureCode: UInt16 = 0
    var failureCause: UInt8 = 0
    var wasClosedAnswered = false
}

extension CallLine {
    /// Stores a call's state; the bucket, the deadline and the flags for a claim and a session are unchanged.
    mutating func store(_ call: TrackedCall) {
        let kept = setup & (Flag.inWheel | Flag.claim | Flag.session)
        let phase = hasClaim ? .other : call.phase
        let hasFailureInPlace = call.hasFailureOnly
        let hasSetback = !hasFailureInPlace && call.setback != CallSetback()
        key = call.key
        setup =
            UInt64(bitPattern: call.setupMicros) << 12 | (call.isSetupTimed ? Flag.setupTimed : 0)
            | (hasSetback ? Flag.setback : 0) | (call.branches.isEmpty ? 0 : Flag.branches) | kept
            | (call.isTold ? Flag.told : 0) | (call.isAccount ? Flag.account : 0)
            | (call.isInbound ? Flag.inbound : 0) | phase.rawValue
        ringMicros = call.ringMicros
        setAnswer(at: call.answerMicros, code: call.answerCode)
        setEnd(at: call.endMicros, cause: call.endCause)
        if hasFailureInPlace {
            setFailure(
                at: call.failureMicros, sequence: call.failureSequence, code: call.failureCode,
                cause: call.failureCause)
        }
        customer = call.customer
        setupSequence = call.setupSequence
        recentNumber = call.recentNumber
    }

    /// - Parameter setback: evaluated if the call has one.
    func call(_ setback: @autoclosure () -> CallSetback) -> TrackedCall {
        var call = TrackedCall(key: key, customer: customer)
        call.setupMicros = setupMicros
        call.isSetupTimed = isSetupTimed
        call.isInbound = isInbound
        call.isTold = isTold
        call.isAccount = isAccount
        call.ringMicros = ringMicros
        call.setupSequence = setupSequence
        call.recentNumber = recentNumber
        if hasFailureInPlace {
            call.failureMicros = Int64(bitPattern: end >> 12)
            call.failureSequence = UInt32(truncatingIfNeeded: answer >> 24)
            call.failureCode = UInt16(truncatingIfNeeded: answer >> 8)
            call.failureCause = UInt8(truncatingIfNeeded: answer)
            return call
        }
        call.answerMicros = answerMicros
        call.answerCode = answerCode
        call.endMicros = Int64(bitPattern: end >> 12)
        call.endCause = UInt8(truncatingIfNeeded: end)
        if hasSetback { call.setback = setback() }
        return call
    }
}

extension TrackedCall {
    /// The code of an answer in 12 bits, enough for all SIP codes; greater values are none.
    @inline(__always)
    static func answerCode(_ code: UInt16) -> UInt16 { min(code, 0xFFF) }

    fileprivate var hasFailureOnly: Bool {
        failureMicros != 0 && answerMicros == 0 && endMicros == 0 && closedMicros == 0
    }

    var setback: CallSetback {
        get {
            CallSetback(
                failureMicros: failureMicros, closedMicros: closedMicros, failureSequence: failureSequence,
                failureCode: failureCode, failureCause: failureCause, wasClosedAnswered: wasClosedAnswered)
        }
        set {
            failureMicros = newValue.failureMicros
            closedMicros = newValue.closedMicros
            failureSequence = newValue.failureSequence
            failureCode = newValue.failureCode
            failureCause = newValue.failureCause
            wasClosedAnswered = newValue.wasClosedAnswered
        }
    }

    fileprivate var phase: CallLine.Phase {
        // Calls to customers add other facts, so they always take the general path.
        guard isCustomers, setupMicros != 0, !isTold, !isInbound else { return .other }
        if isOver { return .over }
        if isAnswered { return .talking }
        return endMicros == 0 && branches.isEmpty ? .waiting : .other
    }
}
