// The statistics of all customers at one instant, to be saved while the timeline continues.
//
// It holds what cannot be worked out from anything else: facts, packed slots, the sums of `all`, and the busiest
// seconds that left the ring. The columns of the sliding windows are the sums of the facts and are rebuilt.

import Columnar

/// Taking one copies no fact: the chains' blocks are held, and facts are only ever appended behind existing ones. Cost:
/// about 0.1 ms for the seconds of an hour, whatever the number of calls.
///
/// Sendable although it has pointers: `hold` keeps the blocks unchanged, and the timeline's owner writes only behind
/// the counts that these copies of the chains have.
struct TimelineSnapshot: @unchecked Sendable {
    /// Facts of a second of the ring, of a slot of 24 h, or of everything before.
    struct Stretch {
        enum Kind: UInt8 {
            case second = 0
            case slot = 1
            case ancient = 2
        }

        var kind: Kind
        /// First second, since 1970; 0 for `ancient`.
        var start: Int64
        var chains: FactChains
        var peaks: [PeakCount] = []
        var tiles: [PackedTile] = []
        var isPacked = false
    }

    let rows: Int
    let nowSecond: Int64
    /// First second of the ring; `Int64.max` before the first fact.
    let ringStart: Int64
    let ancientBefore: Int64
    let stretches: [Stretch]
    let counts: [Column<Int64>]
    let sums: [Column<Int64>]
    let retiredPeaks: Column<Int32>
    let lateSetups: SecondCounts
    private let hold: BlockPool.Hold

    /// - Parameter timeline: all facts up to its clock are folded.
    init(_ timeline: borrowing Timeline) {
        rows = timeline.rows
        nowSecond = timeline.nowSecond
        ringStart = timeline.ring.start
        ancientBefore = timeline.ancientBefore
        counts = timeline.all.counts
        sums = timeline.all.sums
        retiredPeaks = timeline.retiredPeaks
        lateSetups = timeline.lateSetups
        hold = timeline.pool.hold()
        var stretches: [Stretch] = []
        if timeline.ring.hasBegun {
            for second in ringStart..<ringStart + Int64(SecondRing.places) {
                let chains = timeline.ring.chains(second).pointee
                if chains.count > 0 { stretches.append(Stretch(kind: .second, start: second, chains: chains)) }
            }
        }
        for slot in timeline.slots.values { stretches.append(Stretch(slot, .slot)) }
        stretches.append(Stretch(timeline.ancient, .ancient))
        self.stretches = stretches
    }
}

extension TimelineSnapshot.Stretch {
    init(_ slot: AgedSlot, _ kind: Kind) {
        self.init(
            kind: kind, start: kind == .ancient ? 0 : slot.start, chains: slot.chains, peaks: slot.peaks,
            tiles: slot.tiles, isPacked: slot.isPacked)
    }
}

// MARK: - As tables

extension TimelineSnapshot {
    /// Facts of all stretches end to end, in the order of the table `stretches`, which has their counts.
    var tables: [SavedTable] {
        var facts = SavedFacts()
        for stretch in stretches { facts.append(stretch) }
        return [totals] + facts.tables + [lateSetups.table]
    }

    private var totals: SavedTable {
        var columns: [SavedColumn] = []
        for field in CounterField.allCases {
            columns.append(SavedColumn(UInt16(1 + field.rawValue), "\(field)", .signed64(counts[field.rawValue])))
        }
        for field in SumField.allCases {
            columns.append(SavedColumn(UInt16(33 + field.rawValue), "\(field)", .signed64(sums[field.rawValue])))
        }
        return SavedTable(.totals, columns + [SavedColumn(48, "peak", .signed32(retiredPeaks))])
    }
}

/// The tables of facts, for writing and reading.
struct SavedFacts {
    var kinds = Column<UInt8>()
    var starts = Column<Int64>()
    /// Numbers of set-ups, outcomes, ends, costs, peaks and tiles of each stretch.
    var lengths = [Column<UInt32>](repeating: Column(), count: 6)
    var arePacked = Column<UInt8>()

