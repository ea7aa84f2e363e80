// Restores the statistics from saved tables: facts go back to their seconds and slots, and the columns of the sliding
// windows are added up from them. From then on the timeline continues as if it had never stopped. Everything that
// folding relies on is checked first.

import Columnar

extension Timeline {
    /// Restores a timeline that has rows and nothing else. After a fault it must not be used.
    ///
    /// - Parameters:
    ///   - nowSecond: of the last fold before the tables were saved.
    ///   - ringStart: first second of the ring then; `Int64.max`: there was no ring.
    mutating func restore(_ tables: [SavedTable], nowSecond: Int64, ringStart: Int64) throws(RestoreError) {
        try restoreTotals(try tables[.totals])
        let facts = try SavedFacts(tables)
        lateSetups = try SecondCounts(try tables[.lateSetups], rows: rows)
        if nowSecond != .min {
            self.nowSecond = nowSecond
            windowStart = Window.sliding.map { Timeline.start(of: $0, nowSecond: nowSecond) }
        }
        if ringStart != .max { beginRing(at: ringStart) }
        var reader = facts.reader(rows: rows)
        for index in 0..<facts.kinds.count { try restoreStretch(index, facts, &reader) }
        guard reader.isAtEnd else { throw RestoreError(table: "stretches", fault: "has fewer facts than are saved") }
        addUp()
        for window in peakIsStale.indices { peakIsStale[window] = true }
    }

    private mutating func restoreTotals(_ table: SavedTable) throws(RestoreError) {
        guard table.rowCount <= rows else { throw table.fault("has customers that there are not") }
        var counts: [Column<Int64>] = []
        var sums: [Column<Int64>] = []
        for field in CounterField.allCases {
            let isNew = field.rawValue >= CounterField.outboundCount
            counts.append(try Timeline.total(table, UInt16(1 + field.rawValue), isNew: isNew))
        }
        for field in SumField.allCases {
            let isNew = field.rawValue >= SumField.outboundCount
            sums.append(try Timeline.total(table, UInt16(33 + field.rawValue), isNew: isNew))
        }
        for index in counts.indices { counts[index].grow(to: rows) }
        for index in sums.indices { sums[index].grow(to: rows) }
        all.restore(counts, sums)
        retiredPeaks = try table.signed32(48)
        retiredPeaks.grow(to: rows)
    }

    /// A column of the window `all`. Older files lack the counters of calls to customers.
    private static func total(
        _ table: SavedTable, _ column: UInt16, isNew: Bool
    ) throws(RestoreError) -> Column<Int64> {
        isNew && table.column(column) == nil ? Column<Int64>() : try table.signed64(column)
    }

    private mutating func restoreStretch(
        _ index: Int, _ facts: SavedFacts, _ reader: inout SavedFacts.Reader
    ) throws(RestoreError) {
        let fault = RestoreError(table: "stretches", fault: "has a stretch at a wrong time")
        let start = facts.starts[index]
        switch TimelineSnapshot.Stretch.Kind(rawValue: facts.kinds[index]) {
        case .second?:
            guard ring.covers(start), start <= Int64(UInt32.max) else { throw fault }
            try reader.readChains(index, into: ring.chains(start), pool)
            if start <= nowSecond { ring.chains(start).pointee.markFolded() } else { includeNew(start) }
            guard try reader.readPeaks(index).isEmpty, try reader.readTiles(index, details: false).isEmpty else {
                throw fault
            }
        case .slot?:
            // After the clock was put back, a slot may lie where the ring begins again.
            guard ring.hasBegun, start >= windowStart[Window.oneDay.rawValue], start <= max(nowSecond, ring.start),
                start % Window.oneDay.slotSeconds == 0, slots[start] == nil
            else { throw fault }
            let slot = AgedSlot(start: start, pool: pool)
            slots[start] = slot
            try restore(slot, index, facts, &reader)
        case .ancient?: try restore(ancient, index, facts, &reader)
        case nil: throw fault
        }
    }

    private func restore(
        _ slot: AgedSlot, _ index: Int, _ facts: SavedFacts, _ reader: inout SavedFacts.Reader
    ) throws(RestoreError) {
        try reader.readChains(index, into: slot.chainsInPlace, pool)
        slot.chainsInPlace.pointee.markFolded()
        slot.peaks = try reader.readPeaks(index)
        slot.tiles = try reader.readTiles(index, details: slot === ancient)
        slot.isPacked = facts.arePacked[index] != 0
    }

    /// The columns of the sliding windows: all facts that each covers.
    mutating func addUp() {
        guard ring.hasBegun, nowSecond != .min else { return }
        let day = Window.oneDay.rawValue
        let slots = Array(slots.values)
        apply(slots.map(\.chains), slots: slots, sign: 1, to: day)
        let first = max(ring.start, windowStart[day])
        addFolded(first..<max(first, nowSecond + 1), of: ring)
    }
}

