// One call as far as it is known: the earliest time of each observed event.
//
// Observation is order-free: every event changes the state by a minimum or a maximum, so the same set of events gives
// the same state in whatever order, and however often, they come. What a call adds to the figures (`Contribution`) is a
// function of its state; when an event changes it, the board takes the old contribution back and adds the new one.

import CallEvents

struct TrackedCall: Equatable {
    /// Customer (row) of calls that are not attributed so far: their set-up was not observed yet.
    static let unknown = UInt32.max
    /// Customer of set-ups that match no auth set.
    static let unattributed = UInt32.max - 1
    /// Customer of legs between our own hosts: observed, never counted.
    static let otherLeg = UInt32.max - 2

    var key: CallKey
    /// The customer's row, or one of the three values above.
    var customer: UInt32
    /// Microseconds since 1970; 0: not observed.
    var setupMicros: Int64 = 0
    var ringMicros: Int64 = 0
    var answerMicros: Int64 = 0
    var failureMicros: Int64 = 0
    var endMicros: Int64 = 0
    /// When silence or the longest duration closed the call; 0: neither did.
    var closedMicros: Int64 = 0
    /// Whether the longest duration closed it.
    var wasClosedAnswered = false
    /// It has a record, too: its result is among the recent calls (`EngineState+Join`).
    var isTold = false
    /// It consists of accounting rows of an observed call: another leg, for the call is counted there.
    var isAccount = false
    /// A set-up with its own time was observed.
    var isSetupTimed = false
    /// It comes to its customer; otherwise the customer makes it.
    var isInbound = false
    /// Highest CSeq of an INVITE, and that of the observed failure.
    var setupSequence: UInt32 = 0
    var failureSequence: UInt32 = 0
    var failureCode: UInt16 = 0
    var answerCode: UInt16 = 0
    var failureCause: UInt8 = 0
    var endCause: UInt8 = 0
    /// Its number among the recent calls, see `RecentCalls`; 0: none.
    var recentNumber: UInt32 = 0
    /// See `CallTrace`.
    var branch: UInt64 = 0
    var lastSetupMicros: Int64 = 0
    var provisionalMicros: Int64 = 0
    /// All INVITEs with the highest CSeq, if there are several; the failure above is then their combined result.
    var branches: [CallBranch] = []

    init(key: CallKey, customer: UInt32) {
        self.key = key
        self.customer = customer
    }

    var isCustomers: Bool { customer < TrackedCall.otherLeg }
    var isAnswered: Bool { answerMicros != 0 }

    /// The last failure is the outcome unless a later INVITE continued the attempt.
    var isFailed: Bool { !isAnswered && failureMicros != 0 && failureSequence >= setupSequence }

    /// Over: only corrections can follow.
    var isOver: Bool { isTold || hasEnded }

    /// Over by its own events.
    private var hasEnded: Bool { isAnswered ? endMicros != 0 || closedMicros != 0 : isFailed || closedMicros != 0 }

    var isLive: Bool { setupMicros != 0 && !isOver }
}

// MARK: - Observation

extension TrackedCall {
    /// - Parameter branch: 0: the source knows none.
    mutating func observeSetup(at micros: Int64, sequence: UInt32, isTimed: Bool, branch: UInt64 = 0) {
        if branch != 0 {
            lastSetupMicros = max(lastSetupMicros, micros)
            if sequence > setupSequence || self.branch == 0 {
                // The caller continues with another INVITE: what became of earlier ones does not matter.
                self.branch = branch
                branches = []
            } else if sequence == setupSequence && branch != self.branch {
                observeBranch(branch)
            }
        }
        isSetupTimed = isSetupTimed || isTimed
        setupMicros = TrackedCall.earlier(setupMicros, micros)
        setupSequence = max(setupSequence, sequence)
    }

    mutating func observeRing(at micros: Int64) {
        if ringMicros != 0 && micros != ringMicros { observeProgress(at: max(micros, ringMicros)) }
        ringMicros = TrackedCall.earlier(ringMicros, micros)
    }

    mutating func observeProgress(at micros: Int64) { provisionalMicros = max(provisionalMicros, micros) }

    /// The last sign of life of an unanswered call.
    var lastHeardMicros: Int64 { max(setupMicros, lastSetupMicros, ringMicros, provisionalMicros) }

