// A change in the words of its request, and the customers it left out: for the history. The effect of the change does
// not depend on any of it.

import Columnar

public struct ChangeNote: Equatable, Sendable {
    /// The assignments as written: `channels=ceil(channels*1.1)`.
    public internal(set) var assignments: [String] = []
    /// The customers were selected by these three conditions; if all are empty, all customers were meant.
    public internal(set) var isByCondition = false
    public internal(set) var filter = ""
    public internal(set) var search = ""
    public internal(set) var status = ""
    /// The imported file, as named by the client.
    public internal(set) var file = ""
    /// Number of rows in the file.
    public internal(set) var fileRows: UInt32 = 0
    /// Customers that were not set back when it was due.
    package internal(set) var leftOut = RowSet.list([])
    /// The newest change that prevented it; 0: none did, but another customer has the values by now.
    public internal(set) var leftOutFor: UInt32 = 0

    public init() {}

    /// Of `rerated`, one of each of its customers, in their order.
    public package(set) var reratings: [Rerating] = []

    /// How many customers were not set back.
    public var leftOutCount: Int { leftOut.count }

    public func hasLeftOut(customerID: UInt32) -> Bool { customerID > 0 && leftOut.contains(customerID - 1) }

    /// Approximate size in bytes.
    var byteSize: Int {
        assignments.reduce(
            filter.utf8.count + search.utf8.count + status.utf8.count + file.utf8.count + leftOut.byteSize
                + reratings.reduce(0) { $0 + 48 + $1.callID.utf8.count }
        ) {
            $0 + 16 + $1.utf8.count
        }
    }
}

extension ChangeNote {
    /// The note of an edit: empty where one customer got plain values, which the differences show.
    init(_ edit: CustomerEdit, customers: Int) {
        self.init(edit.selection)
        guard isByCondition || customers != 1 || !edit.assignments.isEmpty else { return }
        var left = BoardLimits.noteSetBytes
        let given = edit.fields.map { field in
            let value = field.isNumber ? field.shown(edit.values.number(field)) : edit.values.value(field).shown
            return "\(field.name)=\(value)"
        }
        for text in given + edit.assignments {
            guard left > 0 else {
                assignments.append("…")
                break
            }
            assignments.append(Self.cut(text))
            left -= assignments[assignments.count - 1].utf8.count
        }
    }

    init(_ selection: CustomerEdit.Selection) {
        self.init()
        guard case .query(let query) = selection else { return }
        isByCondition = true
        (filter, search, status) = (Self.cut(query.filter), Self.cut(query.search), Self.cut(query.status))
    }

    init(file: String, rows: Int) {
        self.init()
        (self.file, fileRows) = (Self.cut(file), UInt32(clamping: rows))
    }

    /// Cut, but not in the middle of a character.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > BoardLimits.noteBytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: BoardLimits.noteBytes - 3)
        while String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
        return text[..<end] + "…"
    }
}

// MARK: - Bytes

extension FieldWriter {
    /// A list of fields; empty ones are left out.
    package mutating func append(_ note: ChangeNote) {
        for text in note.assignments { field(1, text: text) }
        if note.isByCondition { field(2) { $0.append(packed: 1) } }
        for (number, text) in [(3, note.filter), (4, note.search), (5, note.status), (6, note.file)]
            as [(UInt64, String)]
        where !text.isEmpty {
            field(number, text: text)
        }
        if note.fileRows > 0 { field(7) { $0.append(packed: UInt64(note.fileRows)) } }
        if note.leftOut.count > 0 { field(8) { $0.append(note.leftOut) } }
        if note.leftOutFor > 0 { field(9) { $0.append(note.leftOutFor) } }
        for rerating in note.reratings { field(10) { $0.append(rerating) } }
    }
}

extension ChangeNote {
    package init(_ reader: inout FieldReader) throws(FieldFault) {
        self.init()
        while !reader.isAtEnd {
            let number = try reader.packed()
            var field = FieldReader(try reader.bytes())
            switch number {
            case 1:
                guard assignments.count <= BoardLimits.assignments + ChangedField.allCases.count else {
                    throw FieldFault("notes more assignments than there can be")
                }
                assignments.append(try field.wholeText())
            case 2: isByCondition = try field.packed() != 0
            case 3: filter = try field.wholeText()
            case 4: search = try field.wholeText()
            case 5: status = try field.wholeText()
            case 6: file = try field.wholeText()
            case 7: fileRows = UInt32(clamping: try field.packed())
            case 8: leftOut = try RowSet(&field)
            case 9: leftOutFor = try field.integer()
            case 10: reratings.append(try Rerating(&field))
            default: break
            }
        }
    }
}
