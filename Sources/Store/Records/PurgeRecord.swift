// Deleted customers whose data was purged, in the journal.

import Board
import Columnar

public struct PurgeRecord: Equatable, Sendable {
    public var customers: PurgedCustomers

    static let type = RecordType(number: 7 | RecordType.mustUnderstandBit)
    static let schemaVersion: UInt16 = 1

    public init(_ customers: PurgedCustomers) { self.customers = customers }

    /// Bytes: the rows, encoded as in a change.
    public var payload: [UInt8] {
        var writer = FieldWriter()
        customers.append(to: &writer)
        return writer.bytes
    }

    init(_ payload: UnsafeRawBufferPointer) throws(FieldFault) {
        var reader = FieldReader(payload)
        customers = try PurgedCustomers(&reader)
        guard reader.isAtEnd else { throw FieldFault("has bytes after its rows") }
    }
}
