// Facts on their way to the chain of their second.

import Columnar

extension Timeline {
    // `customer` is a row below `grow(to:)`, `second` counts from 1970, `sign` is 1, or -1 to take the very same fact
    // back.

    @inline(__always)
    mutating func addSetup(customer: UInt32, second: UInt32, isBlocked: Bool, sign: Int32) {
        chains(second).pointee.setups.append(SetupFact(customer: customer, isBlocked: isBlocked, sign: sign), pool)
        if Int64(second) < ringStart { countLateSetup(customer, second, sign) }
    }

    /// - Parameter pddMilliseconds: from the set-up to the first ringing or the answer; -1: unknown.
    @inline(__always)
    mutating func addOutcome(
        customer: UInt32, second: UInt32, outcome: OutcomeClass, code: UInt16, pddMilliseconds: Int32, sign: Int32
    ) {
        chains(second).pointee.outcomes.append(
            OutcomeFact(
                customer: customer, outcome: outcome, code: code, pddMilliseconds: pddMilliseconds, sign: sign),
            pool)
    }

    /// - Parameter talked: whether the call was answered and its length is known.
    @inline(__always)
    mutating func addEnd(
        customer: UInt32, second: UInt32, talkMilliseconds: Int32, talked: Bool, short: Bool, sign: Int32
    ) {
        chains(second).pointee.ends.append(
            EndFact(customer: customer, talkMilliseconds: talkMilliseconds, talked: talked, short: short, sign: sign),
            pool)
    }

    /// - Parameter micros: 10^-6 of the customer's currency, at most `BoardLimits.costMicros`; taken back by its
    ///   negative.
    @inline(__always)
    mutating func addCost(customer: UInt32, second: UInt32, micros: Int64) {
        chains(second).pointee.sides.append(SideFact(.cost, customer: customer, value: micros), pool)
    }

    /// Adds a fact of a call to the customer.
    /// - Parameter value: see `SideFact.Kind`.
    mutating func addInbound(_ kind: SideFact.Kind, customer: UInt32, second: UInt32, value: Int64) {
        chains(second).pointee.sides.append(SideFact(kind, customer: customer, value: value), pool)
    }

    // Many facts of one kind at once: `seconds` has the second of each fact, within `range`, and all signs are 1.

    mutating func add(
        _ facts: UnsafeBufferPointer<SetupFact>, seconds: UnsafeBufferPointer<UInt32>, in range: ClosedRange<UInt32>
    ) {
        append(facts, seconds, range) { chains, fact, pool in chains.pointee.setups.append(fact, pool) }
        guard Int64(range.lowerBound) < ringStart else { return }
        for (fact, second) in zip(facts, seconds) where Int64(second) < ringStart {
            countLateSetup(fact.customer, second, 1)
        }
    }

    mutating func add(
        _ facts: UnsafeBufferPointer<OutcomeFact>, seconds: UnsafeBufferPointer<UInt32>, in range: ClosedRange<UInt32>
    ) {
        append(facts, seconds, range) { chains, fact, pool in chains.pointee.outcomes.append(fact, pool) }
    }

    mutating func add(
        _ facts: UnsafeBufferPointer<EndFact>, seconds: UnsafeBufferPointer<UInt32>, in range: ClosedRange<UInt32>
    ) {
        append(facts, seconds, range) { chains, fact, pool in chains.pointee.ends.append(fact, pool) }
    }

    @inline(__always)
    private mutating func append<Element: Fact>(
        _ facts: UnsafeBufferPointer<Element>, _ seconds: UnsafeBufferPointer<UInt32>, _ range: ClosedRange<UInt32>,
        _ append: (UnsafeMutablePointer<FactChains>, Element, BlockPool) -> Void
    ) {
        precondition(facts.count == seconds.count, "a second for each fact")
        guard ring.covers(Int64(range.lowerBound)) && ring.covers(Int64(range.upperBound)) else {
            for index in facts.indices { append(chains(seconds[index]), facts[index], pool) }
            return
        }
        // As in `chains`, but once for all facts: the ring covers all of them.
        includeNew(Int64(range.lowerBound))
        includeNew(Int64(range.upperBound))
        let (memory, pool) = (ringMemory, pool)
        for index in facts.indices {
            append(memory + Int(seconds[index]) & (SecondRing.places - 1), facts[index], pool)
        }
    }

    /// The chains to which the facts of a second belong. The pointer is valid until the timeline is next changed.
    @inline(__always)
    private mutating func chains(_ second: UInt32) -> UnsafeMutablePointer<FactChains> {
        let second = Int64(second)
        guard UInt64(bitPattern: second &- ringStart) < UInt64(SecondRing.places) else { return otherLanes(second) }
        if second < newSeconds.lowerBound || second >= newSeconds.upperBound { includeNew(second) }
        // Like `SecondRing.chains`; the ring lives as long as the timeline, and so does its memory.
        return ringMemory + Int(truncatingIfNeeded: second) & (SecondRing.places - 1)
    }

    @inline(never)
    mutating func includeNew(_ second: Int64) {
        newSeconds =
            newSeconds.isEmpty
            ? second..<second + 1
            : min(newSeconds.lowerBound, second)..<max(newSeconds.upperBound, second + 1)
    }

    /// For a second before the ring, or so far after its start that the windows must slide first.
    @inline(never)
    private mutating func otherLanes(_ second: Int64) -> UnsafeMutablePointer<FactChains> {
        // Not by the fact alone: the first one may be days late and the next one current.
        if !ring.hasBegun { beginRing(at: Timeline.start(of: .oneHour, nowSecond: max(second, nowSecond))) }
        if second >= ring.start && !ring.covers(second) {
            // The engine accepts nothing further ahead of its clock, so the windows do not run ahead of it.
            fold(nowSecond: second - BoardLimits.futureMicros / 1_000_000)
        }
        if ring.covers(second) {
            includeNew(second)
            return ring.chains(second)
        }
        let slot = agedSlot(second)
        lateSlots.insert(slot.start)
        // Safe: an AgedSlot is an object; its chains stay where they are while it is in `slots` or is `ancient`.
        return slot.chainsInPlace
    }

    /// Whether a second before the ring is older than 24 h.
    private func isAncient(_ second: Int64) -> Bool {
        second < max(ancientBefore, windowStart[Window.oneDay.rawValue])
            || second < ring.start - Window.oneDay.seconds
    }

    /// The slot of 24 h that a second before the ring belongs to, created if necessary, or `ancient`.
    mutating func agedSlot(_ second: Int64) -> AgedSlot {
        if isAncient(second) { return ancient }
        let start = Timeline.floor(second, Window.oneDay.slotSeconds)
        if let slot = slots[start] { return slot }
        let slot = AgedSlot(start: start, pool: pool)
        slots[start] = slot
        return slot
    }

    @inline(never)
    private mutating func countLateSetup(_ customer: UInt32, _ second: UInt32, _ sign: Int32) {
        let count = lateSetups.add(customer: customer, second: second, count: sign)
        guard count > 1 else { return }
        agedSlot(Int64(second)).addPeaks(CollectionOfOne(PeakCount(customer: customer, count: count)))
        raiseRetiredPeak(customer, to: count)
    }
}
