// A call as it lies in memory: one line of the processor's cache (64 octets) with what nearly every event needs, and apart
// from it what went wrong with it, which only failed calls have.

import CallEvents

/// What most events of a call need to know of it; see `TrackedCall` for what the fields mean.
struct CallLine: BitwiseCopyable {
    var key: CallKey
    var setupMicros: Int64 = 0
    var ringMicros: Int64 = 0
    var answerMicros: Int64 = 0
    var endMicros: Int64 = 0
    var customer: UInt32
    var setupSequence: UInt32 = 0
    /// Where it stands among the recent calls, see `RecentCalls`; 0: not there.
    var recentNumber: UInt32 = 0
    var answerCode: UInt16 = 0
    var endCause: UInt8 = 0
    private var bits: UInt8

    /// How far a customer's call has come whose events were heard in their order; the next one of these needs no more than
    /// the phase tells. It follows from the state and is kept here to save working it out.
    enum Phase: UInt8 {
        /// None of the others: whatever happens, all is looked at.
        case other
        /// Set up, neither answered nor failed nor ended nor given up. A failure that was heard is an earlier INVITE's.
        case waiting
        /// Answered; neither ended nor given up.
        case talking
        /// Set up and over.
        case over
    }

    var phase: Phase {
        @inline(__always) get { Phase(rawValue: bits & 3).unsafelyUnwrapped }  // two bits, four phases
        @inline(__always) set { bits = bits & ~3 | newValue.rawValue }
    }

    var isSetupTimed: Bool {
        @inline(__always) get { bits & 4 != 0 }
        @inline(__always) set { bits = newValue ? bits | 4 : bits & ~4 }
    }

    /// There is a `CallSetback`.
    var hasSetback: Bool {
        @inline(__always) get { bits & 8 != 0 }
        @inline(__always) set { bits = newValue ? bits | 8 : bits & ~8 }
    }

    /// The place of no call.
    static var free: CallLine { CallLine(key: .none, customer: TrackedCall.unknown) }

    @inline(__always)
    init(key: CallKey, customer: UInt32) {
        self.key = key
        self.customer = customer
        bits = 0
    }

    /// A customer's call that begins with its set-up.
    @inline(__always)
    init(key: CallKey, customer: UInt32, setupMicros: Int64, sequence: UInt32, isSetupTimed: Bool) {
        self.key = key
        self.customer = customer
        self.setupMicros = setupMicros
        setupSequence = sequence
        bits = Phase.waiting.rawValue | (isSetupTimed ? 4 : 0)
    }
}

/// The failure that was heard of a call, and how it was given up; see `TrackedCall`.
struct CallSetback: BitwiseCopyable, Equatable {
    var failureMicros: Int64 = 0
    var closedMicros: Int64 = 0
    var failureSequence: UInt32 = 0
    var failureCode: UInt16 = 0
    var failureCause: UInt8 = 0
    var wasClosedAnswered = false
}

extension TrackedCall {
    init(_ line: CallLine, _ setback: CallSetback) {
        self.init(key: line.key, customer: line.customer)
        setupMicros = line.setupMicros
        ringMicros = line.ringMicros
        answerMicros = line.answerMicros
        endMicros = line.endMicros
        setupSequence = line.setupSequence
        recentNumber = line.recentNumber
        answerCode = line.answerCode
        endCause = line.endCause
        isSetupTimed = line.isSetupTimed
        failureMicros = setback.failureMicros
        closedMicros = setback.closedMicros
        failureSequence = setback.failureSequence
        failureCode = setback.failureCode
        failureCause = setback.failureCause
        wasClosedAnswered = setback.wasClosedAnswered
    }

    var setback: CallSetback {
        CallSetback(
            failureMicros: failureMicros, closedMicros: closedMicros, failureSequence: failureSequence,
            failureCode: failureCode, failureCause: failureCause, wasClosedAnswered: wasClosedAnswered)
    }

    var line: CallLine {
        var line = CallLine(key: key, customer: customer)
        line.setupMicros = setupMicros
        line.ringMicros = ringMicros
        line.answerMicros = answerMicros
        line.endMicros = endMicros
        line.setupSequence = setupSequence
        line.recentNumber = recentNumber
        line.answerCode = answerCode
        line.endCause = endCause
        line.isSetupTimed = isSetupTimed
        line.hasSetback = setback != CallSetback()
        line.phase = phase
        return line
    }

    private var phase: CallLine.Phase {
        guard isCustomers, setupMicros != 0 else { return .other }
        if isOver { return .over }
        if isAnswered { return .talking }
        return endMicros == 0 ? .waiting : .other
    }
}
