// The values that an assignment gives to a field of many customers, and which of them are invalid.

import Columnar

/// One field during an edit: one value per row before and after.
struct FieldEdit {
    let field: ChangedField
    let old: FieldValues
    private(set) var new: FieldValues

    /// - Parameter rows: ascending.
    init(_ field: ChangedField, _ customers: CustomerTable, _ rows: [UInt32]) {
        self.field = field
        old = customers.values(field, rows)
        new = old
    }

    /// - Parameters:
    ///   - cell: the value of a column for a row.
    ///   - report: receives each row whose value is invalid.
    mutating func assign(
        _ value: Assignment.Value, _ rows: [UInt32], cell: @escaping (BoardColumn, Int) -> Cell,
        report: (_ message: String, _ row: UInt32) -> Void
    ) {
        switch value {
        case .number(let number): new = .numbers(PackedNumbers(repeating: number, count: rows.count))
        case .value(let value): new = .coded(PackedNumbers(repeating: 0, count: rows.count), [value])
        case .adding(let entries): change { $0.adding(entries) }
        case .removing(let entries): change { $0.removing(entries) }
        case .contact(let part, let text): change { $0.settingFirstContact(part, text) }
        case .expression(let expression):
            if field.isNumber {
                assignNumbers(expression, rows, cell, report)
            } else {
                assignTexts(expression, rows, cell, report)
            }
        }
    }

    /// Changes each of the different values, which are few.
    private mutating func change(_ body: (FieldValue) -> FieldValue) {
        guard case .coded(let codes, let values) = new else { return }
        new = .coded(codes, values.map(body))
    }

    private mutating func assignNumbers(
        _ expression: Expression, _ rows: [UInt32], _ cell: @escaping (BoardColumn, Int) -> Cell,
        _ report: (_ message: String, _ row: UInt32) -> Void
    ) {
        if case .constant(let constant) = expression.node, let number = field.number(constant) {
            new = .numbers(PackedNumbers(repeating: number, count: rows.count))
            return
        }
        var numbers: [Int64] = []
        numbers.reserveCapacity(rows.count)
        for row in rows {
            let value = expression.value { cell($0, Int(row)) }
            if let number = field.number(value) {
                numbers.append(number)
            } else {
                numbers.append(0)
                report(field.complaint(about: value), row)
            }
        }
        new = FieldValues(numbers)
    }

    private mutating func assignTexts(
        _ expression: Expression, _ rows: [UInt32], _ cell: @escaping (BoardColumn, Int) -> Cell,
        _ report: (_ message: String, _ row: UInt32) -> Void
    ) {
        new = FieldValues(
            rows.map { row in
                guard case .text(let text) = expression.value({ cell($0, Int(row)) }) else {
                    return FieldValue.text("")
                }
                return .text(field == .country ? CountryCode.folded(text) : text)
            })
    }

    /// Marks the places where the field changes.
    func mark(_ changed: inout [Bool]) {
        if old == new { return }
        switch (old, new) {
        case (.numbers(let old), .numbers(let new)):
            for place in changed.indices where old[place] != new[place] { changed[place] = true }
        case (.coded(let oldCodes, let old), .coded(let newCodes, let new)):
            // If the codes are the same, values are compared once per pair of codes, else row by row.
            if oldCodes == newCodes {
                let differs = zip(old, new).map { $0 != $1 }
                for place in changed.indices where differs[Int(oldCodes[place])] { changed[place] = true }
            } else {
                for place in changed.indices where old[Int(oldCodes[place])] != new[Int(newCodes[place])] {
                    changed[place] = true
                }
            }
        default: break
        }
    }
}

extension ChangedField {
    /// A value as stored by this field; nil: it is invalid.
    func number(_ cell: Cell) -> Int64? {
        switch (self, cell) {
        case (.portalAccess, .boolean(let truth)): return truth ? 1 : 0
        case (.status, .text(let text)):
            return CustomerStatus.named(text).map { Int64($0.position) }
        case (.credit, .money(let micros)), (.debitLimit, .money(let micros)): return micros
        case (.credit, .integer(let units)), (.debitLimit, .integer(let units)):
            let (micros, overflow) = units.multipliedReportingOverflow(by: 1_000_000)
            return overflow ? nil : micros
        case (.credit, .number(let units)), (.debitLimit, .number(let units)):
            return Int64(exactly: (units * 1_000_000).rounded())
        case (_, .integer(let value)): return value >= 0 && value <= Int64(UInt32.max) ? value : nil
        case (_, .number(let value)):
            let rounded = value.rounded()
            return rounded >= 0 && rounded <= Double(UInt32.max) ? Int64(rounded) : nil
        default: return nil
        }
    }

    /// Why a value is invalid.
    func complaint(about cell: Cell) -> String {
        let value: String =
            switch cell {
            case .null: "null (a division by zero, or what is not known)"
            case .integer(let value): String(value)
            case .number(let value): String(value)
            case .money(let micros): Money.text(micros)
            case .text(let text): QueryError.quoted(text)
            default: "no number"
            }
        let allowed: String =
            switch self {
            case .credit, .debitLimit: "an amount that fits"
            case .status: "a status"
            case .portalAccess: "true or false"
            default: "a whole number from 0 to \(UInt32.max)"
            }
        return "\(name) would be \(value); it has to be \(allowed)"
    }
}

extension FieldValue {
    fileprivate func adding(_ entries: FieldValue) -> FieldValue {
        switch (self, entries) {
        case (.tags(let own), .tags(let more)): .tags(own + more.filter { !own.contains($0) })
        case (.auth(let own), .auth(let more)): .auth(own + more.filter { !own.contains($0) })
        case (.routes(let own), .routes(let more)):
            .routes(
                own.map { route in more.last { $0.name == route.name } ?? route }
                    + more.filter { route in !own.contains { $0.name == route.name } })
        default: self
        }
    }

    fileprivate func removing(_ entries: FieldValue) -> FieldValue {
        switch (self, entries) {
        case (.tags(let own), .tags(let less)): .tags(own.filter { !less.contains($0) })
        case (.auth(let own), .auth(let less)): .auth(own.filter { !less.contains($0) })
        case (.routes(let own), .routes(let less)):
            .routes(own.filter { route in !less.contains { $0.name == route.name } })
        default: self
        }
    }

    fileprivate func settingFirstContact(_ part: WritableKeyPath<Contact, String>, _ text: String) -> FieldValue {
        guard case .contacts(var contacts) = self else { return self }
        if contacts.isEmpty { contacts.append(Contact()) }
        contacts[0][keyPath: part] = text
        if contacts[0] == Contact() { contacts.removeFirst() }
        return .contacts(contacts)
    }
}
