// Facts of one kind in the order of their arrival.

import Columnar

/// A chain of blocks of a pool, always the same one; the owner calls `free` when done. Each block is twice as large as
/// the one before, up to 4 KB: facts never move, and less than a page of a long chain is empty. Lanes lie by the ten
/// thousand in the memory of a `SecondRing`, and an array in each slot would cost a uniqueness check with every fact.
///
/// Unsafe, and why it is right: `first` begins a chain of `FactBlock`s that this chain owns, of which all but the last
/// are full. `next` is the address behind the last fact and `end` the end of the last block; `capacity` facts fill the
/// chain up to there. `unfolded` is the block that has, or will have, the fact number `foldedCount`, or the one before
/// where that is full. Only `append`, `extend`, `markFolded` and `free` change them, and each preserves this. Facts are
/// plain bits and need no destruction.
struct FactChain<Element: Fact> {
    private(set) var first: FactBlock<Element>?
    private(set) var next: UnsafeMutablePointer<Element>?
    private(set) var end: UnsafeMutablePointer<Element>?
    private(set) var unfolded: FactBlock<Element>?
    /// Facts that fit the blocks that there are.
    private(set) var capacity: UInt32 = 0
    /// The first `foldedCount` facts are in the columns of the windows.
    private(set) var foldedCount: UInt32 = 0

    @inline(__always)
    mutating func append(_ fact: Element, _ pool: BlockPool) {
        if next == end { extend(pool) }
        let place = next.unsafelyUnwrapped
        place.initialize(to: fact)
        next = place + 1
        // The following line: by the time it is written the processor has it, and no store waits for another.
        prefetch(UnsafeRawPointer(place) + 64)
        assert(isRightOrLong)
    }

    /// For assertions; traps where an invariant does not hold.
    private var isRightOrLong: Bool {
        if count <= FactChain.checkedCount { checkInvariants() }
        return true
    }

    /// Adds facts that are in the columns already; allowed only while all facts of this chain are.
    mutating func append(folded facts: FactRun<Element>, _ pool: BlockPool) {
        precondition(folded == count, "folded facts behind others")
        for fact in facts { append(fact, pool) }
        markFolded()
    }

    var count: Int {
        guard let next, let end else { return 0 }
        return Int(capacity) - (end - next)
    }

    var folded: Int { Int(foldedCount) }

    /// The folded facts; valid until the chain is next changed.
    var foldedFacts: FactRun<Element> { FactRun(first, 0..<folded) }

    /// The facts not yet folded; valid until the chain is next changed. Does not walk the blocks before.
    var newFacts: FactRun<Element> { FactRun(unfolded, folded..<count) }

    mutating func markFolded() {
        let count = count
        guard count > Int(foldedCount) else { return }
        foldedCount = UInt32(count)
        unfolded = lastBlock
        assert(isRightOrLong)
    }

    /// Marks all facts as being in no column any more.
    mutating func markNew() {
        foldedCount = 0
        unfolded = first
        assert(isRightOrLong)
    }

    /// Drops all facts and frees the memory.
    mutating func free(_ pool: BlockPool) {
        var block = first
        while let freed = block {
            block = freed.next
            pool.free(freed.memory, freed.bytes)
        }
        self = FactChain()
    }

    var byteSize: Int {
        var size = 0
        var block = first
        while let counted = block {
            size += counted.bytes
            block = counted.next
        }
        return size
    }

    /// The last block of a chain that has one.
    private var lastBlock: FactBlock<Element> {
        let bytes = FactBlock<Element>.bytes(ofLastFilling: Int(capacity))
        return FactBlock(
            memory: UnsafeMutableRawPointer(end.unsafelyUnwrapped) - FactBlock<Element>.headerBytes
                - FactBlock<Element>.capacity(bytes) * MemoryLayout<Element>.stride)
    }

    @inline(never)
    private mutating func extend(_ pool: BlockPool) {
        let last = first == nil ? nil : lastBlock
        let bytes = last.map { min(2 * $0.bytes, FactBlock<Element>.largestBytes) } ?? FactBlock<Element>.smallestBytes
        let block = FactBlock<Element>(pool.allocate(bytes), bytes: bytes, factsBefore: capacity)
        if let last {
            last.setNext(block)
        } else {
            first = block
            unfolded = block
        }
        next = block.facts
        end = block.facts + FactBlock<Element>.capacity(bytes)
        capacity += UInt32(FactBlock<Element>.capacity(bytes))
    }
}

/// A block of a chain: the next block, its own size, the number of facts in the blocks before, then facts.
///
/// Unsafe, and why it is right: `memory` is `bytes` bytes, aligned to 64, whose header `init(_:bytes:)` has written;
/// the facts begin behind it, at a multiple of their alignment.
struct FactBlock<Element: Fact> {
    /// One line of the processor's cache.
    static var smallestBytes: Int { 64 }
    static var largestBytes: Int { 4_096 }
    static var headerBytes: Int { 16 }

    static func capacity(_ bytes: Int) -> Int { (bytes - headerBytes) / MemoryLayout<Element>.stride }

