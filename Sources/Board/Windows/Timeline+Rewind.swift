// Back to an earlier time: the clock ran ahead and was put right.
//
// Facts keep their seconds, so the sliding windows are added up from scratch as of the earlier time. After a jump the
// ring drops its oldest seconds only when the clock has been steady for a while (`hold`), so that there is something to
// go back to.

import Columnar

/// The result of going back.
struct Rewound: Equatable {
    /// Set-ups, outcomes and ends of later times, which stay in `all` only.
    var misplacedFacts = 0
    /// From this second on the windows show what they would show without the jump; 0: they always do.
    var wholeFromSecond: Int64 = 0
}

extension Timeline {
    /// The clock jumped: until `second` has come, seconds stay in the ring as long as it has room.
    mutating func hold(until second: Int64) { heldUntil = max(heldUntil, second) }

    /// Seconds before this one leave the ring.
    var retiredBefore: Int64 {
        let hourStart = windowStart[Window.oneHour.rawValue]
        guard nowSecond < heldUntil, ring.hasBegun else { return hourStart }
        // Facts accepted ahead of the clock must find room at the end.
        let oldest = nowSecond - Int64(SecondRing.places) + 2 * BoardLimits.clockBehindMicros / 1_000_000
        return max(min(hourStart, ring.start), oldest)
    }

    /// Shows the windows as of an earlier second. Facts of seconds after `latest` stay in `all` and leave every other
    /// window. Cost: the facts of 24 hours.
    mutating func rewind(to second: Int64, latest: Int64) -> Rewound {
        guard ring.hasBegun, nowSecond != .min, second < nowSecond else { return Rewound() }
        // Everything that came is counted in `all`, whatever its second.
        nowSecond = max(nowSecond, newSeconds.upperBound)
        foldNewFacts()
        // Facts in slots, or among those older than 24 h (`isAncient`), are corrected there.
        let dayStart = max(windowStart[Window.oneDay.rawValue], ring.start - Window.oneDay.seconds)
        ancientBefore = max(ancientBefore, min(dayStart, latest + 1))
        nowSecond = second
        windowStart = Window.sliding.map { Timeline.start(of: $0, nowSecond: second) }
        var rewound = Rewound()
        rewound.misplacedFacts = moveToAncient(after: latest)
        if ring.start > latest + 1 { rewindRing(to: latest + 1) }
        // Windows of an hour and less consist of single seconds, that of 24 h of seconds and slots.
        let firstSecond = ring.start > windowStart[Window.oneHour.rawValue] ? ring.start : 0
        rewound.wholeFromSecond = max(0, firstSecond, ancientBefore)
        unfold(second + 1..<max(second + 1, latest + 1))
        for window in sliding.indices { sliding[window].clear() }
        addUp()
        secondPeaks = SecondPeaks()
        forgetLastSecond()
        heldUntil = .min
        for window in peakIsStale.indices { peakIsStale[window] = true }
        return rewound
    }

    /// Moves facts of seconds after this one to `ancient`: their time has not come, and they do not belong to it when
    /// it does.
    private mutating func moveToAncient(after latest: Int64) -> Int {
        var count = 0
        let first = max(ring.start, latest + 1)
        for second in first..<max(first, ring.start + Int64(SecondRing.places)) {
            let chains = ring.chains(second)
            guard chains.pointee.count > 0 else { continue }
            count += chains.pointee.count
            for peak in secondPeaks.peaks(second, chains.pointee.setups.foldedFacts, rows: rows) {
                raiseRetiredPeak(peak.customer, to: peak.count)
            }
            ancient.chainsInPlace.pointee.append(folded: chains.pointee, pool)
            chains.pointee.free(pool)
        }
        let tileCount = FactTile.count(holding: rows)
        for slot in slots.values where slot.start > latest {
            if slot.chains.count > 0 { slot.pack(counters: true, scratch: scratch, tileCount: tileCount) }
            ancient.absorbDetails(of: slot, scratch: scratch)
            slots[slot.start] = nil
        }
        return count
    }

    /// Facts of seconds slightly ahead of the clock wait for their time again: as new facts, they are added to all
    /// windows then.
    private mutating func unfold(_ seconds: Range<Int64>) {
        let chains = chains(seconds.clamped(to: ring.start..<ring.start + Int64(SecondRing.places)), of: ring)
        guard !chains.isEmpty else { return }
        let tileCount = FactTile.count(holding: rows)
        let band = scratch.bands[Window.all.rawValue]
        band.fill(.folded, of: chains, tiles: tileCount)
        let facts = band.byTile
        for number in [facts].tilesWithFacts(of: tileCount) {
            scratch.tile.begin(facts: facts.count(number))
            facts.add(number, to: scratch.tile, sign: -1)
            scratch.tile.deriveOutcomes()
            all.add(scratch.tile, number: number)
        }
        band.removeAll()
        for second in seconds where ring.covers(second) && ring.chains(second).pointee.count > 0 {
            ring.chains(second).pointee.markNew()
            includeNew(second)
        }
    }
}
