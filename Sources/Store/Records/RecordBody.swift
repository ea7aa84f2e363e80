// What a record of the journal says: one type per kind of effect, each with its number, its version, its bytes, and
// what it does to an engine that reads its journal.
//
// Records are effects, not commands, so that a replay needs no business rules and gives the same state after the rules
// have changed.

import Board
import Columnar

/// The kinds of records. A number is never reused for another; one without `RecordType.mustUnderstandBit` may be
/// skipped by a program that does not know it.
public enum RecordKind: UInt16, CaseIterable, Sendable {
    case customersCreated = 0x8001
    case change = 0x8002
    case importPart = 0x8003
    case importCommit = 0x8004
    case document = 0x8005
    case warningMark = 0x8006
    case purge = 0x8007
    case later = 0x8008
    case debit = 0x8014
    case snapshotDone = 0x0040

    public var type: RecordType { RecordType(number: rawValue) }

    /// What reads and applies records of this kind.
    var body: any RecordBody.Type {
        switch self {
        case .customersCreated: CreatedCustomers.self
        case .change: ChangeRecord.self
        case .importPart: ImportPartRecord.self
        case .importCommit: ImportCommitRecord.self
        case .document: DocumentRecord.self
        case .warningMark: WarningMarkRecord.self
        case .purge: PurgeRecord.self
        case .later: LaterRecord.self
        case .debit: DebitRecord.self
        case .snapshotDone: SnapshotDone.self
        }
    }
}

/// The contents of a record.
package protocol RecordBody: Sendable {
    static var kind: RecordKind { get }
    /// The newest version of the payload that this program reads; it reads all before it, from 1 on.
    static var newestSchemaVersion: UInt16 { get }

    init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault)

    /// Does to an engine that reads its journal what was done when the record was written.
    func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault)
}

/// Contents that this program writes as they are, in the newest version.
package protocol WrittenRecordBody: RecordBody {
    var payload: [UInt8] { get }
}

/// A record that is ready to be written: encoded once, before it is admitted, for its length decides on that.
public struct EncodedRecord: Sendable {
    public var kind: RecordKind
    public var schemaVersion: UInt16
    public var payload: [UInt8]

    init(_ kind: RecordKind, schemaVersion: UInt16, payload: [UInt8]) {
        (self.kind, self.schemaVersion, self.payload) = (kind, schemaVersion, payload)
    }

    package init<Body: WrittenRecordBody>(_ body: Body) {
        self.init(Body.kind, schemaVersion: Body.newestSchemaVersion, payload: body.payload)
    }
}

extension JournalRecord {
    /// What the record says.
    /// - Returns: nil if it may be skipped.
    /// - Throws: what is wrong with a record that must be understood.
    package func body() throws(RecordFault) -> (any RecordBody)? {
        do throws(RecordFault) {
            return try knownBody()
        } catch {
            if type.mustBeUnderstood { throw error }
            return nil
        }
    }

    private func knownBody() throws(RecordFault) -> any RecordBody {
        guard let kind = RecordKind(rawValue: type.number) else { throw .unknownType(type.number) }
        guard (1...kind.body.newestSchemaVersion).contains(schemaVersion) else {
            throw .unknownSchema(type: type.number, version: schemaVersion)
        }
        do throws(FieldFault) {
            return try kind.body.init(payload, schemaVersion: schemaVersion)
        } catch {
            throw .malformed(error.message)
        }
    }
}

extension JournalWriter {
    /// Appends a record to the journal.
    /// - Returns: the record's LSN.
    public func submit(_ record: EncodedRecord, key: IdempotencyKey, micros: Int64) throws(JournalRefusal) -> UInt64 {
        try record.payload.withBytes { bytes throws(JournalRefusal) in
            try submit(
                record.kind.type, schemaVersion: record.schemaVersion, key: key, payload: bytes, micros: micros)
        }
    }
}
