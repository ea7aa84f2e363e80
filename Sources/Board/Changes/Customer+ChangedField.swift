// One customer's fields as the values of a change.

extension Customer {
    /// The value of a numeric field.
    func number(_ field: ChangedField) -> Int64 {
        switch field {
        case .status: Int64(status.position)
        case .credit: creditMicros
        case .debitLimit: debitLimitMicros
        case .channels: Int64(channels)
        case .flowSpeed: Int64(flowSpeed)
        case .portalAccess: portalAccess ? 1 : 0
        case .shortCallSeconds: Int64(shortCallSeconds)
        default: 0
        }
    }

    /// The value of any other field.
    func value(_ field: ChangedField) -> FieldValue {
        switch field {
        case .country: .text(country)
        case .company: .text(company)
        case .accountManager: .text(accountManager)
        case .tags: .tags(tags)
        case .contacts: .contacts(contacts)
        case .auth: .auth(auth)
        case .routes: .routes(routes)
        case .notes: .text(notes)
        default: .text(name)
        }
    }

    /// Sets a field to a number that it can have; `EditedValues` checks it.
    mutating func set(_ field: ChangedField, to number: Int64) {
        switch field {
        case .status: status = CustomerStatus.allCases[Int(number)]
        case .credit: creditMicros = number
        case .debitLimit: debitLimitMicros = number
        case .channels: channels = UInt32(clamping: number)
        case .flowSpeed: flowSpeed = UInt32(clamping: number)
        case .portalAccess: portalAccess = number != 0
        case .shortCallSeconds: shortCallSeconds = UInt32(clamping: number)
        default: break
        }
    }

    mutating func set(_ field: ChangedField, to value: FieldValue) {
        switch (field, value) {
        case (.name, .text(let text)): name = text
        case (.country, .text(let text)): country = text
        case (.company, .text(let text)): company = text
        case (.accountManager, .text(let text)): accountManager = text
        case (.notes, .text(let text)): notes = text
        case (.tags, .tags(let tags)): self.tags = tags
        case (.contacts, .contacts(let contacts)): self.contacts = contacts
        case (.auth, .auth(let entries)): auth = entries
        case (.routes, .routes(let routes)): self.routes = routes
        default: break
        }
    }
}

extension CustomerStatus {
    /// The position in `allCases`: the status as stored in the column. Files store it too, beside the list of statuses,
    /// and so do changes, so the order of the cases never changes.
    var position: Int {
        switch self {
        case .active: 0
        case .inactive: 1
        case .pending: 2
        case .pendingApproval: 3
        case .penalty: 4
        }
    }
}
