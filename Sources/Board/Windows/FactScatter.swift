// Facts in the order of their tiles: one pass counts, a second one places. Within a tile they keep their order.

import Columnar

/// Memory for facts of one kind by tile, kept from one use to the next.
///
/// Unsafe, and why it is right: `fill` makes `memory` as large as all the facts together and places each once, at a
/// position below that number, for the starts are the running sum of the very counts. A tile's number is checked against
/// `tiles` while counting.
final class FactScatter<Element: Fact> {
    private var memory: TableMemory<Element>?
    /// Where each tile's facts begin, and where the last one's end; empty without facts.
    private var starts: [UInt32] = []

    init() {}

    func fill(_ segments: [UnsafeBufferPointer<Element>], tiles: Int) {
        starts.removeAll(keepingCapacity: true)
        let count = segments.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        precondition(count <= Int(UInt32.max), "more facts than memory holds")
        // What one very large slot needed is not kept.
        let capacity = self.memory?.count ?? 0
        if count > capacity || capacity > 2 * BoardLimits.factsAtATime {
            self.memory = nil
            self.memory = TableMemory(uninitializedCount: count)
        }
        guard let memory = self.memory?.base else { return }
        let shift = UInt32(FactTile.shift)
        // Counts go two places up, so that after the running sum place `tile + 1` is where the next fact of `tile` belongs,
        // and after placing it is where those of `tile + 1` begin.
        starts.append(contentsOf: repeatElement(0, count: tiles + 2))
        starts.withUnsafeMutableBufferPointer { starts in
            guard let places = starts.baseAddress else { return }
            // Additions do not wrap: no count is above that of the facts.
            for (number, segment) in segments.enumerated() {
                prefetchBegin(of: segments, number + 1)
                for index in 0..<segment.count {
                    let tile = Int(segment[index].customer &>> shift)
                    precondition(tile < tiles, "a fact of a customer that is not there")
                    places[tile &+ 2] &+= 1
                }
            }
            for tile in 1..<starts.count { starts[tile] += starts[tile - 1] }
            for (number, segment) in segments.enumerated() {
                prefetchBegin(of: segments, number + 1)
                for index in 0..<segment.count {
                    let fact = segment[index]
                    let next = places + (Int(fact.customer &>> shift) &+ 1)
                    let place = next.pointee
                    next.pointee = place &+ 1
                    (memory + Int(place)).initialize(to: fact)
                }
            }
        }
    }

    /// Asks for the first lines of a segment, if there is one: segments lie far apart, and from there on the processor
    /// sees by itself what comes.
    @inline(__always)
    private func prefetchBegin(of segments: [UnsafeBufferPointer<Element>], _ number: Int) {
        guard number < segments.count, let start = segments[number].baseAddress else { return }
        for line in 0..<4 { prefetch(UnsafeRawPointer(start) + 64 * line) }
    }

    var isEmpty: Bool { starts.isEmpty }

    /// A tile's facts, lent until the next `fill`.
    subscript(tile: Int) -> UnsafeBufferPointer<Element> {
        guard !starts.isEmpty else { return UnsafeBufferPointer(start: nil, count: 0) }
        let (start, end) = (Int(starts[tile]), Int(starts[tile + 1]))
        return UnsafeBufferPointer(start: memory.map { $0.base + start }, count: end - start)
    }

    var byteSize: Int { memory?.byteSize ?? 0 }
}

/// Facts of all kinds by tile.
final class TiledFacts {
    private let setups = FactScatter<SetupFact>()
    private let outcomes = FactScatter<OutcomeFact>()
    private let ends = FactScatter<EndFact>()
    private let costs = FactScatter<CostFact>()

    init() {}

    /// Which facts of some lanes are meant.
    enum Part {
        /// Those that are in the columns.
        case folded
        /// Those that came since.
        case new
    }

    func fill(_ part: Part, of lanes: [FactLanes], tiles: Int) {
        switch part {
        case .folded:
            setups.fill(lanes.flatMap(\.setups.foldedFacts.segments), tiles: tiles)
            outcomes.fill(lanes.flatMap(\.outcomes.foldedFacts.segments), tiles: tiles)
            ends.fill(lanes.flatMap(\.ends.foldedFacts.segments), tiles: tiles)
            costs.fill(lanes.flatMap(\.costs.foldedFacts.segments), tiles: tiles)
        case .new:
            setups.fill(lanes.flatMap(\.setups.newFacts.segments), tiles: tiles)
            outcomes.fill(lanes.flatMap(\.outcomes.newFacts.segments), tiles: tiles)
            ends.fill(lanes.flatMap(\.ends.newFacts.segments), tiles: tiles)
            costs.fill(lanes.flatMap(\.costs.newFacts.segments), tiles: tiles)
        }
    }

    func removeAll() { fill(.new, of: [], tiles: 0) }

    var isEmpty: Bool { setups.isEmpty && outcomes.isEmpty && ends.isEmpty && costs.isEmpty }

    func count(_ tile: Int) -> Int {
        setups[tile].count + outcomes[tile].count + ends[tile].count + costs[tile].count
    }

    /// Adds a tile's facts, `sign` times (1 or -1).
    func add(_ number: Int, to tile: FactTile, sign: Int32) {
        tile.add(setups[number], sign: sign)
        tile.add(outcomes[number], sign: sign)
        tile.add(ends[number], sign: sign)
        tile.add(costs[number], sign: sign)
    }

    // A tile's facts, lent until the next `fill`.

    func setups(_ tile: Int) -> UnsafeBufferPointer<SetupFact> { setups[tile] }
    func ends(_ tile: Int) -> UnsafeBufferPointer<EndFact> { ends[tile] }
    func outcomes(_ tile: Int) -> UnsafeBufferPointer<OutcomeFact> { outcomes[tile] }

    var byteSize: Int { setups.byteSize + outcomes.byteSize + ends.byteSize + costs.byteSize }
}
