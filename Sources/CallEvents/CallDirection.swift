/// Which way a call goes, as its source knows.
public enum CallDirection: UInt8, Sendable, CaseIterable {
    /// From the party: the default if nothing is stated.
    case outbound = 0
    /// To the party: the party's account is that of the called customer.
    case inbound = 1
    /// A leg that our own switch sends: a call to a customer if it goes to its numbers or trunk, else an unattributed
    /// call.
    case switchLeg = 2

    /// Reads the name used in messages and files; nil for another word. An empty name is `outbound`.
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

    /// The name in boards, filters and JSON.
    public static func name(isInbound: Bool) -> String { (isInbound ? CallDirection.inbound : .outbound).name }
}
