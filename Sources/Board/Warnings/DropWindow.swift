/// The windows that are compared with the day before, shortest first: a deep drop of many calls shows in five minutes,
/// one of few calls, or a slight one, in hours.
enum DropWindow: Int, CaseIterable {
    case fiveMinutes
    case quarter
    case hour
    case twoHours
    case fourHours

    var name: String {
        switch self {
        case .fiveMinutes: Window.fiveMinutes.name
        case .quarter: Window.fifteenMinutes.name
        case .hour: Window.oneHour.name
        case .twoHours: "2h"
        case .fourHours: "4h"
        }
    }

    var seconds: Int64 {
        switch self {
        case .fiveMinutes: Window.fiveMinutes.seconds
        case .quarter: Window.fifteenMinutes.seconds
        case .hour: Window.oneHour.seconds
        case .twoHours: 7_200
        case .fourHours: 14_400
        }
    }

    /// By how much chance finds more in all looks than in one. There are five windows, and each of them slides: as long
    /// as it is, it shows chance z squared times as often as a window that stands still (Siegmund, Sequential Analysis,
    /// 1985, of the highest of sums that slide over a random walk), and a z of 5 is what the level comes to.
    static let looks = Double(allCases.count) * 25
}

/// Outcomes, and the answers among them.
struct AnswerCount: Equatable, Sendable {
    var outcomes: Int64 = 0
    var answered: Int64 = 0

    /// Late corrections may have reached one window and not yet another.
    var isPossible: Bool { outcomes >= 0 && (0...outcomes).contains(answered) }

    static func + (left: AnswerCount, right: AnswerCount) -> AnswerCount {
        AnswerCount(outcomes: left.outcomes &+ right.outcomes, answered: left.answered &+ right.answered)
    }

    static func - (left: AnswerCount, right: AnswerCount) -> AnswerCount {
        AnswerCount(outcomes: left.outcomes &- right.outcomes, answered: left.answered &- right.answered)
    }
}
