/// Which way a call goes, as whoever reports it knows.
public enum CallDirection: UInt8, Sendable, CaseIterable {
    /// The party sends it: what a call is where nothing else is said.
    case outbound = 0
    /// It comes to the party: the party's account is that of who is called.
    case inbound = 1
    /// A leg that our own switch sends: a call to a customer if it goes to one's numbers or trunk, else no call of anybody.
    case switchLeg = 2

    /// As messages and files say it; nil for another word. Nothing is `outbound`.
    public init?(_ name: some StringProtocol) {
        switch name.lowercased() {
        case "", "outbound": self = .outbound
        case "inbound": self = .inbound
        case "leg": self = .switchLeg
        default: return nil
        }
    }

    public var name: String {
        switch self {
        case .outbound: "outbound"
        case .inbound: "inbound"
        case .switchLeg: "leg"
        }
    }

    /// As boards, filters and JSON say it.
    public static func name(isInbound: Bool) -> String { (isInbound ? CallDirection.inbound : .outbound).name }
}
