// Customers created by one request, in the journal.

import Board
import Columnar

/// Customers as they were created, with consecutive ids. Of their other fields the times and the version follow from
/// the record; fields changed by traffic are not in it.
public struct CreatedCustomers: Equatable, RecordBody {
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

    public static let kind = RecordKind.customersCreated
    /// Version 1 did not have the author; up to 2 there was no tail.
    public static let newestSchemaVersion: UInt16 = 3

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        let isNext = engine.recreateCustomers(
            customers, firstID: firstID, createdAtMicros: createdAtMicros, who: who,
            idempotencyKey: SeededFlaws.remembered(key), content: content)
        guard isNext else { throw .malformed("creates customers from the id \(firstID) on, which is not the next") }
    }
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

    /// The record of the customers, now that they have their ids.
    public consuming func completed(firstID: UInt32, createdAtMicros: Int64) -> EncodedRecord {
        payload.store(createdAtMicros, at: 8)
        payload.store(firstID, at: 16)
        return EncodedRecord(
            CreatedCustomers.kind, schemaVersion: CreatedCustomers.newestSchemaVersion, payload: payload)
    }
}

extension CreatedCustomers {
    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
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
