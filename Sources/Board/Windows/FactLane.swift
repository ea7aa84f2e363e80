// Facts of one kind in the order in which they came.

import Columnar

/// A growing block of a pool, always the same one; the owner calls `free` when he is done with it. Lanes lie by the ten
/// thousand in the memory of a `SecondRing`, and an array in each place would cost a check of its ownership with every fact.
///
/// Unsafe, and why it is right: `base` holds `capacity` facts of which the first `count` are initialised; only `append`,
/// `removeAll` and `free` change them, and each keeps that true. Facts are plain bits and need no destruction.
struct FactLane<Element: Fact> {
    private var base: UnsafeMutablePointer<Element>?
    private(set) var count = 0
    private var capacity = 0
    /// The first `folded` facts are in the columns of the windows.
    private(set) var folded = 0

    @inline(__always)
    mutating func append(_ fact: Element, _ pool: BlockPool) {
        if count == capacity { grow(to: count + 1, pool) }
        (base.unsafelyUnwrapped + count).initialize(to: fact)
        count += 1
    }

    /// Adds facts that are in the columns already; allowed while all of this lane's are.
    mutating func append(folded facts: UnsafeBufferPointer<Element>, _ pool: BlockPool) {
        precondition(folded == count, "folded facts behind others")
        guard let source = facts.baseAddress, !facts.isEmpty else { return }
        if count + facts.count > capacity { grow(to: count + facts.count, pool) }
        (base.unsafelyUnwrapped + count).initialize(from: source, count: facts.count)
        count += facts.count
        folded = count
    }

    /// Lent until the lane is next changed.
    var foldedFacts: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: folded) }

    /// Lent until the lane is next changed.
    var newFacts: UnsafeBufferPointer<Element> {
        UnsafeBufferPointer(start: base.map { $0 + folded }, count: count - folded)
    }

    mutating func markFolded() { folded = count }

    /// No facts, and no memory.
    mutating func free(_ pool: BlockPool) {
        if let base { pool.free(base, byteSize) }
        self = FactLane()
    }

    var byteSize: Int { capacity * MemoryLayout<Element>.stride }

    @inline(never)
    private mutating func grow(to needed: Int, _ pool: BlockPool) {
        let bytes = BlockPool.size(of: max(needed, 2 * capacity, 16) * MemoryLayout<Element>.stride)
        let larger = bytes / MemoryLayout<Element>.stride
        let memory = pool.allocate(bytes).bindMemory(to: Element.self, capacity: larger)
        if let base {
            memory.moveInitialize(from: base, count: count)
            pool.free(base, byteSize)
        }
        base = memory
        capacity = larger
    }
}

/// The facts of a stretch of time, by kind. As a lane, its owner frees it.
struct FactLanes {
    var setups = FactLane<SetupFact>()
    var outcomes = FactLane<OutcomeFact>()
    var ends = FactLane<EndFact>()
    var costs = FactLane<CostFact>()

    var count: Int { setups.count + outcomes.count + ends.count + costs.count }
    var foldedCount: Int { setups.folded + outcomes.folded + ends.folded + costs.folded }
    var newCount: Int { count - foldedCount }

    mutating func markFolded() {
        setups.markFolded()
        outcomes.markFolded()
        ends.markFolded()
        costs.markFolded()
    }

    /// Adds what other lanes have in the columns already; allowed while all of these lanes' facts are.
    mutating func append(folded other: FactLanes, _ pool: BlockPool) {
        setups.append(folded: other.setups.foldedFacts, pool)
        outcomes.append(folded: other.outcomes.foldedFacts, pool)
        ends.append(folded: other.ends.foldedFacts, pool)
        costs.append(folded: other.costs.foldedFacts, pool)
    }

    mutating func free(_ pool: BlockPool) {
        setups.free(pool)
        outcomes.free(pool)
        ends.free(pool)
        costs.free(pool)
    }

    var byteSize: Int { setups.byteSize + outcomes.byteSize + ends.byteSize + costs.byteSize }
}
