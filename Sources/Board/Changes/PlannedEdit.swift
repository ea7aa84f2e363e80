// An edit that begins later, as stored until then: as bytes, so that it waits in the log of changes, in the journal and
// in saved tables unchanged.

import Columnar

/// The edit is stored as it was written: conditions and expressions are parsed again when the time comes.
package struct PlannedEdit: Equatable, Sendable {
    /// When it begins, microseconds since 1970.
    package let beginMicros: Int64
    package let bytes: [UInt8]

    /// - Parameter edit: with ids, ascending, or a query.
    init(_ edit: CustomerEdit) {
        beginMicros = edit.beginAtMicros
        var writer = FieldWriter()
        writer.append(edit.selection)
        writer.append(edit.undoAtMicros)
        writer.append(packed: UInt64(edit.assignments.count))
        for text in edit.assignments { writer.append(text) }
        writer.append(packed: UInt64(edit.fields.count))
        for field in edit.fields { writer.append(field.rawValue) }
        writer.nested { $0.append(fieldsOf: edit.values) }
        bytes = writer.bytes
    }

    /// - Throws: a fault if a field is invalid.
    package init(beginMicros: Int64, bytes: [UInt8]) throws(FieldFault) {
        (self.beginMicros, self.bytes) = (beginMicros, bytes)
        guard beginMicros > 0 else { throw FieldFault("begins at \(beginMicros)") }
        _ = try edit()
    }

    /// The edit, without the name of its editor.
    func edit() throws(FieldFault) -> CustomerEdit {
        try bytes.withBytes { bytes throws(FieldFault) in
            var reader = FieldReader(bytes)
            var edit = CustomerEdit()
            edit.beginAtMicros = beginMicros
            edit.selection = try reader.selection()
            edit.undoAtMicros = try reader.integer()
            let count = try reader.packed()
            guard count <= UInt64(BoardLimits.assignments) else { throw FieldFault("plans \(count) assignments") }
            for _ in 0..<count { edit.assignments.append(try reader.longText()) }
            let fields = try reader.packed()
            guard fields <= UInt64(ChangedField.allCases.count) else { throw FieldFault("plans \(fields) fields") }
            for _ in 0..<fields {
                let number: UInt8 = try reader.integer()
                guard let field = ChangedField(rawValue: number), field != .deleted, !edit.fields.contains(field) else {
                    throw FieldFault("plans the field \(number), which is not known here or was named before")
                }
                edit.fields.append(field)
            }
            var values = FieldReader(try reader.bytes())
            try values.fields(of: &edit.values)
            guard reader.isAtEnd else { throw FieldFault("has bytes behind the planned edit") }
            return edit
        }
    }
}

extension PlannedEdit {
    /// Whether it names a customer; what a condition will match is not yet known.
    func names(_ customerID: UInt32) -> Bool {
        let rows = try? bytes.withBytes { bytes throws(FieldFault) -> RowSet? in
            var reader = FieldReader(bytes)
            return try reader.packed() == 0 ? try RowSet(&reader) : nil
        }
        return customerID > 0 && (rows.flatMap { $0 }?.contains(customerID - 1) ?? false)
    }
}

extension FieldWriter {
    /// 0 and rows, or 1 and the texts of a query.
    fileprivate mutating func append(_ selection: CustomerEdit.Selection) {
        switch selection {
        case .ids(let ids):
            append(packed: 0)
            append(RowSet(ids.map { $0 - 1 }))
        case .query(let query):
            append(packed: 1)
            for text in [query.filter, query.search, query.status, query.window.name] { append(text) }
        case .name(let name): preconditionFailure("'\(name)' became an id before")
        }
    }
}

extension FieldReader {
    fileprivate mutating func selection() throws(FieldFault) -> CustomerEdit.Selection {
        switch try packed() {
        case 0: return .ids(try RowSet(&self).rows.map { $0 + 1 })
        case 1:
            var query = BoardQuery()
            (query.filter, query.search, query.status) = (try longText(), try longText(), try longText())
            let name = try longText()
            guard let window = Window(name: name) else { throw FieldFault("has a window that is not known here") }
            (query.window, query.columns) = (window, ["id"])
            return .query(query)
        case let kind: throw FieldFault("names customers in the way \(kind), which is not known here")
        }
    }

    /// Longer than the fields of customers: planned edits have their own limit (`BoardLimits.plannedEditBytes`).
    fileprivate mutating func longText() throws(FieldFault) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else {
            throw FieldFault("has a text that is not UTF-8")
        }
        return text
    }
}
