// A change related to something that begins later, in the journal: the fields of `Later`, around the record of the
// change itself.

import Board
import Columnar

public struct LaterRecord: Equatable, WrittenRecordBody {
    public var change: ChangeRecord

    public static let kind = RecordKind.later
    public static let newestSchemaVersion: UInt16 = 1

    /// - Parameter change: one for which `belongs` holds.
    public init(_ change: ChangeRecord) { self.change = change }

    /// Whether a change is stored in this form, and not as a record of its own.
    public static func belongs(_ record: ChangeRecord) -> Bool { record.change.later != Later() }

    /// Bytes: number of the related change 4, how much it is late 8, failed 1, remark, when it begins 8, length and
    /// bytes of the planned edit, version of the change's record 2, then that record.
    public var payload: [UInt8] {
        let later = change.change.later
        var writer = FieldWriter()
        writer.append(later.of)
        writer.append(later.lateMicros)
        writer.append(UInt8(later.hasFailed ? 1 : 0))
        writer.append(later.remark)
        writer.append(later.plan?.beginMicros ?? 0)
        writer.append(bytes: later.plan?.bytes ?? [])
        writer.append(ChangeRecord.newestSchemaVersion)
        return writer.bytes + change.payload
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        var later = Later()
        later.of = try reader.integer()
        later.lateMicros = try reader.integer()
        later.hasFailed = try reader.integer(UInt8.self) != 0
        later.remark = try reader.text()
        let begins: Int64 = try reader.integer()
        let plan = Array(try reader.bytes())
        if !plan.isEmpty { later.plan = try PlannedEdit(beginMicros: begins, bytes: plan) }
        let version: UInt16 = try reader.integer()
        guard version >= 1, version <= ChangeRecord.newestSchemaVersion else {
            throw FieldFault("has a change of the version \(version), which is not known here")
        }
        change = try ChangeRecord(reader.rest, schemaVersion: version)
        guard later.of < change.change.number, later.lateMicros >= 0,
            (later.plan == nil) != (change.change.kind == .planned)
        else { throw FieldFault("is change \(change.change.number), about \(later.of), which cannot be") }
        change.change.later = later
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        try change.replay(engine, key: key)
    }
}
