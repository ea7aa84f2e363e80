/// The counters of a customer in a window; the raw value is the position of its column.
enum CounterField: Int, CaseIterable {
    case bids
    /// Bids that our own switch blocked, at the time of their set-up: attempts = bids - blockedSetups.
    case blockedSetups
    // The nine outcome classes, in the order of `OutcomeClass`.
    case answered, busy, noAnswer, rejected, abandoned, badNumber, network, refused, blocked
    /// Outcomes that count in the denominator of ASR and NER.
    case outcomes
    /// Outcomes that count in the numerator of NER.
    case effective
    /// Calls that ended, answered or not.
    case ended
    /// Answered calls that ended.
    case talked
    /// Answered calls that ended and were short.
    case short
    case pddCount

    // The counters of calls to the customer, which count in none of the others:
    case inboundSetups, inboundAnswered
    /// Outcomes that count in the denominator of `inbound_asr`.
    case inboundOutcomes
    /// Answered calls to the customer that ended.
    case inboundTalked

    static let count = 21
    /// Number of the counters of calls that the customer makes, which come first. Most customers have no others, so
    /// loops over many customers read the rest only where it is not 0 (`FactTile.counterCount`).
    static let outboundCount = 17

    @inline(__always)
    static func outcome(_ classIndex: Int) -> Int { CounterField.answered.rawValue + classIndex }
}

/// The sums of a customer in a window; the raw value is the position of its column.
enum SumField: Int, CaseIterable {
    case pddMilliseconds
    case talkMilliseconds
    case costMicros
    /// Of calls to the customer.
    case inboundTalkMilliseconds

    static let count = 4
    static let outboundCount = 3
}
