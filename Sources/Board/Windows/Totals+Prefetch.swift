// Prefetches the memory that a fold is about to change. With many more customers than new facts every value lies in
// another cache line, some sixty of them per call; fetched one after the other they cost ten times as much as together.

import Columnar

extension Totals {
    @inline(__always)
    func prefetch(_ fact: SetupFact) { prefetch(.bids, Int(fact.customer)) }

    @inline(__always)
    func prefetch(_ fact: OutcomeFact) {
        let row = Int(fact.customer)
        counts[CounterField.outcome(fact.classIndex)].prefetch(row: row)
        prefetch(.outcomes, row)
        prefetch(.effective, row)
        guard fact.hasDelay != 0 else { return }
        prefetch(.pddCount, row)
        sums[SumField.pddMilliseconds.rawValue].prefetch(row: row)
    }

    @inline(__always)
    func prefetch(_ fact: EndFact) {
        let row = Int(fact.customer)
        prefetch(.ended, row)
        guard fact.talked != 0 else { return }
        prefetch(.talked, row)
        if fact.short != 0 { prefetch(.short, row) }
        sums[SumField.talkMilliseconds.rawValue].prefetch(row: row)
    }

    @inline(__always)
    private func prefetch(_ field: CounterField, _ row: Int) { counts[field.rawValue].prefetch(row: row) }
}

extension FactsByTile {
    /// Prefetches what a tile's facts will change in these columns.
    func prefetch(_ tile: Int, in totals: Totals<some FixedWidthInteger & BitwiseCopyable & Sendable>) {
        for fact in setups[tile] { totals.prefetch(fact) }
        for fact in outcomes[tile] { totals.prefetch(fact) }
        for fact in ends[tile] { totals.prefetch(fact) }
    }
}

/// How far ahead of the tile being added memory was prefetched; tiles are given by their positions in a list.
///
/// Prefetches as many facts as keep the processor's misses under way, and no more: lines fetched too early are evicted
/// again. Dense tiles are skipped, because their values lie side by side.
struct PrefetchCursor {
    static let facts = 24

    private var next = 0
    private var ahead = 0

    /// Calls `ask` for the tiles to prefetch before a tile is added.
    mutating func advance(past tile: Int, of tileCount: Int, count: (Int) -> Int, ask: (Int) -> Void) {
        next = max(next, tile)
        while next < tileCount && ahead < PrefetchCursor.facts {
            let facts = count(next)
            ahead += facts
            if facts > 0 && facts < FactTile.sparseFacts { ask(next) }
            next += 1
        }
        ahead -= count(tile)
    }
}
