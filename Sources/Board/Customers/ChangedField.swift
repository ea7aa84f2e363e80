// The stored fields that a change can set, and their values.

/// The raw values are stored in files and in records of created customers, and are never reused for another field; 2 is
/// the currency, which never changes.
public enum ChangedField: UInt8, CaseIterable, Sendable {
    case name = 1
    case status = 3
    case credit = 4
    case debitLimit = 5
    case channels = 6
    case flowSpeed = 7
    case portalAccess = 8
    case country = 9
    case company = 10
    case accountManager = 11
    case tags = 12
    case contacts = 13
    case auth = 14
    case routes = 15
    case shortCallSeconds = 16
    case notes = 17
    /// When the customer was deleted, microseconds since 1970; 0: it exists.
    case deleted = 18

    /// The contract's name.
    public var name: String {
        switch self {
        case .debitLimit: "debit_limit"
        case .flowSpeed: "flow_speed"
        case .portalAccess: "portal_access"
        case .accountManager: "account_manager"
        case .shortCallSeconds: "short_call_seconds"
        default: "\(self)"
        }
    }

    /// Nil: no such field can be set.
    public init?(name: String) {
        guard let field = Self.allCases.first(where: { $0.name == name }), field != .deleted else { return nil }
        self = field
    }

    /// Whether its values are whole numbers: amounts, limits, a flag, the status by its number in files.
    var isNumber: Bool {
        switch self {
        case .status, .credit, .debitLimit, .channels, .flowSpeed, .portalAccess, .shortCallSeconds, .deleted: true
        case .name, .country, .company, .accountManager, .tags, .contacts, .auth, .routes, .notes: false
        }
    }

    var isMoney: Bool { self == .credit || self == .debitLimit }

    /// Whether the search box searches it.
    var isSearched: Bool {
        switch self {
        case .name, .tags, .contacts, .auth: true
        default: false
        }
    }
}

/// A value of a non-numeric field.
public enum FieldValue: Hashable, Sendable {
    case text(String)
    case tags([String])
    case contacts([Contact])
    case auth([AuthEntry])
    case routes([Route])
}

/// The values of one field in some rows, in the rows' order.
package enum FieldValues: Equatable, Sendable {
    case numbers(PackedNumbers)
    /// Each row's position in the list of values.
    case coded(PackedNumbers, [FieldValue])

    init(_ values: [Int64]) { self = .numbers(PackedNumbers(values)) }

    init(_ values: [FieldValue]) {
        var codes: [FieldValue: Int64] = [:]
        var list: [FieldValue] = []
        let places = values.map { value in
            if let code = codes[value] { return code }
            codes[value] = Int64(list.count)
            list.append(value)
            return Int64(list.count - 1)
        }
        self = .coded(PackedNumbers(places), list)
    }

    var count: Int {
        switch self {
        case .numbers(let numbers), .coded(let numbers, _): numbers.count
        }
    }

    /// The value of a numeric field.
    func number(_ place: Int) -> Int64 { if case .numbers(let numbers) = self { numbers[place] } else { 0 } }

    /// The value of any other field.
    func value(_ place: Int) -> FieldValue {
        if case .coded(let codes, let values) = self { values[Int(codes[place])] } else { .text("") }
    }

    /// The values of some of the rows.
    func picked(_ places: [Int]) -> FieldValues {
        switch self {
        case .numbers(let numbers): FieldValues(places.map { numbers[$0] })
        case .coded: FieldValues(places.map { value($0) })
        }
    }

    /// Approximate size.
    var byteSize: Int {
        switch self {
        case .numbers(let numbers): numbers.byteSize
        case .coded(let codes, let values): codes.byteSize + values.reduce(0) { $0 + $1.byteSize }
        }
    }
}

extension FieldValue {
    fileprivate var byteSize: Int {
        switch self {
        case .text(let text): 32 + text.utf8.count
        case .tags(let tags): tags.reduce(32) { $0 + 32 + $1.utf8.count }
        case .contacts(let contacts): 32 + contacts.count * 160
        case .auth(let entries): 32 + entries.count * 64
        case .routes(let routes): 32 + routes.count * 48
        }
    }
}
