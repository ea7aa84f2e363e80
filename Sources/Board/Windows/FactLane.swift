// Facts of one kind in the order in which they came.

import Columnar

/// A chain of blocks of a pool, always the same one; the owner calls `free` when he is done with it. Each block is twice as
/// large as the one before, up to 4 KB: facts never move, and less than a page of a long lane is empty. Lanes lie by the
/// ten thousand in the memory of a `SecondRing`, and an array in each place would cost a check of its ownership with
/// every fact.
///
/// Unsafe, and why it is right: `first` begins a chain of `FactBlock`s that this lane owns, of which all but the last are
/// full; `next` is the place behind the last fact and has `room` places from there to the end of the last block. Only
/// `append`, `extend` and `free` change them, and each keeps that true. Facts are plain bits and need no destruction.
struct FactLane<Element: Fact> {
    private var first: FactBlock<Element>?
    private var next: UnsafeMutablePointer<Element>?
    private var room: UInt32 = 0
    /// Octets of the last block.
    private var lastBytes: UInt32 = 0
    /// Facts in the blocks before the last.
    private var countBeforeLast: UInt32 = 0
    /// The first `foldedCount` facts are in the columns of the windows.
    private var foldedCount: UInt32 = 0

    @inline(__always)
    mutating func append(_ fact: Element, _ pool: BlockPool) {
        if room == 0 { extend(pool) }
        next.unsafelyUnwrapped.initialize(to: fact)
        next = next.unsafelyUnwrapped + 1
        room &-= 1
    }

    /// Adds facts that are in the columns already; allowed while all of this lane's are.
    mutating func append(folded facts: FactRun<Element>, _ pool: BlockPool) {
        precondition(folded == count, "folded facts behind others")
        for fact in facts { append(fact, pool) }
        markFolded()
    }

    var count: Int {
        first == nil ? 0 : Int(countBeforeLast) + FactBlock<Element>.capacity(Int(lastBytes)) - Int(room)
    }

    var folded: Int { Int(foldedCount) }

    /// Lent until the lane is next changed.
    var foldedFacts: FactRun<Element> { FactRun(first, 0..<folded) }

    /// Lent until the lane is next changed.
    var newFacts: FactRun<Element> { FactRun(first, folded..<count) }

    mutating func markFolded() { foldedCount = UInt32(count) }

    /// No facts, and no memory.
    mutating func free(_ pool: BlockPool) {
        var block = first
        while let freed = block {
            block = freed.next
            pool.free(freed.memory, freed.bytes)
        }
        self = FactLane()
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

    @inline(never)
    private mutating func extend(_ pool: BlockPool) {
        let bytes =
            first == nil ? FactBlock<Element>.smallestBytes : min(2 * Int(lastBytes), FactBlock<Element>.largestBytes)
        let block = FactBlock<Element>(pool.allocate(bytes), bytes: bytes)
        if first == nil {
            first = block
        } else {
            let before = count
            // The end of the full last block, whose octets are known.
            let last =
                UnsafeMutableRawPointer(next.unsafelyUnwrapped)
                - FactBlock<Element>.headerBytes
                - FactBlock<Element>.capacity(Int(lastBytes)) * MemoryLayout<Element>.stride
            FactBlock<Element>(memory: last).setNext(block)
            countBeforeLast = UInt32(before)
        }
        next = block.facts
        room = UInt32(FactBlock<Element>.capacity(bytes))
        lastBytes = UInt32(bytes)
    }
}

/// A block of a lane: what comes next, its own size, then facts.
///
/// Unsafe, and why it is right: `memory` is `bytes` octets, aligned to 64, whose header `init(_:bytes:)` has written; the
/// facts begin behind it, at a multiple of their alignment.
struct FactBlock<Element: Fact> {
    /// One line of the processor's cache.
    static var smallestBytes: Int { 64 }
    static var largestBytes: Int { 4_096 }
    static var headerBytes: Int { 16 }

    static func capacity(_ bytes: Int) -> Int { (bytes - headerBytes) / MemoryLayout<Element>.stride }

    let memory: UnsafeMutableRawPointer

    init(memory: UnsafeMutableRawPointer) { self.memory = memory }

    init(_ memory: UnsafeMutableRawPointer, bytes: Int) {
        self.memory = memory
        memory.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        memory.storeBytes(of: bytes, toByteOffset: 8, as: Int.self)
        memory.advanced(by: FactBlock.headerBytes).bindMemory(to: Element.self, capacity: FactBlock.capacity(bytes))
    }

    var next: FactBlock? { memory.load(as: UnsafeMutableRawPointer?.self).map(FactBlock.init(memory:)) }

    func setNext(_ block: FactBlock) { memory.storeBytes(of: block.memory, as: UnsafeMutableRawPointer?.self) }

    var bytes: Int { memory.load(fromByteOffset: 8, as: Int.self) }

    var facts: UnsafeMutablePointer<Element> {
        (memory + FactBlock.headerBytes).assumingMemoryBound(to: Element.self)
    }
}

/// Some facts of a lane in a row, lent by it: as segments, one a block, for loops over many; and one by one.
struct FactRun<Element: Fact>: Sequence, IteratorProtocol {
    private var block: FactBlock<Element>?
    /// Facts of the block that are before the run.
    private var skipped = 0
    /// Facts from there on.
    private(set) var count = 0
    /// What is left of the segment that the iteration is in.
    private var segment = UnsafeBufferPointer<Element>(start: nil, count: 0)[...]

    static var empty: FactRun { FactRun(nil, 0..<0) }

    /// - Parameter range: of the facts of a lane that begins with a block.
    fileprivate init(_ first: FactBlock<Element>?, _ range: Range<Int>) {
        guard !range.isEmpty, let first else { return }
        var block = first
        var skipped = range.lowerBound
        while skipped >= FactBlock<Element>.capacity(block.bytes), let next = block.next {
            skipped -= FactBlock<Element>.capacity(block.bytes)
            block = next
        }
        self.block = block
        self.skipped = skipped
        count = range.count
    }

    /// The next facts that lie in a row; nil behind the last.
    mutating func nextSegment() -> UnsafeBufferPointer<Element>? {
        guard count > 0, let block else { return nil }
        let length = Swift.min(count, FactBlock<Element>.capacity(block.bytes) - skipped)
        let facts = UnsafeBufferPointer(start: UnsafePointer(block.facts + skipped), count: length)
        skipped = 0
        count -= length
        // What follows the run may be written just now, by whoever goes on with the lane.
        self.block = count > 0 ? block.next : nil
        return facts
    }

    /// The segments.
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
