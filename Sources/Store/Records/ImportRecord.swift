// An import of customers in the journal: its parts as they were accepted, each with what it creates and what it
// updates, and, when all have arrived, the record that puts them into force. Parts without it have no effect.

import Board
import Columnar

/// The result of some rows of a file.
public struct ImportPartRecord: Equatable, WrittenRecordBody {
    /// 0: an import begins; earlier parts with its key are dropped.
    package var number: UInt32
    package var created: ArraySlice<Customer>
    package var updates: ArraySlice<ImportUpdate>

    public static let kind = RecordKind.importPart
    public static let newestSchemaVersion: UInt16 = 1

    package init(number: UInt32, created: ArraySlice<Customer>, updates: ArraySlice<ImportUpdate>) {
        (self.number, self.created, self.updates) = (number, created, updates)
    }

    /// Passes the next rows of an import to an engine; reading them gave `unreadable` errors.
    /// - Returns: errors of these rows, and their record; the record is empty if there were errors, now or before.
    public static func take(
        _ rows: [ImportRow], part: UInt32 = 0, unreadable: Int = 0, key: IdempotencyKey, hash: UInt64? = nil,
        by engine: Engine, now: Int64
    ) throws(ChangeRefusal) -> (errors: [CustomerError], record: ImportPartRecord) {
        let (errors, created, updates) = try engine.takeImport(
            rows, unreadable: unreadable, of: key.bytes, hash: hash, now: now)
        return (errors, ImportPartRecord(number: part, created: created, updates: updates))
    }

    /// Whether the record has to be journalled.
    public var saysSomething: Bool { number == 0 || !created.isEmpty || !updates.isEmpty }

    /// Bytes: number 4, created 4, updates 4; then each created customer's length and fields; then each update's row 4,
    /// its fields' bits 4, and length and bytes of the fields.
    public var payload: [UInt8] {
        var writer = FieldWriter()
        writer.reserve(12 + 128 * (created.count + updates.count))
        writer.append(number)
        writer.append(UInt32(clamping: created.count))
        writer.append(UInt32(clamping: updates.count))
        for customer in created {
            writer.nested { $0.append(fieldsOf: customer) }
        }
        for update in updates {
            writer.append(update.row)
            writer.append(update.fields)
            writer.nested { $0.append(fieldsOf: update.customer) }
        }
        return writer.bytes
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) {
        if number == 0 { engine.forgetImport(key.bytes) }
        engine.replayImport(created, updates, of: key.bytes)
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        number = try reader.integer()
        let counts = (Int(try reader.integer(UInt32.self)), Int(try reader.integer(UInt32.self)))
        guard counts.0 + counts.1 <= reader.rest.count / EncodingLimits.leastUpdateBytes else {
            throw FieldFault("is too short for \(counts.0) and \(counts.1) customers")
        }
        (created, updates) = ([], [])
        for _ in 0..<counts.0 {
            var fields = FieldReader(try reader.bytes())
            var customer = Customer()
            try fields.fields(of: &customer)
            guard !customer.name.isEmpty else { throw FieldFault("has a customer without a name") }
            created.append(customer)
        }
        for _ in 0..<counts.1 {
            let row: UInt32 = try reader.integer()
            let bits: UInt32 = try reader.integer()
            var fields = FieldReader(try reader.bytes())
            var customer = Customer()
            try fields.fields(of: &customer)
            guard row < UInt32(BoardLimits.customers) else { throw FieldFault("updates a customer that cannot be") }
            updates.append(ImportUpdate(row: row, fields: bits, customer: customer))
        }
        guard reader.isAtEnd else { throw FieldFault("has bytes after its last customer") }
    }
}

/// The end of an import, whose parts have its key.
public struct ImportCommitRecord: Equatable, WrittenRecordBody {
    /// The change, without rows and values.
    package var header: Change
    package var matched: Int
    /// The contents of its parts.
    package var content = RequestContent()

    public static let kind = RecordKind.importCommit
    /// Version 1 has no tail.
    public static let newestSchemaVersion: UInt16 = 2

    public init(_ prepared: PreparedChange) {
        header = prepared.change
        matched = prepared.matched
        content = prepared.content
    }

    /// Bytes: number 4, at 8, first id created 4, created 4, matched 4, who; then the tail (`RecordTail`).
    public var payload: [UInt8] {
        var writer = FieldWriter()
        writer.append(header.number)
        writer.append(header.atMicros)
        writer.append(header.createdFirstID)
        writer.append(header.createdCount)
        writer.append(UInt32(clamping: matched))
        writer.append(header.who)
        writer.append(RecordTail(content: content, note: header.note))
        return writer.bytes
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        guard engine.replayImport(header, matched: matched, of: key.bytes, content: content) else {
            throw .malformed("ends an import whose parts are not there, or which is not the next change")
        }
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        header = Change()
        header.kind = .imported
        header.number = try reader.integer()
        header.atMicros = try reader.integer()
        header.createdFirstID = try reader.integer()
        header.createdCount = try reader.integer()
        matched = Int(try reader.integer(UInt32.self))
        header.who = try reader.text()
        let tail = try RecordTail(&reader)
        (content, header.note) = (tail.content, tail.note)
    }
}
