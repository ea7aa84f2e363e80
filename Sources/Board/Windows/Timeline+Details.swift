// Final codes and post-dial delays: values that no column holds, read from the facts themselves.

extension Timeline {
    /// Counts by final code of one customer's row. Cost: the outcomes of the window's last hour, and one tile of each
    /// older slot.
    func codes(customer: UInt32, in window: Window) -> [UInt16: Int64] {
        var result: [UInt16: Int64] = [:]
        forEachOutcome(in: window) { fact in
            if fact.customer == customer { result[fact.code, default: 0] += Int64(fact.sign) }
        }
        let row = Int(customer) & (FactTile.rows - 1)
        for slot in agedSlots(in: window) {
            slot.tile(Int(customer) >> FactTile.shift).forEachDetail { detail, other, count in
                if other == row, let code = detail.code { result[code, default: 0] += count }
            }
        }
        return result
    }

    /// Calls `body` with the post-dial delays that a window covers: row, bucket (see `PDDHistogram`), and count,
    /// negative where delays are taken back. Cost: the outcomes of the window.
    func forEachDelay(in window: Window, _ body: (_ customer: UInt32, _ bucket: UInt8, _ count: Int64) -> Void) {
        forEachOutcome(in: window) { fact in
            let bucket = fact.pddBucket
            if bucket != 0 { body(fact.customer, bucket, Int64(fact.sign)) }
        }
        for slot in agedSlots(in: window) {
            for number in 0..<slot.tileCount {
                slot.tile(number).forEachDetail { detail, row, count in
                    if let bucket = detail.bucket { body(UInt32(number << FactTile.shift | row), bucket, count) }
                }
            }
        }
    }

    /// Calls `body` with every outcome of a window that is stored one by one.
    private func forEachOutcome(in window: Window, _ body: (OutcomeFact) -> Void) {
        for second in recentSeconds(of: window) {
            for fact in ring.chains(second).pointee.outcomes.foldedFacts { body(fact) }
        }
        for slot in agedSlots(in: window) {
            for fact in slot.chains.outcomes.foldedFacts { body(fact) }
        }
    }

    /// The seconds that a window covers and that the ring has.
    func recentSeconds(of window: Window) -> Range<Int64> {
        guard ring.hasBegun, nowSecond >= ring.start else { return 0..<0 }
        let start = window == .all ? ring.start : max(ring.start, windowStart[window.rawValue])
        return start..<max(start, min(nowSecond + 1, ring.start + Int64(SecondRing.places)))
    }

    private func agedSlots(in window: Window) -> [AgedSlot] {
        switch window {
        case .all: slots.values + [ancient]
        case .oneDay: Array(slots.values)
        case .oneMinute, .fiveMinutes, .fifteenMinutes, .oneHour: []
        }
    }
}
