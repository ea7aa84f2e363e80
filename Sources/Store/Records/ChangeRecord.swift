// A change of customers in the journal: the new values of which fields of which customers, and which were created.

import Board
import Columnar

/// A change as it was carried out. The values before it are not in the record: a replay knows them.
public struct ChangeRecord: Equatable, WrittenRecordBody {
    public var change: Change
    /// Customers that it created, with ids from `change.createdFirstID` on.
    public var created: [Customer]
    /// Number of customers requested, reported when the request is repeated.
    public var matched: Int
    /// The contents of the request.
    public var content = RequestContent()

    public static let kind = RecordKind.change
    /// Version 1 has no tail.
    public static let newestSchemaVersion: UInt16 = 2

    public init(_ prepared: PreparedChange) {
        (change, created, matched) = (prepared.change, prepared.created, prepared.matched)
        content = prepared.content
    }

    /// Bytes: number 4, at 8, kind 1, undoes 4, first id created 4, created 4, matched 4, time of the set-back 8, who;
    /// then each created customer's length and fields; then rows and values (`FieldWriter.append(valuesOf:)`); then the
    /// tail (`RecordTail`).
    public var payload: [UInt8] {
        var writer = FieldWriter()
        writer.append(change.number)
        writer.append(change.atMicros)
        writer.append(change.kind.rawValue)
        writer.append(change.undoes)
        writer.append(change.createdFirstID)
        writer.append(change.createdCount)
        writer.append(UInt32(clamping: matched))
        writer.append(change.undoAtMicros)
        writer.append(change.who)
        for customer in created {
            writer.nested { $0.append(fieldsOf: customer) }
        }
        writer.append(valuesOf: change, withOld: false)
        writer.append(RecordTail(content: content, note: change.note))
        return writer.bytes
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        change = Change()
        change.number = try reader.integer()
        change.atMicros = try reader.integer()
        let kind: UInt8 = try reader.integer()
        guard let known = Change.Kind(rawValue: kind) else { throw FieldFault("is a change of the kind \(kind)") }
        change.kind = known
        change.undoes = try reader.integer()
        change.createdFirstID = try reader.integer()
        change.createdCount = try reader.integer()
        matched = Int(try reader.integer(UInt32.self))
        change.undoAtMicros = try reader.integer()
        change.who = try reader.text()
        guard change.number > 0, change.undoes < change.number else {
            throw FieldFault("is change \(change.number), which undoes \(change.undoes)")
        }
        let count = Int(change.createdCount)
        guard count <= reader.rest.count / EncodingLimits.leastCustomerBytes else {
            throw FieldFault("is too short for \(count) customers")
        }
        created = []
        created.reserveCapacity(count)
        for _ in 0..<count {
            var fields = FieldReader(try reader.bytes())
            var customer = Customer()
            try fields.fields(of: &customer)
            guard !customer.name.isEmpty else { throw FieldFault("has a customer without a name") }
            created.append(customer)
        }
        try change.readValues(&reader, withOld: false)
        let tail = try RecordTail(&reader)
        (content, change.note) = (tail.content, tail.note)
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        let isNext = engine.replay(
            change, created: created, matched: matched, idempotencyKey: SeededFlaws.remembered(key), content: content)
        guard isNext else {
            throw .malformed("is change \(change.number), which is not the next, or of other customers")
        }
    }
}

extension EncodedRecord {
    /// A change as the journal stores it: in the form of `LaterRecord` where it has to do with what begins later.
    public init(_ prepared: PreparedChange) {
        let change = ChangeRecord(prepared)
        if LaterRecord.belongs(change) { self.init(LaterRecord(change)) } else { self.init(change) }
    }
}