    mutating func observeAnswer(at micros: Int64, code: UInt16) {
        if answerMicros == 0 || micros < answerMicros { answerCode = TrackedCall.answerCode(code) }
        answerMicros = TrackedCall.earlier(answerMicros, micros)
    }

    /// The failure of the highest sequence counts, and among those the earliest.
    /// - Parameter branch: that of the INVITE; 0: unknown.
    mutating func observeFailure(at micros: Int64, sequence: UInt32, code: UInt16, cause: UInt8, branch: UInt64 = 0) {
        if self.branch != 0 && sequence == setupSequence
            && (!branches.isEmpty || branch != 0 && branch != self.branch)
        {
            // A failure without a branch belongs to the first INVITE that waits for an answer.
            let waiting = branches.first { $0.failureMicros == 0 }?.branch ?? self.branch
            return observeFailure(ofBranch: branch == 0 ? waiting : branch, at: micros, code: code, cause: cause)
        }
        if sequence > setupSequence { branches = [] }
        if failureMicros != 0 {
            if sequence < failureSequence { return }
            if sequence == failureSequence && micros >= failureMicros { return }
        }
        failureMicros = micros
        failureSequence = sequence
        failureCode = code
        failureCause = cause
    }

    mutating func observeEnd(at micros: Int64, cause: UInt8) {
        if endMicros == 0 || micros < endMicros { endCause = cause }
        endMicros = TrackedCall.earlier(endMicros, micros)
    }

    @inline(__always)
    private static func earlier(_ known: Int64, _ micros: Int64) -> Int64 {
        known == 0 ? micros : min(known, micros)
    }
}

// MARK: - Contributions

/// What one call adds to its customer's figures; its direction decides to which. Times in microseconds.
struct Contribution: Equatable {
    /// 0: nothing.
    var setupMicros: Int64 = 0
    /// Nil: no outcome yet.
    var outcome: OutcomeClass?
    var outcomeMicros: Int64 = 0
    var code: UInt16 = 0
    /// -1: no sample.
    var pddMilliseconds: Int32 = -1
    /// 0: not ended.
    var endMicros: Int64 = 0
    /// -1: ended without having been answered.
    var talkMilliseconds: Int32 = -1
}

extension TrackedCall {
    /// - Parameter table: gives the class of a failure; not used for other calls.
    @inline(__always)
    func contribution(table: borrowing OutcomeTable) -> Contribution {
        var result = Contribution()
        guard isCustomers, setupMicros != 0 else { return result }
        result.setupMicros = setupMicros
        if isAnswered {
            result.outcome = .answered
            result.outcomeMicros = max(answerMicros, setupMicros)
            result.code = answerCode == 0 ? 200 : answerCode
            let heard = ringMicros == 0 ? answerMicros : min(ringMicros, answerMicros)
            if isSetupTimed { result.pddMilliseconds = TrackedCall.milliseconds(from: setupMicros, to: heard) }
            if endMicros != 0 {
                result.endMicros = max(endMicros, result.outcomeMicros)
                result.talkMilliseconds = TrackedCall.milliseconds(from: answerMicros, to: endMicros)
            }
        } else if isFailed {
            fail(&result, at: failureMicros, code: failureCode, cause: failureCause, table)
        } else if closedMicros != 0 {
            // Silence: RFC 3261 lets the caller assume a 408.
            fail(&result, at: closedMicros, code: 408, cause: 0, table)
        }
        return result
    }

    private func fail(
        _ result: inout Contribution, at micros: Int64, code: UInt16, cause: UInt8, _ table: borrowing OutcomeTable
    ) {
        result.outcome = table.outcome(code: code, q850: cause, ringing: ringMicros != 0)
        result.outcomeMicros = max(micros, setupMicros)
        result.code = code
        if isSetupTimed && ringMicros != 0 && ringMicros <= micros {
            result.pddMilliseconds = TrackedCall.milliseconds(from: setupMicros, to: ringMicros)
        }
        result.endMicros = result.outcomeMicros
    }

    /// Milliseconds between two times, rounded to nearest, never negative: clocks of two agents may differ.
    static func milliseconds(from start: Int64, to end: Int64) -> Int32 {
        guard end > start else { return 0 }
        let (micros, overflow) = end.subtractingReportingOverflow(start)
        return overflow ? .max : Int32(clamping: (micros / 500 + 1) / 2)
    }
}
