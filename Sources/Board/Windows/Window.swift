/// The sliding windows, shortest first, and `all`, which never slides.
///
/// A sliding window at an instant is the slot of that instant and the 59 full slots before it.
public enum Window: Int, CaseIterable, Sendable {
    case oneMinute
    case fiveMinutes
    case fifteenMinutes
    case oneHour
    case oneDay
    case all

    /// The windows that slide, shortest first.
    public static let sliding: [Window] = [.oneMinute, .fiveMinutes, .fifteenMinutes, .oneHour, .oneDay]

    /// The name in commands, suffixes and answers.
    public var name: String {
        switch self {
        case .oneMinute: "1m"
        case .fiveMinutes: "5m"
        case .fifteenMinutes: "15m"
        case .oneHour: "1h"
        case .oneDay: "24h"
        case .all: "all"
        }
    }

    public init?(name: String) {
        guard let window = Window.allCases.first(where: { $0.name == name }) else { return nil }
        self = window
    }

    /// Length in seconds; `all` has none (0).
    public var seconds: Int64 {
        switch self {
        case .oneMinute: 60
        case .fiveMinutes: 300
        case .fifteenMinutes: 900
        case .oneHour: 3_600
        case .oneDay: 86_400
        case .all: 0
        }
    }

    /// Length of a slot in seconds. Each divides the next, so that slots of a longer window are unions of shorter ones.
    public var slotSeconds: Int64 {
        switch self {
        case .oneMinute: 1
        case .fiveMinutes: 5
        case .fifteenMinutes: 15
        case .oneHour: 60
        case .oneDay: 1_440
        case .all: 0
        }
    }
}
