// What somebody has said of a customer's warning, in the journal.

import Board
import Columnar

public struct WarningMarkRecord: Equatable, Sendable {
    public var mark: WarningMark

    static let type = RecordType(number: 6 | RecordType.mustUnderstandBit)
    static let schemaVersion: UInt16 = 1

    public init(_ mark: WarningMark) { self.mark = mark }

    /// Octets: customer's id 4, warning 1, mark 1, at 8, until 8, who.
    public var payload: [UInt8] {
        var writer = FieldWriter()
        writer.append(mark.customerID)
        writer.append(mark.warning.rawValue)
        writer.append(mark.kind.rawValue)
        writer.append(mark.atMicros)
        writer.append(mark.untilMicros)
        writer.append(mark.who)
        return writer.octets
    }

    init(_ payload: UnsafeRawBufferPointer) throws(FieldFault) {
        var reader = FieldReader(payload)
        let id: UInt32 = try reader.integer()
        let (warning, kind) = (try reader.integer(UInt8.self), try reader.integer(UInt8.self))
        guard id > 0, let warning = WarningKind(rawValue: warning), let kind = WarningMark.Kind(rawValue: kind) else {
            throw FieldFault("marks a warning that cannot be")
        }
        mark = WarningMark(customerID: id, warning: warning, kind: kind, who: "", atMicros: try reader.integer())
        mark.untilMicros = try reader.integer()
        mark.who = try reader.text()
        guard reader.isAtEnd else { throw FieldFault("has octets behind the mark") }
    }
}
