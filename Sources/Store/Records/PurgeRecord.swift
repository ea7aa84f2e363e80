// Deleted customers whose data was purged, in the journal.

import Board
import Columnar

public struct PurgeRecord: Equatable, WrittenRecordBody {
    public var customers: PurgedCustomers

    public static let kind = RecordKind.purge
    public static let newestSchemaVersion: UInt16 = 1

    public init(_ customers: PurgedCustomers) { self.customers = customers }

    /// Bytes: the rows, encoded as in a change.
    public var payload: [UInt8] {
        var writer = FieldWriter()
        customers.append(to: &writer)
        return writer.bytes
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        customers = try PurgedCustomers(&reader)
        guard reader.isAtEnd else { throw FieldFault("has bytes after its rows") }
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        guard engine.purge(customers) else {
            throw .malformed("purges a customer that is not deleted, or never existed")
        }
    }
}
