// One change of customers: who made it and when, with the values before and after. The journal stores it, the history
// shows it, and an undo reverts it.

/// An effect, not a command: `credit := 120`. It is applied as is, whatever rule produced it.
public struct Change: Equatable, Sendable {
    /// The raw values are stored in files.
    public enum Kind: UInt8, Sendable {
        case created = 0
        case edited = 1
        case deleted = 2
        case undone = 3
        case imported = 4
        /// Made by the server itself, at a time that was set before.
        case scheduled = 5
        /// An edit that begins later (`later.plan`).
        case planned = 6
        /// The pending action of another change is called off (`later.of`).
        case calledOff = 7
        /// Calls of customers were told with other costs than before, and the differences were booked. It changes no
        /// field and cannot be taken back.
        case rerated = 8
    }

    /// 1 and up, without gaps.
    public var number: UInt32 = 0
    /// Microseconds since 1970.
    public var atMicros: Int64 = 0
    /// The name given by the client.
    public var who = ""
    public var kind = Kind.edited
    /// The change that this one reverts; 0: none.
    public var undoes: UInt32 = 0
    /// The change that has reverted this one; 0: none.
    public var undoneBy: UInt32 = 0
    /// When it is to be set back automatically, microseconds since 1970; 0: never.
    public var undoAtMicros: Int64 = 0
    /// Its relation to changes that begin later.
    public package(set) var later = Later()
    /// The customers that it created, with consecutive ids.
    public var createdFirstID: UInt32 = 0
    public var createdCount: UInt32 = 0
    /// The customers that it changed.
    package var rows = RowSet.list([])
    package var fields: [FieldChange] = []
    public package(set) var note = ChangeNote()

    package init() {}

    /// How many customers it created or changed.
    public var customerCount: Int { rows.count + Int(createdCount) }

    func hasCreated(row: UInt32) -> Bool {
        createdFirstID > 0 && row + 1 >= createdFirstID && row + 1 - createdFirstID < createdCount
    }

    /// Approximate bytes it takes in the log.
    var byteSize: Int {
        fields.reduce(128 + who.utf8.count + note.byteSize + later.byteSize + rows.byteSize) {
            $0 + 64 + $1.old.byteSize + $1.new.byteSize
        }
    }
}

/// One field's values in all rows of a change, before and after.
package struct FieldChange: Equatable, Sendable {
    package var field: ChangedField
    package var old: FieldValues
    package var new: FieldValues
}

// MARK: - Bytes

extension FieldWriter {
    /// The rows and the values of a change; the values before only if requested: a replay knows them.
    package mutating func append(valuesOf change: Change, withOld: Bool) {
        append(change.rows)
        append(packed: UInt64(change.fields.count))
        for field in change.fields {
            append(packed: UInt64(field.field.rawValue))
            append(field.new, field.field)
            if withOld { append(field.old, field.field) }
        }
    }

    private mutating func append(_ values: FieldValues, _ field: ChangedField) {
        switch values {
        case .numbers(let numbers): append(numbers)
        case .coded(let codes, let list):
            append(codes)
            append(packed: UInt64(list.count))
            for value in list {
                nested { $0.append(value, field) }
            }
        }
    }

    /// A value as a record stores the customer's field.
    private mutating func append(_ value: FieldValue, _ field: ChangedField) {
        var customer = Customer()
        customer.set(field, to: value)
        append(fieldsOf: customer)
    }
}

extension Change {
    package mutating func readValues(_ reader: inout FieldReader, withOld: Bool) throws(FieldFault) {
        rows = try RowSet(&reader)
        let count = try reader.packed()
        guard count <= UInt64(ChangedField.allCases.count) else { throw FieldFault("changes \(count) fields") }
        for _ in 0..<count {
            let number = try reader.packed()
            guard number <= 0xFF, let field = ChangedField(rawValue: UInt8(number)),
                !fields.contains(where: { $0.field == field })
            else { throw FieldFault("changes the field \(number), which is not known here or was changed before") }
            let new = try FieldValues(&reader, field, count: rows.count)
            let old = withOld ? try FieldValues(&reader, field, count: rows.count) : new
            fields.append(FieldChange(field: field, old: old, new: new))
        }
    }
}

extension FieldValues {
    fileprivate init(_ reader: inout FieldReader, _ field: ChangedField, count: Int) throws(FieldFault) {
        let numbers = try PackedNumbers(&reader, count: count)
        if field.isNumber {
            self = .numbers(numbers)
            for place in 0..<count where !field.accepts(numbers[place]) {
                throw FieldFault("sets \(field.name) to \(numbers[place]), which it cannot be")
            }
            return
        }
        let length = try reader.packed()
        guard length <= UInt64(reader.rest.count), length <= UInt64(count) else {
            throw FieldFault("is too short for \(length) values")
        }
        var list: [FieldValue] = []
        for _ in 0..<length {
            var entry = FieldReader(try reader.bytes())
            var customer = Customer()
            try entry.fields(of: &customer)
            list.append(customer.value(field))
        }
        for place in 0..<count where numbers[place] < 0 || numbers[place] >= Int64(list.count) {
            throw FieldFault("has a value's number that is none")
        }
        self = .coded(numbers, list)
    }
}

extension ChangedField {
    /// Whether a number from a file is valid for this field. (Amounts may be any.)
    fileprivate func accepts(_ number: Int64) -> Bool {
        switch self {
        case .status: number >= 0 && number < Int64(CustomerStatus.allCases.count)
        case .channels, .flowSpeed, .shortCallSeconds: number >= 0 && number <= Int64(UInt32.max)
        case .portalAccess: number == 0 || number == 1
        case .deleted: number >= 0
        default: true
        }
    }
}
