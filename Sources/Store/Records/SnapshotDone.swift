// What the journal stores of snapshots: the hash that a file must have when it is read again. It reveals a file that is
// whole by itself but not the one written under its name (a disk that reads another place, a restored copy).

import Columnar

/// A snapshot of the customers was written, read back and named.
public struct SnapshotDone: Equatable, Sendable {
    /// The snapshot's number: the last record that it includes.
    public var number: UInt64
    public var rootHash: UInt64

    /// A program that does not know this type may skip it.
    static let type = RecordType(number: 64)
    static let schemaVersion: UInt16 = 1
    private static let byteCount = 16

    public init(number: UInt64, rootHash: UInt64) {
        self.number = number
        self.rootHash = rootHash
    }

    /// - Returns: nil if the record is of another type.
    public init?(_ record: JournalRecord) {
        guard record.type == Self.type, record.schemaVersion == Self.schemaVersion,
            record.payload.count == Self.byteCount
        else { return nil }
        number = record.payload.integer(at: 0, as: UInt64.self)
        rootHash = record.payload.integer(at: 8, as: UInt64.self)
    }

    /// Appends the record to the journal.
    /// - Returns: the record's LSN.
    public func submit(to journal: JournalWriter, micros: Int64) throws(JournalRefusal) -> UInt64 {
        var payload: [UInt8] = []
        payload.appendInteger(number)
        payload.appendInteger(rootHash)
        return try payload.withBytes { bytes throws(JournalRefusal) in
            try journal.submit(Self.type, schemaVersion: Self.schemaVersion, payload: bytes, micros: micros)
        }
    }
}
