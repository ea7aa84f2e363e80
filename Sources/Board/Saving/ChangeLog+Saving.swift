// The log of changes as tables: one row per change, and the rows and values of all of them as bytes end to end.

import Columnar

extension ChangeLog {
    var tables: [SavedTable] {
        var (numbers, whens, kinds) = (Column<UInt32>(), Column<Int64>(), Column<UInt8>())
        var (undoes, undoneBy) = (Column<UInt32>(), Column<UInt32>())
        var (firstIDs, created, lengths) = (Column<UInt32>(), Column<UInt32>(), Column<UInt32>())
        var times = Column<Int64>()
        var who = TextColumn()
        var noteLengths = Column<UInt32>()
        var (bytes, notes): ([UInt8], [UInt8]) = ([], [])
        for change in changes {
            numbers.append(change.number)
            whens.append(change.atMicros)
            who.append(change.who)
            kinds.append(change.kind.rawValue)
            times.append(change.undoAtMicros)
            undoes.append(change.undoes)
            undoneBy.append(change.undoneBy)
            firstIDs.append(change.createdFirstID)
            created.append(change.createdCount)
            var writer = FieldWriter()
            writer.append(valuesOf: change, withOld: true)
            // A change fits a record of the journal twice over, which is far below this.
            lengths.append(UInt32(clamping: writer.bytes.count))
            bytes += writer.bytes
            var note = FieldWriter()
            note.append(change.note)
            noteLengths.append(UInt32(clamping: note.bytes.count))
            notes += note.bytes
        }
        return [
            SavedTable(
                .changes,
                [
                    SavedColumn(1, "number", .unsigned32(numbers)), SavedColumn(2, "at_micros", .signed64(whens)),
                    SavedColumn(3, "who", .text(who)), SavedColumn(4, "kind", .unsigned8(kinds)),
                    SavedColumn(5, "undoes", .unsigned32(undoes)), SavedColumn(6, "undone_by", .unsigned32(undoneBy)),
                    SavedColumn(7, "created_first_id", .unsigned32(firstIDs)),
                    SavedColumn(8, "created", .unsigned32(created)), SavedColumn(9, "octets", .unsigned32(lengths)),
                    SavedColumn(10, "undo_at_micros", .signed64(times)),
                    SavedColumn(11, "note_octets", .unsigned32(noteLengths)),
                ]),
            // The notes come after the values of all changes, where older programs do not look.
            SavedTable(.changeOctets, [SavedColumn(1, "octet", .unsigned8(Column(bytes + notes)))]),
        ]
    }

    /// Older files have no such tables, nor the column of deletions: they have no changes to show.
    init(_ tables: [SavedTable], customers: Int) throws(RestoreError) {
        if try tables[.customers].column(16) == nil {
            self.init()
            return
        }
        let table = try tables[.changes]
        let (numbers, whens, who) = (try table.unsigned32(1), try table.signed64(2), try table.text(3))
        let (kinds, undoes, undoneBy) = (try table.unsigned8(4), try table.unsigned32(5), try table.unsigned32(6))
        let (firstIDs, created, lengths) = (try table.unsigned32(7), try table.unsigned32(8), try table.unsigned32(9))
        let times = try table.signed64(10)
        // Older files have no notes.
        let noteLengths = table.column(11) == nil ? Column<UInt32>() : try table.unsigned32(11)
        let column = try tables[.changeOctets].unsigned8(1)
        var changes: [Change] = []
        var bytes: [UInt8] = []
        bytes.reserveCapacity(column.count)
        for chunk in 0..<column.chunkCount { column.withChunk(chunk) { bytes.append(contentsOf: $0) } }
        var place = 0
        var notePlace = (0..<table.rowCount).reduce(0) { $0 + Int(lengths[$1]) }
        let later = try Later.restored(tables)
        for row in 0..<table.rowCount {
            guard let kind = Change.Kind(rawValue: kinds[row]), row == 0 || numbers[row] > numbers[row - 1],
                numbers[row] > 0, numbers[row] < .max, Int(lengths[row]) <= bytes.count - place
            else { throw table.fault("has a change that cannot be") }
            var change = Change()
            change.number = numbers[row]
            change.atMicros = whens[row]
            change.who = who[row]
            change.kind = kind
            change.undoAtMicros = times[row]
            change.undoes = undoes[row]
            change.undoneBy = undoneBy[row]
            change.createdFirstID = firstIDs[row]
            change.createdCount = created[row]
            if let later = later[change.number] { change.later = later }
            let own = bytes[place..<place + Int(lengths[row])]
            place += own.count
            do throws(FieldFault) {
                try Array(own).withBytes { bytes throws(FieldFault) in
                    var reader = FieldReader(bytes)
                    try change.readValues(&reader, withOld: true)
                }
                if row < noteLengths.count {
                    let length = Int(noteLengths[row])
                    guard length <= bytes.count - notePlace else { throw FieldFault("has no note") }
                    change.note = try Array(bytes[notePlace..<notePlace + length]).withBytes {
                        bytes throws(FieldFault) in
                        var reader = FieldReader(bytes)
                        return try ChangeNote(&reader)
                    }
                    notePlace += length
                }
            } catch {
                throw table.fault("has a change that \(error.message)")
            }
            guard change.fits(customers: customers) else { throw table.fault("changes customers that there are not") }
            changes.append(change)
        }
        self.init(changes, lastNumber: changes.last?.number ?? 0)
    }
}

extension Change {
    fileprivate func fits(customers: Int) -> Bool {
        Int(max(rows.rows.last ?? 0, note.leftOut.rows.last ?? 0)) < max(1, customers)
            && (createdCount == 0 || createdFirstID > 0 && Int(createdFirstID) - 1 + Int(createdCount) <= customers)
    }
}
