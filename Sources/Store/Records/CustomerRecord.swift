// What the journal stores of customers: effects, not commands, so that a replay needs no business rules and gives the
// same state after the rules have changed.

import Board
import Columnar

/// An effect on customers.
public enum CustomerRecord: Equatable, Sendable {
    /// Customers created by one request, with consecutive ids. Of their other fields the times and the version follow
    /// from the record; fields changed by traffic are not in it.
    case created(CreatedCustomers)
    /// Customers edited, deleted, restored or imported by one request.
    case changed(ChangeRecord)
    /// Some rows of a file, or its end.
    case importPart(ImportPartRecord)
    case importEnd(ImportCommitRecord)
    /// A layout, a mapping of import files, or settings.
    case document(DocumentRecord)
    case warningMark(WarningMarkRecord)
    case purge(PurgeRecord)

    static let createdType = RecordType(number: 1 | RecordType.mustUnderstandBit)
    /// Version 1 did not have the author; up to 2 there was no tail.
    static let schemaVersion: UInt16 = 3

    /// - Returns: nil if the record belongs to another owner and may be skipped.
    public init?(_ record: JournalRecord) throws(RecordFault) {
        let known: UInt16
        switch record.type {
        case Self.createdType: known = Self.schemaVersion
        case ChangeRecord.type: known = ChangeRecord.schemaVersion
        case ImportPartRecord.type: known = ImportPartRecord.schemaVersion
        case ImportCommitRecord.type: known = ImportCommitRecord.schemaVersion
        case DocumentRecord.type: known = DocumentRecord.schemaVersion
        case WarningMarkRecord.type: known = WarningMarkRecord.schemaVersion
        case PurgeRecord.type: known = PurgeRecord.schemaVersion
        case LaterRecord.type: known = LaterRecord.schemaVersion
        default:
            if record.type.mustBeUnderstood { throw .unknownType(record.type.number) }
            return nil
        }
        guard record.schemaVersion >= 1, record.schemaVersion <= known else {
            throw .unknownSchema(type: record.type.number, version: record.schemaVersion)
        }
        do throws(FieldFault) {
            self =
                switch record.type {
                case Self.createdType:
                    .created(try CreatedCustomers(record.payload, schemaVersion: record.schemaVersion))
                case ChangeRecord.type: .changed(try ChangeRecord(record.payload))
                case ImportPartRecord.type: .importPart(try ImportPartRecord(record.payload))
                case ImportCommitRecord.type: .importEnd(try ImportCommitRecord(record.payload))
                case DocumentRecord.type: .document(try DocumentRecord(record.payload))
                case PurgeRecord.type: .purge(try PurgeRecord(record.payload))
                case LaterRecord.type: .changed(try LaterRecord(record.payload).change)
                default:
                    .warningMark(try WarningMarkRecord(record.payload, schemaVersion: record.schemaVersion))
                }
        } catch {
            throw .malformed(error.message)
        }
    }
}

/// Customers as they were created.
public struct CreatedCustomers: Equatable, Sendable {
    /// Id of the first customer; the others follow.
    public var firstID: UInt32
    /// Microseconds since 1970.
    public var createdAtMicros: Int64
    /// Digest of the client's request, to recognise a repetition.
    public var requestDigest: UInt64
    public var customers: [Customer]
    /// The author, as given by the client.
    public var who = ""
    /// The contents of the request.
    public var content = RequestContent()
}

/// Customers about to be created, encoded as in a record: packed before they are created, so that their length is known
/// when the journal is asked whether it accepts them, and completed when they have their ids.
public struct CustomerDraftRecord: Sendable {
    private var payload: [UInt8]
    /// The same for the same customers, in every process.
    public let requestDigest: UInt64

    private static let digestSeed: UInt64 = 0x6375_7374_6F6D_6572

    /// Bytes: request digest 8, created at 8, first id 4, number of customers 4; then each customer's length and
    /// fields; then the author; then the tail (`RecordTail`).
    public init(_ drafts: [Customer], who: String = "", content: RequestContent = RequestContent()) {
        var writer = FieldWriter([UInt8](repeating: 0, count: 24))
        for draft in drafts {
            writer.nested { $0.append(fieldsOf: draft) }
        }
        payload = writer.bytes
        payload.store(UInt32(drafts.count), at: 20)
        requestDigest = payload.withBytes { ByteHash.hash($0, seed: Self.digestSeed) }
        payload.store(requestDigest, at: 0)
        var author = FieldWriter()
        author.append(who)
        author.append(RecordTail(content: content))
        payload += author.bytes
    }

    public var payloadBytes: Int { payload.count }

    /// Appends the record to the journal.
    /// - Returns: the record's LSN.
    public mutating func submit(
        to journal: JournalWriter, firstID: UInt32, createdAtMicros: Int64, key: IdempotencyKey
    ) throws(JournalRefusal) -> UInt64 {
        complete(firstID: firstID, createdAtMicros: createdAtMicros)
        return try payload.withBytes { bytes throws(JournalRefusal) in
            try journal.submit(
                CustomerRecord.createdType, schemaVersion: CustomerRecord.schemaVersion, key: key, payload: bytes,
                micros: createdAtMicros)
        }
    }

    /// The whole payload.
    @discardableResult
    mutating func complete(firstID: UInt32, createdAtMicros: Int64) -> [UInt8] {
        payload.store(createdAtMicros, at: 8)
        payload.store(firstID, at: 16)
        return payload
    }
}

extension CreatedCustomers {
    init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        requestDigest = try reader.integer()
        createdAtMicros = try reader.integer()
        firstID = try reader.integer()
        let count = Int(try reader.integer(UInt32.self))
        guard firstID > 0, count > 0, count <= BoardLimits.customers, Int(firstID) - 1 <= BoardLimits.customers - count
        else { throw FieldFault("creates \(count) customers from the id \(firstID) on") }
        guard count <= reader.rest.count / EncodingLimits.leastCustomerBytes else {
            throw FieldFault("is too short for \(count) customers")
        }
        customers = []
        customers.reserveCapacity(count)
        for offset in 0..<UInt32(count) {
            var fields = FieldReader(try reader.bytes())
            var customer = Customer()
            try fields.fields(of: &customer)
            guard !customer.name.isEmpty else { throw FieldFault("has a customer without a name") }
            customer.id = firstID + offset
            (customer.createdAtMicros, customer.updatedAtMicros) = (createdAtMicros, createdAtMicros)
            customer.version = 1
            customers.append(customer)
        }
        if schemaVersion >= 2 { who = try reader.text() }
        content = try RecordTail(&reader).content
    }
}
