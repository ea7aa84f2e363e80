// Marks set on customers' warnings, in the journal: all marks of one request are one record, so after a crash either
// all of them exist or none.

import Board
import Columnar

public struct WarningMarkRecord: Equatable, WrittenRecordBody {
    /// In the order of customers; of one kind, by one person, at one time.
    public var marks: [WarningMark]

    public static let kind = RecordKind.warningMark
    /// Version 1 has one mark.
    public static let newestSchemaVersion: UInt16 = 2

    /// - Parameter marks: at least one; they differ only in customer and warning, and customers ascend.
    public init(_ marks: [WarningMark]) { self.marks = marks }

    /// Bytes: mark 1, at 8, until 8, who, number of warnings; then for each its customer's id as the difference from
    /// the one before, and the warning 1.
    public var payload: [UInt8] {
        var writer = FieldWriter()
        guard let first = marks.first else { return [] }
        writer.append(first.kind.rawValue)
        writer.append(first.atMicros)
        writer.append(first.untilMicros)
        writer.append(first.who)
        writer.append(packed: UInt64(marks.count))
        var last: UInt32 = 0
        for mark in marks {
            writer.append(packed: UInt64(mark.customerID - last))
            writer.append(mark.warning.rawValue)
            last = mark.customerID
        }
        return writer.bytes
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        if schemaVersion == 1 {
            marks = [try Self.oneMark(&reader)]
        } else {
            let kind = try Self.kind(&reader)
            let (at, until) = (try reader.integer(Int64.self), try reader.integer(Int64.self))
            let who = try reader.text()
            let count = try reader.packed()
            guard count > 0, count <= UInt64(reader.rest.count / 2) else {
                throw FieldFault("is too short for \(count) marks")
            }
            marks = []
            marks.reserveCapacity(Int(count))
            var id: UInt64 = 0
            for _ in 0..<count {
                let step = try reader.packed()
                guard step <= UInt64(BoardLimits.customers) else { throw Self.fault }
                id += step
                marks.append(
                    WarningMark(
                        customerID: try Self.customer(id), warning: try Self.warning(&reader), kind: kind, who: who,
                        atMicros: at, untilMicros: until))
            }
        }
        guard reader.isAtEnd else { throw FieldFault("has bytes behind its marks") }
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) throws(RecordFault) {
        guard marks.allSatisfy({ engine.hasHad($0.customerID) }) else {
            throw .malformed("marks a warning of an unknown customer")
        }
        engine.mark(marks)
    }

    private static let fault = FieldFault("marks a warning that cannot be")

    /// Bytes of version 1: customer's id 4, warning 1, mark 1, at 8, until 8, who.
    private static func oneMark(_ reader: inout FieldReader) throws(FieldFault) -> WarningMark {
        let id = try customer(UInt64(try reader.integer(UInt32.self)))
        let warning = try warning(&reader)
        var mark = WarningMark(
            customerID: id, warning: warning, kind: try kind(&reader), who: "", atMicros: try reader.integer())
        mark.untilMicros = try reader.integer()
        mark.who = try reader.text()
        return mark
    }

    private static func customer(_ id: UInt64) throws(FieldFault) -> UInt32 {
        guard id > 0, id <= UInt64(BoardLimits.customers) else { throw fault }
        return UInt32(id)
    }

    private static func warning(_ reader: inout FieldReader) throws(FieldFault) -> WarningKind {
        guard let warning = WarningKind(rawValue: try reader.integer(UInt8.self)) else { throw fault }
        return warning
    }

    private static func kind(_ reader: inout FieldReader) throws(FieldFault) -> WarningMark.Kind {
        guard let kind = WarningMark.Kind(rawValue: try reader.integer(UInt8.self)) else { throw fault }
        return kind
    }
}
