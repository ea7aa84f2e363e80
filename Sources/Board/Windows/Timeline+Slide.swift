// Removes from the windows what leaves them as the clock advances.

import Columnar

extension Timeline {
    /// Moves the start of every window; only facts that were folded are in the columns and are subtracted.
    mutating func slide(to second: Int64) {
        let before = nowSecond
        nowSecond = second
        let starts = Window.sliding.map { Timeline.start(of: $0, nowSecond: second) }
        for window in sliding.indices where starts[window] > windowStart[window] {
            if before < starts[window] {
                sliding[window].clear()
            } else if window == Window.oneDay.rawValue {
                expireDay(to: starts[window])
            } else {
                expire(window, to: starts[window], lastFolded: before)
            }
            peakIsStale[window] = true
        }
        windowStart = starts
    }

    /// Advances a window that the ring covers: subtracts what leaves, or adds up what stays from scratch, whichever is
    /// less.
    private mutating func expire(_ window: Int, to start: Int64, lastFolded: Int64) {
        let leaving = max(windowStart[window], ring.start)..<max(start, ring.start)
        let staying = max(start, ring.start)..<max(lastFolded + 1, ring.start)
        if leaving.count == 1 || ring.foldedCount(leaving) <= ring.foldedCount(staying) {
            apply(chains(leaving, of: ring), slots: [], sign: -1, to: window)
        } else {
            sliding[window].clear()
            apply(chains(staying, of: ring), slots: [], sign: 1, to: window)
        }
    }

    /// Advances the window of 24 h: whole slots leave, and after a long silence seconds still in the ring.
    private mutating func expireDay(to start: Int64) {
        let window = Window.oneDay.rawValue
        let leaving = slots.values.filter { $0.start < start }
        var chains = leaving.map(\.chains)
        if start > ring.start { chains += self.chains(ring.start..<start, of: ring) }
        apply(chains, slots: leaving, sign: -1, to: window)
    }

    func chains(_ seconds: Range<Int64>, of ring: SecondRing) -> [FactChains] {
        // Beyond as many seconds as the ring has slots it would show the same ones again.
        seconds.prefix(SecondRing.places).map { ring.chains($0).pointee }.filter { $0.foldedCount > 0 }
    }

    /// Adds the folded facts of chains, and the packed facts of slots, to one window, `sign` times.
    mutating func apply(_ chains: [FactChains], slots: [AgedSlot], sign: Int32, to window: Int) {
        let tileCount = FactTile.count(holding: rows)
        let packed = slots.filter(\.isPacked)
        var rest = chains[...]
        repeat {
            let group = rest.prefix(groupLength(rest))
            rest = rest.dropFirst(group.count)
            scratch.bands[window].fill(.folded, of: Array(group), tiles: tileCount)
            let facts = scratch.bands[window].byTile
            let packed = rest.isEmpty ? packed : []
            let tiles = packed.isEmpty ? [facts].tilesWithFacts(of: tileCount) : Array(0..<tileCount)
            var cursor = PrefetchCursor()
            for (place, number) in tiles.enumerated() {
                let count = facts.count(number)
                cursor.advance(past: place, of: tiles.count) { place in
                    facts.count(tiles[place])
                } ask: { place in
                    facts.prefetch(tiles[place], in: sliding[window])
                }
                guard count > 0 || packed.contains(where: { !$0.tile(number).isEmpty }) else { continue }
                scratch.tile.begin(facts: packed.isEmpty ? count : .max)
                facts.add(number, to: scratch.tile, sign: sign)
                for slot in packed { slot.tile(number).add(to: scratch.tile, sign: Int64(sign)) }
                scratch.tile.deriveOutcomes()
                sliding[window].add(scratch.tile, number: number)
            }
        } while !rest.isEmpty
    }

    /// How many of the chains to take at a time, given the memory that scattering them takes.
    private func groupLength(_ chains: ArraySlice<FactChains>) -> Int {
        var facts = 0
        for (offset, chain) in chains.enumerated() {
            facts += chain.foldedCount
            if facts >= factsAtATime { return offset + 1 }
        }
        return chains.count
    }

    /// Moves seconds that left the hour to their slots of 24 h, packs complete slots, and reduces what left 24 h to
    /// codes and delays. To be called when all facts up to the clock are folded.
    mutating func retire() {
        let hourStart = retiredBefore
        ring.advance(to: hourStart) { second, chains in retire(second, chains) }
        if newSeconds.lowerBound < hourStart { newSeconds = newSeconds.clamped(to: hourStart..<Int64.max) }
        let tileCount = FactTile.count(holding: rows)
        for slot in slots.values where slot.start < windowStart[Window.oneDay.rawValue] {
            if slot.chains.count > 0 { slot.pack(counters: true, scratch: scratch, tileCount: tileCount) }
            ancient.absorbDetails(of: slot, scratch: scratch)
            slots[slot.start] = nil
        }
        for slot in slots.values where slot.start + Window.oneDay.slotSeconds <= hourStart {
            guard slot.chains.count >= (slot.isPacked ? BoardLimits.lateFacts : 1) else { continue }
            slot.pack(counters: true, scratch: scratch, tileCount: tileCount)
        }
        if ancient.chains.count >= BoardLimits.lateFacts {
            ancient.pack(counters: false, scratch: scratch, tileCount: tileCount)
        }
    }

    private mutating func retire(_ second: Int64, _ chains: FactChains) {
        let peaks = secondPeaks.peaks(second, chains.setups.foldedFacts, rows: rows)
        for peak in peaks { raiseRetiredPeak(peak.customer, to: peak.count) }
        let slot = agedSlot(second)
        slot.addPeaks(peaks)
        // The slot cannot have late facts that are not folded yet: `foldNewFacts` ran before.
        slot.chainsInPlace.pointee.append(folded: chains, pool)
    }
}