    var setups = Column<UInt32>()
    var outcomes = Column<Int64>()
    var ends = Column<Int64>()
    /// Costs, and facts of calls to customers: see `SideFact`. For a cost the bits are the customer's row.
    var sideBits = Column<UInt32>()
    var sideValues = Column<Int64>()
    var peakCustomers = Column<UInt32>()
    var peakCounts = Column<Int32>()
    var tileLengths = Column<UInt32>()
    var tileBytes = Column<UInt8>()

    static let lengthNames = ["setups", "outcomes", "ends", "costs", "peaks", "tiles"]

    init() {}

    mutating func append(_ stretch: TimelineSnapshot.Stretch) {
        kinds.append(stretch.kind.rawValue)
        starts.append(stretch.start)
        arePacked.append(stretch.isPacked ? 1 : 0)
        let chains = stretch.chains
        let counts = [
            chains.setups.count, chains.outcomes.count, chains.ends.count, chains.sides.count, stretch.peaks.count,
            stretch.tiles.count,
        ]
        for (index, count) in counts.enumerated() { lengths[index].append(UInt32(clamping: count)) }
        for part in chains.setups.foldedFacts.segments + chains.setups.newFacts.segments {
            // Safe: a set-up is its 32 bits, an outcome and an end their 64.
            part.withMemoryRebound(to: UInt32.self) { setups.append(contentsOf: $0) }
        }
        for part in chains.outcomes.foldedFacts.segments + chains.outcomes.newFacts.segments {
            part.withMemoryRebound(to: Int64.self) { outcomes.append(contentsOf: $0) }
        }
        for part in chains.ends.foldedFacts.segments + chains.ends.newFacts.segments {
            part.withMemoryRebound(to: Int64.self) { ends.append(contentsOf: $0) }
        }
        for part in [chains.sides.foldedFacts, chains.sides.newFacts] {
            for fact in part {
                sideBits.append(fact.bits)
                sideValues.append(fact.value)
            }
        }
        for peak in stretch.peaks {
            peakCustomers.append(peak.customer)
            peakCounts.append(peak.count)
        }
        for tile in stretch.tiles {
            tileLengths.append(UInt32(clamping: tile.bytes.count))
            tile.bytes.withUnsafeBufferPointer { tileBytes.append(contentsOf: $0) }
        }
    }

    var tables: [SavedTable] {
        let counts = SavedFacts.lengthNames.enumerated().map { index, name in
            SavedColumn(UInt16(3 + index), name, .unsigned32(lengths[index]))
        }
        return [
            SavedTable(
                .stretches,
                [SavedColumn(1, "kind", .unsigned8(kinds)), SavedColumn(2, "first_second", .signed64(starts))]
                    + counts + [SavedColumn(9, "packed", .unsigned8(arePacked))]),
            SavedTable(.setups, [SavedColumn(1, "bits", .unsigned32(setups))]),
            SavedTable(.outcomes, [SavedColumn(1, "bits", .signed64(outcomes))]),
            SavedTable(.ends, [SavedColumn(1, "bits", .signed64(ends))]),
            SavedTable(
                .costs,
                [
                    SavedColumn(1, "customer_row", .unsigned32(sideBits)),
                    SavedColumn(2, "micros", .signed64(sideValues)),
                ]),
            SavedTable(
                .peaks,
                [
                    SavedColumn(1, "customer_row", .unsigned32(peakCustomers)),
                    SavedColumn(2, "setups", .signed32(peakCounts)),
                ]),
            SavedTable(.tiles, [SavedColumn(1, "octets", .unsigned32(tileLengths))]),
            SavedTable(.tileOctets, [SavedColumn(1, "octet", .unsigned8(tileBytes))]),
        ]
    }
}
