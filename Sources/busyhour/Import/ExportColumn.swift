// The columns that an export can have: those that `import` reads, and those set by the server, which it skips.

/// The raw values are the names in the header.
enum ExportColumn: String, CaseIterable, Sendable {
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
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case version
    case lastCall = "last_call"
    case contactName = "contact_name"
    case contactEmail = "contact_email"
    case contactMobile = "contact_mobile"
    case contactKind = "contact_kind"

    /// Every field that can be set, each once, and the id.
    static let standard = allCases.filter { column in
        switch column {
        case .createdAt, .updatedAt, .version, .lastCall: false
        case .contactName, .contactEmail, .contactMobile, .contactKind: false
        default: true
        }
    }

    /// Reads `name,credit`.
    /// - Throws: `UsageError` for an unknown name, with the nearest one, for a repeated one, and for an empty list.
    static func parse(_ text: String) throws -> [ExportColumn] {
        var columns: [ExportColumn] = []
        for name in NameList.parse(text) {
            guard let column = ExportColumn(rawValue: name.lowercased()) else {
                let names = allCases.map(\.rawValue)
                let hint = NearestName.of(name, among: names).map { "did you mean '\($0)'?" }
                throw UsageError("--columns: no column '\(name)'; \(hint ?? "known are \(CommandNames.list(names))")")
            }
            guard !columns.contains(column) else { throw UsageError("--columns: '\(name)' is named twice; keep one") }
            columns.append(column)
        }
        guard !columns.isEmpty else { throw UsageError("--columns names no column; write them as name,credit") }
        return columns
    }
}
