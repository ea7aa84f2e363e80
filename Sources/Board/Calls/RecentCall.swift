import CallEvents

/// The sources of a finished call, and what they do not know.
struct RecentSources: OptionSet, Sendable {
    let rawValue: UInt8

    /// It was observed live, from its set-up on.
    static let heard = RecentSources(rawValue: 1)
    /// It has a record.
    static let told = RecentSources(rawValue: 2)
    /// Its set-up time, or whether it rang, is unknown: it has no post-dial delay.
    static let untimed = RecentSources(rawValue: 4)
    /// No final answer was observed: it was given up for silence.
    static let givenUp = RecentSources(rawValue: 8)

    /// It comes from events without the set-up time: accounting rows.
    static let accounted = RecentSources(rawValue: 16)

    /// No call: a cost that was told alone, of a call that is not known or not over. The call takes its place.
    static let costOnly = RecentSources(rawValue: 32)

    /// Of a call that events told of.
    @inline(__always)
    static func heard(isSetupTimed: Bool, isGivenUp: Bool) -> RecentSources {
        RecentSources(rawValue: (isSetupTimed ? 1 : 4 | 16) | (isGivenUp ? 8 : 0))
    }
}

/// A finished call as stored: 48 bytes, plus its details. Times are microseconds since 1970; 0: it did not happen.
struct RecentCall: Sendable {
    var customer: UInt32
    var talkMilliseconds: Int32
    var setupMicros: Int64
    var ringMicros: Int64
    var answerMicros: Int64
    var endMicros: Int64
    /// The final code, and in the highest bit whether the call came to its customer.
    private var codeAndDirection: UInt16
    var q850: UInt8
    var outcome: OutcomeClass
    private var detailAndSources: UInt32 = 0

    /// The position of its details in its chunk, plus one; 0: none. Below 2^26, see `BoardLimits.chunkDetailBytes`.
    var detail: UInt32 {
        get { detailAndSources & RecentCall.detailMask }
        set { detailAndSources = detailAndSources & ~RecentCall.detailMask | newValue & RecentCall.detailMask }
    }

    /// The sources of the call.
    var sources: RecentSources {
        get { RecentSources(rawValue: UInt8(truncatingIfNeeded: detailAndSources >> 26)) }
        set { detailAndSources = detailAndSources & RecentCall.detailMask | UInt32(newValue.rawValue) << 26 }
    }

    private static let detailMask: UInt32 = 1 << 26 - 1

    var isCostOnly: Bool { sources.contains(.costOnly) }

    init(
        customer: UInt32, setupMicros: Int64, ringMicros: Int64, answerMicros: Int64, endMicros: Int64,
        outcome: OutcomeClass, code: UInt16, q850: UInt8, talkMilliseconds: Int32, sources: RecentSources,
        isInbound: Bool = false
    ) {
        self.customer = customer
        self.talkMilliseconds = talkMilliseconds
        detailAndSources = UInt32(sources.rawValue) << 26
        self.setupMicros = setupMicros
        self.ringMicros = ringMicros
        self.answerMicros = answerMicros
        self.endMicros = endMicros
        codeAndDirection = min(code, RecentCall.inbound - 1) | (isInbound ? RecentCall.inbound : 0)
        self.q850 = q850
        self.outcome = outcome
    }

    private static let inbound: UInt16 = 1 << 15

    var code: UInt16 {
        get { codeAndDirection & (RecentCall.inbound - 1) }
        set { codeAndDirection = min(newValue, RecentCall.inbound - 1) | codeAndDirection & RecentCall.inbound }
    }

    /// It came to its customer; otherwise the customer made it.
    var isInbound: Bool { codeAndDirection & RecentCall.inbound != 0 }

    init(_ call: TrackedCall, outcome: OutcomeClass) {
        let talked = call.isAnswered && call.endMicros != 0
        self.init(
            customer: call.customer, setupMicros: call.setupMicros, ringMicros: call.ringMicros,
            answerMicros: call.answerMicros,
            endMicros: call.isAnswered ? call.endMicros : call.isFailed ? call.failureMicros : call.closedMicros,
            outcome: outcome,
            code: call.isAnswered
                ? call.answerCode == 0 ? 200 : call.answerCode : call.isFailed ? call.failureCode : 408,
            q850: call.isAnswered ? call.endCause : call.failureCause,
            talkMilliseconds: talked ? TrackedCall.milliseconds(from: call.answerMicros, to: call.endMicros) : 0,
            sources: .heard(isSetupTimed: call.isSetupTimed, isGivenUp: !call.isAnswered && !call.isFailed),
            isInbound: call.isInbound)
    }

    var shown: FinishedCall {
        FinishedCall(
            setupMicros: setupMicros, ringMicros: ringMicros, answerMicros: answerMicros, endMicros: endMicros,
            outcome: outcome.name, code: code, q850: q850, talkMilliseconds: Int64(talkMilliseconds),
            isInbound: isInbound)
    }
}
