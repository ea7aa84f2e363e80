// The fields of a customer in a file: one per column.

import CallEvents

/// What is wrong with a cell, and how to fix it.
struct CellError: Error, Equatable {
    var message: String

    init(_ message: String) { self.message = message }

    /// The quoted beginning of a possibly long text.
    static func quoted(_ text: String) -> String {
        text.count > Limits.quotedCharacters ? text.prefix(Limits.quotedCharacters) + "…" : text
    }
}

/// How a file and its cells are read.
struct CellReading: Sendable {
    /// Decimal commas, and points between thousands.
    var decimalComma = false
    /// Nil: UTF-8, or UTF-16 if the file begins like it.
    var encoding: TextEncoding?
    /// Skips columns whose header names no field.
    var ignoreUnknown = false
    /// Lists every error, not only the first ones.
    var allErrors = false
    /// The country of mobile numbers written without a country code; nil: there is none.
    var defaultCountry: CallingCountry?

    /// A mobile number with its country code, added if it is missing and there is a default country.
    func international(_ mobile: String) throws(CellError) -> String {
        do throws(UsageError) {
            return try MobileNumber.international(mobile, defaultCountry)
        } catch {
            throw CellError(error.message)
        }
    }
}

/// The raw values are the names in a header.
enum CustomerField: String, CaseIterable, Sendable {
    case id
    case name
    case currency
    case status
    case credit
    case debitLimit = "debit_limit"
    case channels
    case flowSpeed = "flow_speed"
    case portalAccess = "portal_access"
    case country
    case company
    case accountManager = "account_manager"
    case tags
    case contacts
    case auth
    case routes
    case shortCallSeconds = "short_call_seconds"
    case notes
    case contactName = "contact_name"
    case contactEmail = "contact_email"
    case contactMobile = "contact_mobile"
    case contactKind = "contact_kind"

    /// The bit of a field in `ImportCustomersRequest.fields`; 0 if the field cannot be set.
    var bit: UInt32 {
        switch self {
        case .id, .currency: 0
        case .name: 1 << 1
        case .status: 1 << 3
        case .credit: 1 << 4
        case .debitLimit: 1 << 5
        case .channels: 1 << 6
        case .flowSpeed: 1 << 7
        case .portalAccess: 1 << 8
        case .country: 1 << 9
        case .company: 1 << 10
        case .accountManager: 1 << 11
        case .tags: 1 << 12
        case .contacts: 1 << 13
        case .auth: 1 << 14
        case .routes: 1 << 15
        case .shortCallSeconds: 1 << 16
        case .notes: 1 << 17
        case .contactName: 1 << 19
        case .contactEmail: 1 << 20
        case .contactMobile: 1 << 21
        case .contactKind: 1 << 22
        }
    }

    /// A separate bit for each field, whether an import sets it or not.
    var faultBit: UInt32 { 1 << UInt32(Self.allCases.firstIndex(of: self) ?? 31) }

    static let names = allCases.map(\.rawValue).sorted()

    static func isKnown(_ name: String) -> Bool { CustomerField(rawValue: name) != nil || ignored.contains(name) }

    /// Fields set by the server: a list has them, an import skips them.
    private static let ignored: Set<String> = ["created_at", "updated_at", "version", "last_call"]
}
