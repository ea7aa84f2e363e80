import CallEvents

/// How much of calling and called numbers is shown, in every answer. They are stored in full.
public enum NumberMask: Equatable, Sendable {
    case none
    /// Hides this many characters at the end.
    case last(Int)
    case all

    /// Parses `none`, `all`, or `last:4`; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "none": self = .none
        case "all": self = .all
        default:
            guard text.hasPrefix("last:"), let count = Int(text.dropFirst(5)), (1...64).contains(count) else {
                return nil
            }
            self = .last(count)
        }
    }

    /// Hidden characters are shown as `x`, so that a number keeps its length; with `all`, only that there is a number.
    public func shown(_ number: String) -> String {
        if number.isEmpty { return number }
        switch self {
        case .none: return number
        case .last(let count):
            return String(number.dropLast(count)) + String(repeating: "x", count: min(count, number.count))
        case .all: return "x"
        }
    }

    func shown(_ details: CallDetails) -> CallDetails {
        if self == .none { return details }
        var details = details
        details.calling = shown(details.calling)
        details.called = shown(details.called)
        return details
    }
}
