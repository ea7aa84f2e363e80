// Reading and setting a field of many customers.

import Columnar

extension CustomerTable {
    /// The current values of some rows.
    func values(_ field: ChangedField, _ rows: [UInt32]) -> FieldValues {
        if field.isNumber { return FieldValues(numbers(field, rows)) }
        if let column = dictionary(field) {
            // Codes are small: the values in use are found in one pass over the codes.
            var places: [UInt32: Int64] = [:]
            var list: [FieldValue] = []
            let codes = rows.map { row in
                let code = column.codes[Int(row)]
                if let place = places[code] { return place }
                places[code] = Int64(list.count)
                list.append(.text(column.values[Int(code)]))
                return Int64(list.count - 1)
            }
            return .coded(PackedNumbers(codes), list)
        }
        return FieldValues(rows.map { value(field, Int($0)) })
    }

    func numbers(_ field: ChangedField, _ rows: [UInt32]) -> [Int64] {
        switch field {
        case .status: rows.map { Int64(statuses[Int($0)]) }
        case .credit: rows.map { creditMicros[Int($0)] }
        case .debitLimit: rows.map { debitLimitMicros[Int($0)] }
        case .channels: rows.map { Int64(channels[Int($0)]) }
        case .flowSpeed: rows.map { Int64(flowSpeeds[Int($0)]) }
        case .portalAccess: rows.map { Int64(portalAccess[Int($0)]) }
        case .shortCallSeconds: rows.map { Int64(shortCallSeconds[Int($0)]) }
        case .deleted: rows.map { deletedAtMicros[Int($0)] }
        default: []
        }
    }

    func number(_ field: ChangedField, _ row: Int) -> Int64 {
        switch field {
        case .status: Int64(statuses[row])
        case .credit: creditMicros[row]
        case .debitLimit: debitLimitMicros[row]
        case .channels: Int64(channels[row])
        case .flowSpeed: Int64(flowSpeeds[row])
        case .portalAccess: Int64(portalAccess[row])
        case .shortCallSeconds: Int64(shortCallSeconds[row])
        case .deleted: deletedAtMicros[row]
        default: 0
        }
    }

    func value(_ field: ChangedField, _ row: Int) -> FieldValue {
        switch field {
        case .name: .text(names[row])
        case .country: .text(countries[row])
        case .company: .text(companies[row])
        case .accountManager: .text(accountManagers[row])
        case .tags: .tags(detailsByRow[row]?.tags ?? [])
        case .contacts: .contacts(detailsByRow[row]?.contacts ?? [])
        case .auth: .auth(detailsByRow[row]?.auth ?? [])
        case .routes: .routes(detailsByRow[row]?.routes ?? [])
        default: .text(detailsByRow[row]?.notes ?? "")
        }
    }

    /// The field's dictionary column, if it has few different texts.
    func dictionary(_ field: ChangedField) -> DictionaryColumn? {
        switch field {
        case .country: countries
        case .company: companies
        case .accountManager: accountManagers
        default: nil
        }
    }

    /// Sets a field of some rows, ascending; the caller updates the indices by name and by auth entry.
    mutating func set(_ field: ChangedField, _ rows: [UInt32], to values: FieldValues) {
        switch values {
        case .numbers(let numbers): set(field, rows, to: numbers)
        case .coded(let codes, let list): set(field, rows, to: codes, list)
        }
    }

    private mutating func set(_ field: ChangedField, _ rows: [UInt32], to numbers: PackedNumbers) {
        switch field {
        // Safe: the numbers were checked against the field's range.
        case .status: statuses.set(rows) { UInt8(truncatingIfNeeded: numbers[$0]) }
        case .credit: creditMicros.set(rows) { numbers[$0] }
        case .debitLimit: debitLimitMicros.set(rows) { numbers[$0] }
        case .channels: channels.set(rows) { UInt32(truncatingIfNeeded: numbers[$0]) }
        case .flowSpeed: flowSpeeds.set(rows) { UInt32(truncatingIfNeeded: numbers[$0]) }
        case .portalAccess: portalAccess.set(rows) { UInt8(truncatingIfNeeded: numbers[$0]) }
        case .shortCallSeconds: shortCallSeconds.set(rows) { UInt32(truncatingIfNeeded: numbers[$0]) }
        case .deleted: for (place, row) in rows.enumerated() { setDeleted(Int(row), atMicros: numbers[place]) }
        default: break
        }
    }

    private mutating func set(_ field: ChangedField, _ rows: [UInt32], to codes: PackedNumbers, _ list: [FieldValue]) {
        switch field {
        case .name:
            for (place, row) in rows.enumerated() { names[Int(row)] = list[Int(codes[place])].text }
        case .country: countries.set(rows, to: list.map(\.text)) { Int(codes[$0]) }
        case .company: companies.set(rows, to: list.map(\.text)) { Int(codes[$0]) }
        case .accountManager: accountManagers.set(rows, to: list.map(\.text)) { Int(codes[$0]) }
        default:
            for (place, row) in rows.enumerated() { detailsByRow.set(Int(row), list[Int(codes[place])], field) }
        }
    }

    /// Raises the version of some rows, ascending.
    mutating func finishChange(_ rows: [UInt32], atMicros: Int64, texts: Bool) {
        for row in rows { versions[Int(row)] &+= 1 }
        updatedAtMicros.set(rows) { _ in atMicros }
        var last = -1
        for row in rows where Int(row) / ChunkSize.rows != last {
            last = Int(row) / ChunkSize.rows
            touch(row: Int(row), texts: texts)
        }
    }
}

extension FieldValue {
    var text: String { if case .text(let text) = self { text } else { "" } }
}

extension DetailsTable {
    fileprivate mutating func set(_ row: Int, _ value: FieldValue, _ field: ChangedField) {
        var details = self[row] ?? CustomerDetails()
        switch value {
        case .tags(let tags): details.tags = tags
        case .contacts(let contacts): details.contacts = contacts
        case .auth(let entries): details.auth = entries
        case .routes(let routes): details.routes = routes
        case .text(let notes): details.notes = notes
        }
        self[row] = details
    }
}

extension Column {
    /// Sets some rows, ascending, chunk by chunk.
    fileprivate mutating func set(_ rows: [UInt32], to value: (_ place: Int) -> Value) {
        var place = 0
        while place < rows.count {
            let chunk = Int(rows[place]) / ChunkSize.rows
            let first = chunk * ChunkSize.rows
            withMutableChunk(chunk) { values in
                while place < rows.count, Int(rows[place]) - first < ChunkSize.rows {
                    values[Int(rows[place]) - first] = value(place)
                    place += 1
                }
            }
        }
    }
}

extension DictionaryColumn {
    fileprivate mutating func set(_ rows: [UInt32], to texts: [String], _ text: (_ place: Int) -> Int) {
        let codes = texts.map { intern($0) }
        for (place, row) in rows.enumerated() { set(Int(row), toCode: codes[text(place)]) }
    }
}