    /// The size in bytes of the last block when one or more facts fill a chain.
    static func bytes(ofLastFilling facts: Int) -> Int {
        var bytes = smallestBytes
        var rest = facts - capacity(bytes)
        while rest > 0 && bytes < largestBytes {
            bytes *= 2
            rest -= capacity(bytes)
        }
        return bytes
    }

    let memory: UnsafeMutableRawPointer

    init(memory: UnsafeMutableRawPointer) { self.memory = memory }

    init(_ memory: UnsafeMutableRawPointer, bytes: Int, factsBefore: UInt32) {
        self.memory = memory
        memory.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        memory.storeBytes(of: UInt32(bytes), toByteOffset: 8, as: UInt32.self)
        memory.storeBytes(of: factsBefore, toByteOffset: 12, as: UInt32.self)
        memory.advanced(by: FactBlock.headerBytes).bindMemory(to: Element.self, capacity: FactBlock.capacity(bytes))
    }

    var next: FactBlock? { memory.load(as: UnsafeMutableRawPointer?.self).map(FactBlock.init(memory:)) }

    func setNext(_ block: FactBlock) { memory.storeBytes(of: block.memory, as: UnsafeMutableRawPointer?.self) }

    var bytes: Int { Int(memory.load(fromByteOffset: 8, as: UInt32.self)) }

    var factsBefore: Int { Int(memory.load(fromByteOffset: 12, as: UInt32.self)) }

    var facts: UnsafeMutablePointer<Element> {
        (memory + FactBlock.headerBytes).assumingMemoryBound(to: Element.self)
    }
}

/// A run of consecutive facts of a chain, borrowed from it: as segments, one per block, for loops over many; and one by
/// one.
struct FactRun<Element: Fact>: Sequence, IteratorProtocol {
    private var block: FactBlock<Element>?
    /// Facts of the block before the run.
    private var skipped = 0
    /// Facts in the run.
    private(set) var count = 0
    /// The rest of the segment that the iteration is in.
    private var segment = UnsafeBufferPointer<Element>(start: nil, count: 0)[...]

    static var empty: FactRun { FactRun(nil, 0..<0) }

    /// - Parameters:
    ///   - start: a block of a chain at or before the one with the first fact of the range.
    ///   - range: of the facts of the chain.
    fileprivate init(_ start: FactBlock<Element>?, _ range: Range<Int>) {
        guard !range.isEmpty, let start else { return }
        var block = start
        var skipped = range.lowerBound - start.factsBefore
        while skipped >= FactBlock<Element>.capacity(block.bytes), let next = block.next {
            skipped -= FactBlock<Element>.capacity(block.bytes)
            block = next
        }
        self.block = block
        self.skipped = skipped
        count = range.count
    }

    /// The next contiguous facts; nil at the end.
    mutating func nextSegment() -> UnsafeBufferPointer<Element>? {
        guard count > 0, let block else { return nil }
        let length = Swift.min(count, FactBlock<Element>.capacity(block.bytes) - skipped)
        let facts = UnsafeBufferPointer(start: UnsafePointer(block.facts + skipped), count: length)
        skipped = 0
        count -= length
        // The owner may be appending behind the run: never follow `next` past it.
        self.block = count > 0 ? block.next : nil
        return facts
    }

    /// The run's contiguous segments, one per block.
    var segments: [UnsafeBufferPointer<Element>] {
        var rest = self
        var result: [UnsafeBufferPointer<Element>] = []
        while let segment = rest.nextSegment() { result.append(segment) }
        return result
    }

    mutating func next() -> Element? {
        if let fact = segment.popFirst() { return fact }
        guard let facts = nextSegment() else { return nil }
        segment = facts[...]
        return segment.popFirst()
    }
}

/// The facts of a stretch of time, by kind. As with a chain, the owner frees it.
struct FactChains {
    var setups = FactChain<SetupFact>()
    var outcomes = FactChain<OutcomeFact>()
    var ends = FactChain<EndFact>()
    var sides = FactChain<SideFact>()

    var count: Int { setups.count + outcomes.count + ends.count + sides.count }
    var foldedCount: Int { setups.folded + outcomes.folded + ends.folded + sides.folded }
    var newCount: Int { count - foldedCount }

    mutating func markFolded() {
        setups.markFolded()
        outcomes.markFolded()
        ends.markFolded()
        sides.markFolded()
    }

    mutating func markNew() {
        setups.markNew()
        outcomes.markNew()
        ends.markNew()
        sides.markNew()
    }

    /// Adds facts of other chains that are in the columns already; allowed only while all facts of these chains are.
    mutating func append(folded other: FactChains, _ pool: BlockPool) {
        setups.append(folded: other.setups.foldedFacts, pool)
        outcomes.append(folded: other.outcomes.foldedFacts, pool)
        ends.append(folded: other.ends.foldedFacts, pool)
        sides.append(folded: other.sides.foldedFacts, pool)
    }

    mutating func free(_ pool: BlockPool) {
        setups.free(pool)
        outcomes.free(pool)
        ends.free(pool)
        sides.free(pool)
    }

    var byteSize: Int { setups.byteSize + outcomes.byteSize + ends.byteSize + sides.byteSize }
}
