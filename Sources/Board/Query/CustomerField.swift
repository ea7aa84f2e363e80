import Columnar

/// The fields of a customer that the board can show, filter and sort by; raw values are the contract's names.
enum CustomerField: String, CaseIterable, Sendable {
    case id, name, status, currency, country, company, tags, credit, available, channels, warnings
    case debitLimit = "debit_limit"
    case flowSpeed = "flow_speed"
    case portalAccess = "portal_access"
    case accountManager = "account_manager"
    case shortCallSeconds = "short_call_seconds"
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case version
    case lastCall = "last_call"
}

/// One value of a row, with its kind; money is 10^-6 of the row's currency, times are microseconds since 1970.
enum Cell: Equatable, Sendable {
    case null
    case integer(Int64)
    case number(Double)
    case text(String)
    case texts([String])
    case boolean(Bool)
    case money(Int64)
    case time(Int64)
}

extension CustomerTable {
    func cell(_ field: CustomerField, _ row: Int) -> Cell {
        switch field {
        case .id: .integer(Int64(row) + 1)
        case .name: .text(names[row])
        case .status: .text(shownStatus(row))
        case .currency: .text(currencies[row])
        case .country: CustomerTable.optional(countries[row])
        case .company: CustomerTable.optional(companies[row])
        case .accountManager: CustomerTable.optional(accountManagers[row])
        case .tags: .texts(tags(row))
        // Not stored with the customers; see `EngineState.warningNames`.
        case .warnings: .null
        case .credit: .money(creditMicros[row])
        case .debitLimit: .money(debitLimitMicros[row])
        // The check at creation keeps the sum within range.
        case .available: .money(creditMicros[row] &+ debitLimitMicros[row])
        case .channels: .integer(Int64(channels[row]))
        case .flowSpeed: .integer(Int64(flowSpeeds[row]))
        case .portalAccess: .boolean(portalAccess[row] != 0)
        case .shortCallSeconds: .integer(Int64(shortCallSeconds[row] == 0 ? 6 : shortCallSeconds[row]))
        case .createdAt: .time(createdAtMicros[row])
        case .updatedAt: .time(updatedAtMicros[row])
        case .version: .integer(Int64(versions[row]))
        case .lastCall: lastCallMicros[row] == 0 ? .null : .time(lastCallMicros[row])
        }
    }

    private static func optional(_ text: String) -> Cell { text.isEmpty ? .null : .text(text) }
}
