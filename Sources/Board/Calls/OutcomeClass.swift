/// The outcome of an attempt. The raw value is the position of its counter.
public enum OutcomeClass: UInt8, CaseIterable, Sendable {
    case answered
    case busy
    case noAnswer
    case rejected
    case abandoned
    case badNumber
    case network
    case refused
    case blocked

    /// The name in answers.
    public var name: String {
        switch self {
        case .answered: "answered"
        case .busy: "busy"
        case .noAnswer: "no_answer"
        case .rejected: "rejected"
        case .abandoned: "abandoned"
        case .badNumber: "bad_number"
        case .network: "network"
        case .refused: "refused"
        case .blocked: "blocked"
        }
    }
}
