// Warnings as tables: people's marks, saved with the customers, and raised warnings with their times, saved with the
// statistics that raise them.

import Columnar

extension WarningTable {
    static func table(_ marks: [WarningMark]) -> SavedTable {
        let marks = marks.sorted { ($0.customerID, $0.warning.rawValue) < ($1.customerID, $1.warning.rawValue) }
        var who = TextColumn()
        for mark in marks { who.append(mark.who) }
        return SavedTable(
            .warningMarks,
            [
                SavedColumn(1, "customer_id", .unsigned32(Column(marks.map(\.customerID)))),
                SavedColumn(2, "warning", .unsigned8(Column(marks.map(\.warning.rawValue)))),
                SavedColumn(3, "mark", .unsigned8(Column(marks.map(\.kind.rawValue)))),
                SavedColumn(4, "at_micros", .signed64(Column(marks.map(\.atMicros)))),
                SavedColumn(5, "until_micros", .signed64(Column(marks.map(\.untilMicros)))),
                SavedColumn(6, "who", .text(who)),
            ])
    }

    /// Older files, without the column of deletions, have no such table.
    static func marks(_ tables: [SavedTable], customers: Int) throws(RestoreError) -> [WarningMark] {
        if try tables[.customers].column(16) == nil { return [] }
        let table = try tables[.warningMarks]
        let (ids, warnings, kinds) = (try table.unsigned32(1), try table.unsigned8(2), try table.unsigned8(3))
        let (times, until, who) = (try table.signed64(4), try table.signed64(5), try table.text(6))
        var marks: [WarningMark] = []
        for row in 0..<table.rowCount {
            guard let warning = WarningKind(rawValue: warnings[row]), let kind = WarningMark.Kind(rawValue: kinds[row]),
                ids[row] >= 1, Int(ids[row]) <= customers
            else { throw table.fault("marks a warning that cannot be") }
            marks.append(
                WarningMark(
                    customerID: ids[row], warning: warning, kind: kind, who: who[row], atMicros: times[row],
                    untilMicros: until[row]))
        }
        return marks
    }

    /// One column per kind, one row per customer.
    static func table(raised: [(kind: WarningKind, atMicros: Column<Int64>)]) -> SavedTable {
        SavedTable(
            .raisedWarnings,
            raised.map { SavedColumn(UInt16($0.kind.rawValue), $0.kind.name, .signed64($0.atMicros)) })
    }

    /// Older files have no such table; kinds unknown to this version are skipped.
    static func raised(
        _ table: SavedTable?, customers: Int
    ) throws(RestoreError) -> [(kind: WarningKind, atMicros: Column<Int64>)] {
        guard let table else { return [] }
        guard table.rowCount <= customers else { throw table.fault("has customers that there are not") }
        var raised: [(kind: WarningKind, atMicros: Column<Int64>)] = []
        for kind in WarningKind.measured where table.column(UInt16(kind.rawValue)) != nil {
            raised.append((kind, try table.signed64(UInt16(kind.rawValue))))
        }
        return raised
    }
}