extension SavedFacts {
    init(_ tables: [SavedTable]) throws(RestoreError) {
        let stretches = try tables[.stretches]
        kinds = try stretches.unsigned8(1)
        starts = try stretches.signed64(2)
        for index in lengths.indices { lengths[index] = try stretches.unsigned32(UInt16(3 + index)) }
        arePacked = try stretches.unsigned8(9)
        setups = try tables[.setups].unsigned32(1)
        outcomes = try tables[.outcomes].signed64(1)
        ends = try tables[.ends].signed64(1)
        sideBits = try tables[.costs].unsigned32(1)
        sideValues = try tables[.costs].signed64(2)
        peakCustomers = try tables[.peaks].unsigned32(1)
        peakCounts = try tables[.peaks].signed32(2)
        tileLengths = try tables[.tiles].unsigned32(1)
        tileBytes = try tables[.tileOctets].unsigned8(1)
    }

    func reader(rows: Int) -> Reader { Reader(facts: self, rows: UInt32(clamping: rows)) }

    /// Reads the facts stretch by stretch.
    struct Reader {
        fileprivate let facts: SavedFacts
        /// The number of customers: every row is below it.
        fileprivate let rows: UInt32
        /// How many entries of each length, and of the tiles' bytes, have been read.
        private var places = [Int](repeating: 0, count: 6)
        private var bytePlace = 0

        fileprivate init(facts: SavedFacts, rows: UInt32) {
            self.facts = facts
            self.rows = rows
        }

        var isAtEnd: Bool {
            places
                == [
                    facts.setups.count, facts.outcomes.count, facts.ends.count, facts.sideValues.count,
                    facts.peakCounts.count, facts.tileLengths.count,
                ] && bytePlace == facts.tileBytes.count
        }

        /// The next entries of a kind: those of one stretch.
        private mutating func next(_ kind: Int, _ stretch: Int, of count: Int) throws(RestoreError) -> Range<Int> {
            let range = places[kind]..<places[kind] + Int(facts.lengths[kind][stretch])
            guard range.upperBound <= count else {
                throw RestoreError(table: "stretches", fault: "has more \(SavedFacts.lengthNames[kind]) than are saved")
            }
            places[kind] = range.upperBound
            return range
        }

        mutating func readChains(
            _ stretch: Int, into chains: UnsafeMutablePointer<FactChains>, _ pool: BlockPool
        ) throws(RestoreError) {
            let rows = rows
            let fault = RestoreError(table: "stretches", fault: "has a fact that no call can have")
            try facts.setups.forEachPiece(try next(0, stretch, of: facts.setups.count)) { (bits) throws(RestoreError) in
                for bits in bits {
                    let fact = SetupFact(bits: bits)
                    guard fact.customer < rows else { throw fault }
                    chains.pointee.setups.append(fact, pool)
                }
            }
            try facts.outcomes.forEachPiece(
                try next(1, stretch, of: facts.outcomes.count)
            ) { (bits) throws(RestoreError) in
                for bits in bits {
                    let fact = OutcomeFact(bits: UInt64(bitPattern: bits))
                    guard fact.customer < rows, fact.classIndex < OutcomeClass.allCases.count else { throw fault }
                    chains.pointee.outcomes.append(fact, pool)
                }
            }
            try facts.ends.forEachPiece(try next(2, stretch, of: facts.ends.count)) { (bits) throws(RestoreError) in
                for bits in bits {
                    let fact = EndFact(bits: UInt64(bitPattern: bits))
                    guard fact.customer < rows else { throw fault }
                    chains.pointee.ends.append(fact, pool)
                }
            }
            for row in try next(3, stretch, of: facts.sideValues.count) {
                guard let fact = SideFact(bits: facts.sideBits[row], value: facts.sideValues[row]), fact.customer < rows
                else { throw fault }
                chains.pointee.sides.append(fact, pool)
            }
        }

        mutating func readPeaks(_ stretch: Int) throws(RestoreError) -> [PeakCount] {
            var peaks: [PeakCount] = []
            for row in try next(4, stretch, of: facts.peakCounts.count) {
                let peak = PeakCount(customer: facts.peakCustomers[row], count: facts.peakCounts[row])
                guard peak.customer < rows else {
                    throw RestoreError(table: "peaks", fault: "names a customer that there is not")
                }
                peaks.append(peak)
            }
            return peaks
        }

        /// - Parameter details: whether they have final codes and delays only.
        mutating func readTiles(_ stretch: Int, details: Bool) throws(RestoreError) -> [PackedTile] {
            let fault = RestoreError(table: "tiles", fault: "has a slot that cannot be unpacked")
            let numbers = try next(5, stretch, of: facts.tileLengths.count)
            // No customers exist beyond these tiles.
            guard numbers.count <= FactTile.count(holding: Int(rows)) else { throw fault }
            var tiles: [PackedTile] = []
            for (tile, number) in numbers.enumerated() {
                let count = Int(facts.tileLengths[number])
                guard count <= facts.tileBytes.count - bytePlace else { throw fault }
                var bytes: [UInt8] = []
                facts.tileBytes.forEachPiece(bytePlace..<bytePlace + count) { bytes.append(contentsOf: $0) }
                bytePlace += count
                let customers = min(FactTile.rows, Int(rows) - tile << FactTile.shift)
                guard let tile = PackedTile(checking: bytes, customers: customers, withCounters: !details) else {
                    throw fault
                }
                tiles.append(tile)
            }
            return tiles
        }
    }
}
