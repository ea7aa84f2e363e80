import Columnar

extension SecondCounts {
    var table: SavedTable {
        var customers = Column<UInt32>()
        var seconds = Column<UInt32>()
        var counts = Column<Int32>()
        var areYoung = Column<UInt8>()
        for (isYoung, generation) in [(UInt8(0), old), (1, young)] {
            for (pair, count) in zip(generation.pairs, generation.counts) where pair != 0 {
                customers.append(UInt32(truncatingIfNeeded: pair >> 32))
                seconds.append(UInt32(truncatingIfNeeded: pair))
                counts.append(count)
                areYoung.append(isYoung)
            }
        }
        return SavedTable(
            .lateSetups,
            [
                SavedColumn(1, "customer_row", .unsigned32(customers)),
                SavedColumn(2, "second", .unsigned32(seconds)), SavedColumn(3, "setups", .signed32(counts)),
                SavedColumn(4, "young", .unsigned8(areYoung)),
            ])
    }

    init(_ table: SavedTable, rows: Int) throws(RestoreError) {
        self.init()
        let (customers, seconds) = (try table.unsigned32(1), try table.unsigned32(2))
        let (counts, areYoung) = (try table.signed32(3), try table.unsigned8(4))
        guard table.rowCount <= 2 * BoardLimits.secondCountsPerGeneration else {
            throw table.fault("has more seconds than are remembered")
        }
        for row in 0..<table.rowCount {
            let pair = UInt64(customers[row]) << 32 | UInt64(seconds[row])
            guard Int(customers[row]) < rows, pair != 0, counts[row] >= 0 else {
                throw table.fault("has a second that no customer can have")
            }
            if areYoung[row] != 0 { young.set(pair, counts[row]) } else { old.set(pair, counts[row]) }
        }
    }
}
