// What the journal stores of costs deducted from credit: one record per batch of calls, with its producer's watermark.
//
// Amounts are differences, not the resulting credit: a batch has thousands of customers, and between two records of a
// customer others may change its credit, in the same order in a replay.

import Board
import CallEvents
import Columnar

/// Bytes: producer 16 (zeros: none), last number 8, taken at 8, number of customers 4; then of each customer its id 4
/// and the amount 8, ids ascending. In version 2 follow the customers with calls that were told again (`Rerating`), ids
/// ascending.
public struct DebitRecord: Equatable, RecordBody {
    public var debits: Debits

    public static let kind = RecordKind.debit
    /// Version 1 has no call that was told again.
    public static let newestSchemaVersion: UInt16 = 2

    public init(_ debits: Debits) { self.debits = debits }

    private static let headBytes = 36
    private static let entryBytes = 12

    /// Of a record with so many customers, some of them with calls that were told again: at most.
    public static func payloadBytes(customers: Int, reratings: Int = 0) -> Int {
        headBytes + customers * entryBytes + Rerating.bytes(reratings)
    }

    var schemaVersion: UInt16 { debits.reratings.isEmpty ? 1 : Self.newestSchemaVersion }

    var payload: [UInt8] {
        var writer = FieldWriter()
        writer.append(debits.producer?.high ?? 0)
        writer.append(debits.producer?.low ?? 0)
        writer.append(debits.through)
        writer.append(debits.takenAtMicros)
        writer.append(UInt32(debits.customerIDs.count))
        for (id, micros) in zip(debits.customerIDs, debits.micros) {
            writer.append(id)
            writer.append(micros)
        }
        for rerating in debits.reratings { writer.append(rerating) }
        return writer.bytes
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        let hasReratings = schemaVersion >= 2
        var reader = FieldReader(payload)
        debits = Debits()
        let (high, low) = (try reader.integer(UInt64.self), try reader.integer(UInt64.self))
        if high != 0 || low != 0 { debits.producer = ProducerID(high: high, low: low) }
        debits.through = try reader.integer()
        debits.takenAtMicros = try reader.integer()
        let count = Int(try reader.integer(UInt32.self))
        let rest = reader.rest.count - count * Self.entryBytes
        guard hasReratings ? rest > 0 : rest == 0 else { throw FieldFault("has not \(count) customers") }
        var last: UInt32 = 0
        for _ in 0..<count {
            let id = try reader.integer(UInt32.self)
            guard id > last else { throw FieldFault("has customers that do not ascend") }
            last = id
            debits.customerIDs.append(id)
            debits.micros.append(try reader.integer())
        }
        last = 0
        while !reader.isAtEnd {
            let rerating = try Rerating(&reader)
            guard rerating.customerID > last else { throw FieldFault("has customers that do not ascend") }
            last = rerating.customerID
            debits.reratings.append(rerating)
        }
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        guard engine.debitAgain(debits) else { throw .malformed("takes from a credit what it does not have") }
    }
}

extension EncodedRecord {
    public init(_ debits: Debits) {
        let record = DebitRecord(debits)
        self.init(DebitRecord.kind, schemaVersion: record.schemaVersion, payload: record.payload)
    }
}
