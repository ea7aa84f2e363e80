// What the journal stores of snapshots: the hash that a file must have when it is read again. It reveals a file that is
// whole by itself but not the one written under its name (a disk that reads another place, a restored copy).

import Board
import Columnar

/// A snapshot of the customers was written, read back and named.
public struct SnapshotDone: Equatable, WrittenRecordBody {
    /// The snapshot's number: the last record that it includes.
    public var number: UInt64
    public var rootHash: UInt64

    public static let kind = RecordKind.snapshotDone
    public static let newestSchemaVersion: UInt16 = 1
    private static let byteCount = 16

    public init(number: UInt64, rootHash: UInt64) {
        self.number = number
        self.rootHash = rootHash
    }

    /// Bytes: number 8, root hash 8.
    public var payload: [UInt8] {
        var payload: [UInt8] = []
        payload.appendInteger(number)
        payload.appendInteger(rootHash)
        return payload
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        guard payload.count == Self.byteCount else { throw FieldFault("has not \(Self.byteCount) bytes") }
        number = payload.integer(at: 0, as: UInt64.self)
        rootHash = payload.integer(at: 8, as: UInt64.self)
    }

    /// It says nothing of customers.
    public func replay(_ engine: Engine, key: IdempotencyKey) {}
}
