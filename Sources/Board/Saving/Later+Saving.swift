// What begins later, beside the log of changes: one row per change concerned, and planned edits as bytes end to end.

import Columnar

extension ChangeLog {
    var laterTables: [SavedTable] {
        var (numbers, of, done, off) = (Column<UInt32>(), Column<UInt32>(), Column<UInt32>(), Column<UInt32>())
        var (late, begins, failed) = (Column<Int64>(), Column<Int64>(), Column<UInt8>())
        var (remarks, lengths) = (TextColumn(), Column<UInt32>())
        var bytes: [UInt8] = []
        for change in changes where change.later != Later() {
            let later = change.later
            numbers.append(change.number)
            of.append(later.of)
            done.append(later.carriedOutBy)
            off.append(later.calledOffBy)
            late.append(later.lateMicros)
            failed.append(later.hasFailed ? 1 : 0)
            remarks.append(later.remark)
            begins.append(later.plan?.beginMicros ?? 0)
            let plan = later.plan?.bytes ?? []
            // At most `BoardLimits.plannedEditBytes`.
            lengths.append(UInt32(clamping: plan.count))
            bytes += plan
        }
        return [
            SavedTable(
                .laterChanges,
                [
                    SavedColumn(1, "number", .unsigned32(numbers)), SavedColumn(2, "of", .unsigned32(of)),
                    SavedColumn(3, "carried_out_by", .unsigned32(done)),
                    SavedColumn(4, "called_off_by", .unsigned32(off)), SavedColumn(5, "late_micros", .signed64(late)),
                    SavedColumn(6, "failed", .unsigned8(failed)), SavedColumn(7, "remark", .text(remarks)),
                    SavedColumn(8, "begin_at_micros", .signed64(begins)),
                    SavedColumn(9, "octets", .unsigned32(lengths)),
                ]),
            SavedTable(.plannedOctets, [SavedColumn(1, "octet", .unsigned8(Column(bytes)))]),
        ]
    }
}

extension Later {
    /// By the change's number. Older files have no such tables: nothing began later.
    static func restored(_ tables: [SavedTable]) throws(RestoreError) -> [UInt32: Later] {
        guard let table = tables.first(where: { $0.id == SavedTableID.laterChanges.rawValue }) else { return [:] }
        let (numbers, of, done) = (try table.unsigned32(1), try table.unsigned32(2), try table.unsigned32(3))
        let (off, late, failed) = (try table.unsigned32(4), try table.signed64(5), try table.unsigned8(6))
        let (remarks, begins, lengths) = (try table.text(7), try table.signed64(8), try table.unsigned32(9))
        let column = try tables[.plannedOctets].unsigned8(1)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(column.count)
        for chunk in 0..<column.chunkCount { column.withChunk(chunk) { bytes.append(contentsOf: $0) } }
        var place = 0
        var restored: [UInt32: Later] = [:]
        for row in 0..<table.rowCount {
            let length = Int(lengths[row])
            guard length <= bytes.count - place, of[row] < numbers[row], late[row] >= 0,
                done[row] == 0 || done[row] > numbers[row], off[row] == 0 || off[row] > numbers[row]
            else {
                throw table.fault("has a change that cannot be")
            }
            var later = Later()
            (later.of, later.carriedOutBy, later.calledOffBy) = (of[row], done[row], off[row])
            (later.lateMicros, later.hasFailed, later.remark) = (late[row], failed[row] != 0, remarks[row])
            if length > 0 {
                do throws(FieldFault) {
                    let own = Array(bytes[place..<place + length])
                    later.plan = try PlannedEdit(beginMicros: begins[row], bytes: own)
                } catch {
                    throw table.fault("has a planned edit that \(error.message)")
                }
            }
            place += length
            restored[numbers[row]] = later
        }
        return restored
    }
}
