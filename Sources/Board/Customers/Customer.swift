/// One customer as the back office knows it: every stored field and the two derived from traffic (`lastCallMicros` and,
/// through the board, the derived status `Dialing`).
public struct Customer: Equatable, Sendable {
    /// 1 and up, never reused.
    public var id: UInt32 = 0
    /// Required; unique after NFC and case folding.
    public var name: String = ""
    /// ISO 4217 code, required, fixed after creation.
    public var currency: String = ""
    public var status: CustomerStatus = .active
    /// In 10^-6 of the currency's unit.
    public var creditMicros: Int64 = 0
    /// `available = credit + debit_limit`; may be negative: a buffer.
    public var debitLimitMicros: Int64 = 0
    /// Maximum live calls at a time; 0: no limit.
    public var channels: UInt32 = 0
    /// Maximum set-ups per second; 0: no limit.
    public var flowSpeed: UInt32 = 0
    public var portalAccess: Bool = false
    /// ISO 3166 alpha-2, or empty.
    public var country: String = ""
    public var company: String = ""
    public var accountManager: String = ""
    public var tags: [String] = []
    public var contacts: [Contact] = []
    public var auth: [AuthEntry] = []
    public var routes: [Route] = []
    /// Answered calls of at most this many seconds are short; 0 means the default of 6.
    public var shortCallSeconds: UInt32 = 0
    public var notes: String = ""
    /// Microseconds since 1970 (UTC).
    public var createdAtMicros: Int64 = 0
    public var updatedAtMicros: Int64 = 0
    /// 1 at creation, one more with every edit.
    public var version: UInt32 = 0
    /// Set-up time of the newest call, microseconds since 1970; 0: none yet.
    public var lastCallMicros: Int64 = 0

    public init() {}
}

public struct Contact: Hashable, Sendable {
    public var name: String
    public var email: String
    public var mobile: String
    public var kind: String

    public init(name: String = "", email: String = "", mobile: String = "", kind: String = "") {
        self.name = name
        self.email = email
        self.mobile = mobile
        self.kind = kind
    }
}

public struct Route: Hashable, Sendable {
    public var name: String
    public var enabled: Bool

    public init(name: String, enabled: Bool = true) {
        self.name = name
        self.enabled = enabled
    }
}

/// The stored statuses; `Dialing` is derived (Active with live calls) and `All` is no filter.
public enum CustomerStatus: String, CaseIterable, Sendable {
    case active = "Active"
    case inactive = "Inactive"
    case pending = "Pending"
    case pendingApproval = "Pending Approval"
    case penalty = "Penalty"
}

/// Why a customer in a request was refused.
public struct CustomerError: Error, Equatable, Sendable {
    /// Position in the request; 0 for an edit that names none.
    public var index: Int
    /// The existing customer; 0: a new one.
    public var customerID: UInt32
    /// The field's name, as in the contract (`currency`, `auth`, ...).
    public var field: String
    /// What is wrong and how to fix it, in one line.
    public var message: String

    public init(index: Int, customerID: UInt32 = 0, field: String, message: String) {
        self.index = index
        self.customerID = customerID
        self.field = field
        self.message = message
    }
}
