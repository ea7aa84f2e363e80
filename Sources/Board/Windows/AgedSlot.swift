// Facts older than an hour: those of one slot of 24 h, or, in one more of these, of everything before.

import Columnar

/// They arrive unpacked, from the ring or late. They are packed by tile when the slot is complete, and again when many
/// late facts have arrived.
final class AgedSlot {
    /// First second of the slot, since 1970; `Int64.min` for everything before the slots.
    let start: Int64
    /// Facts not yet packed. In memory of their own, so that they can be appended in place: allocated and freed with
    /// the slot.
    let chainsInPlace: UnsafeMutablePointer<FactChains>
    /// Customers with more than one set-up in one second of the slot: one or more entries each, of which the largest
    /// counts.
    var peaks: [PeakCount] = []
    /// One entry per tile; shorter where the last tiles are empty.
    var tiles: [PackedTile] = []
    var isPacked = false

    private let pool: BlockPool

    init(start: Int64, pool: BlockPool) {
        self.start = start
        self.pool = pool
        chainsInPlace = .allocate(capacity: 1)
        chainsInPlace.initialize(to: FactChains())
    }

    deinit {
        chainsInPlace.pointee.free(pool)
        chainsInPlace.deallocate()
    }

    var chains: FactChains { chainsInPlace.pointee }

    func addPeaks(_ peaks: some Sequence<PeakCount>) { self.peaks.append(contentsOf: peaks) }

    func tile(_ number: Int) -> PackedTile { number < tiles.count ? tiles[number] : PackedTile() }

    var tileCount: Int { tiles.count }

    /// Packs the chains, all of whose facts are in the columns, with what was packed before. Without `counters` only
    /// final codes and delays are retained. Cost: the chains' facts and the bytes of the tiles that they touch.
    func pack(counters: Bool, scratch: FoldScratch, tileCount: Int) {
        precondition(chains.newCount == 0, "facts that are in no window yet would be lost")
        isPacked = true
        peaks = PeakCount.largest(peaks)
        scratch.bands[0].fill(.folded, of: [chains], tiles: tileCount)
        defer { scratch.bands[0].removeAll() }
        let facts = scratch.bands[0].byTile
        while tiles.count < tileCount { tiles.append(PackedTile()) }
        for number in 0..<tileCount where facts.count(number) > 0 {
            let packed = tiles[number]
            packed.forEachDetail { scratch.details.add($0, row: $1, count: $2) }
            scratch.details.add(facts.outcomes[number])
            if counters {
                scratch.tile.begin(facts: .max)
                packed.add(to: scratch.tile, sign: 1)
                facts.add(number, to: scratch.tile, sign: 1)
            }
            tiles[number] = PackedTile(counters ? scratch.tile : nil, scratch.details)
        }
        chainsInPlace.pointee.free(pool)
    }

    /// Takes over the final codes and delays of a slot that is packed and leaves 24 h.
    func absorbDetails(of other: AgedSlot, scratch: FoldScratch) {
        while tiles.count < other.tiles.count { tiles.append(PackedTile()) }
        for number in other.tiles.indices where !other.tiles[number].isEmpty {
            for packed in [tiles[number], other.tiles[number]] {
                packed.forEachDetail { scratch.details.add($0, row: $1, count: $2) }
            }
            tiles[number] = PackedTile(nil, scratch.details)
        }
    }

    var byteSize: Int {
        chains.byteSize + peaks.capacity * MemoryLayout<PeakCount>.stride
            + tiles.reduce(tiles.capacity * MemoryLayout<PackedTile>.stride) { $0 + $1.byteSize }
    }
}

/// Working memory of folding and packing, reused from one time to the next.
final class FoldScratch {
    let tile: FactTile
    let details = DetailTile()
    /// Facts by the shortest window that covers them: one for each sliding window, and one for `all` alone.
    let bands: [TiledFacts]

    init(weights: OutcomeWeights) {
        tile = FactTile(weights: weights)
        bands = Window.allCases.map { _ in TiledFacts() }
    }

    var byteSize: Int { bands.reduce(0) { $0 + $1.byteSize } }
}
