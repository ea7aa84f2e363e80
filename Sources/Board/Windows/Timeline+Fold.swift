// Adds the facts since the last fold to the columns of every window that covers them.

import Columnar

extension Timeline {
    mutating func foldNewFacts() {
        foldNewSeconds()
        for start in lateSlots { foldLate(start == .min ? ancient : slots[start]) }
        lateSlots.removeAll(keepingCapacity: true)
    }

    private mutating func foldNewSeconds() {
        guard !newSeconds.isEmpty, newSeconds.lowerBound <= nowSecond else { return }
        var group: [Int64] = []
        var facts = 0
        for second in newSeconds.lowerBound..<min(newSeconds.upperBound, nowSecond + 1) {
            let count = ring.chains(second).pointee.newCount
            guard count > 0 else { continue }
            group.append(second)
            facts += count
            if facts >= factsAtATime {
                fold(seconds: group, of: ring)
                group.removeAll(keepingCapacity: true)
                facts = 0
            }
        }
        if !group.isEmpty { fold(seconds: group, of: ring) }
        newSeconds = min(newSeconds.upperBound, nowSecond + 1)..<newSeconds.upperBound
        if newSeconds.isEmpty { newSeconds = 0..<0 }
    }

    private mutating func fold(seconds: [Int64], of ring: SecondRing) {
        var chains = [[FactChains]](repeating: [], count: Window.allCases.count)
        for second in seconds { chains[band(second)].append(ring.chains(second).pointee) }
        add(chains)
        for second in seconds {
            if ring.chains(second).pointee.setups.newFacts.count > 0 { markPeaksStale(from: band(second)) }
            ring.chains(second).pointee.markFolded()
        }
    }

    private mutating func foldLate(_ slot: AgedSlot?) {
        guard let slot, slot.chains.newCount > 0 else { return }
        // No shorter window has anything of a slot, although after the clock was put back its time may lie within
        // theirs.
        let band = slot === ancient ? Window.all.rawValue : max(Window.oneDay.rawValue, band(slot.start))
        var chains = [[FactChains]](repeating: [], count: Window.allCases.count)
        chains[band] = [slot.chains]
        add(chains)
        markPeaksStale(from: band)
        slot.chainsInPlace.pointee.markFolded()
    }

    /// The shortest window that covers a second: the position of a sliding window, or that of `all`.
    private func band(_ second: Int64) -> Int {
        windowStart.firstIndex { second >= $0 } ?? Window.all.rawValue
    }

    /// Adds the folded facts of some seconds to the sliding windows, which lack them; `all` has them. For nested
    /// windows they are put in order once.
    mutating func addFolded(_ seconds: Range<Int64>, of ring: SecondRing) {
        var group = [[FactChains]](repeating: [], count: Window.allCases.count)
        var facts = 0
        // Beyond as many seconds as the ring has slots it would show the same ones again.
        for second in seconds.prefix(SecondRing.places) {
            let chains = ring.chains(second).pointee
            guard chains.foldedCount > 0 else { continue }
            group[band(second)].append(chains)
            facts += chains.foldedCount
            if facts >= factsAtATime {
                add(group, .folded)
                for band in group.indices { group[band].removeAll(keepingCapacity: true) }
                facts = 0
            }
        }
        if facts > 0 { add(group, .folded) }
    }

    /// Adds facts, given by the shortest window that covers them, to that window and all longer ones. Only new facts
    /// are added to `all`, which has the others.
    private mutating func add(_ chains: [[FactChains]], _ part: TiledFacts.Part = .new) {
        let tileCount = FactTile.count(holding: rows)
        for band in chains.indices { scratch.bands[band].fill(part, of: chains[band], tiles: tileCount) }
        let bands = scratch.bands.map(\.byTile)
        let used = bands.indices.filter { !bands[$0].isEmpty }
        let facts = used.map { bands[$0] }
        let tiles = facts.tilesWithFacts(of: tileCount)
        let tile = scratch.tile
        var cursor = PrefetchCursor()
        for (place, number) in tiles.enumerated() {
            cursor.advance(past: place, of: tiles.count) { place in
                facts.count(tiles[place])
            } ask: { place in
                for band in used {
                    for window in sliding.indices where window >= band {
                        bands[band].prefetch(tiles[place], in: sliding[window])
                    }
                    if part == .new { bands[band].prefetch(tiles[place], in: all) }
                }
            }
            tile.begin(facts: facts.count(number))
            var hasFacts = false
            for band in bands.indices {
                if !bands[band].isEmpty && bands[band].count(number) > 0 {
                    bands[band].add(number, to: tile, sign: 1)
                    tile.deriveOutcomes()
                    hasFacts = true
                }
                guard hasFacts else { continue }
                if band < sliding.count {
                    sliding[band].add(tile, number: number)
                } else if part == .new {
                    all.add(tile, number: number)
                }
            }
        }
    }
}
