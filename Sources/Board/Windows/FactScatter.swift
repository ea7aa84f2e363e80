// Facts in the order of their tiles: one pass counts, a second one places them. Within a tile the order is preserved.

import Columnar

/// Memory for facts of one kind by tile, reused from one fill to the next.
///
/// Unsafe, and why it is right: `fill` makes `memory` as large as all the facts together and places each once, at a
/// position below that number, because the starts are the running sum of the very same counts. A tile's number is
/// checked against `tiles` while counting, and `starts` has two elements more than there are tiles.
final class FactScatter<Element: Fact> {
    private var memory: TableMemory<Element>?
    private var startMemory: TableMemory<UInt32>?
    /// Number of tiles; 0 without facts.
    private var tiles = 0

    init() {}

    func fill(_ segments: [UnsafeBufferPointer<Element>], tiles: Int) {
        self.tiles = 0
        let count = segments.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        precondition(count <= Int(UInt32.max), "more facts than memory holds")
        // Memory that one very large slot needed is not retained.
        let capacity = self.memory?.count ?? 0
        if count > capacity || capacity > 2 * BoardLimits.factsAtATime {
            self.memory = nil
            self.memory = TableMemory(uninitializedCount: count)
        }
        if startMemory?.count ?? 0 < tiles + 2 { startMemory = TableMemory(uninitializedCount: tiles + 2) }
        guard let memory = self.memory?.base, let places = startMemory?.base else { return }
        self.tiles = tiles
        let shift = UInt32(FactTile.shift)
        // Counts are stored two elements up, so that after the running sum element `tile + 1` is where the next fact of
        // `tile` belongs, and after placing it is where those of `tile + 1` begin.
        places.initialize(repeating: 0, count: tiles + 2)
        // Additions do not wrap: no count is above that of the facts.
        for (number, segment) in segments.enumerated() {
            prefetchBegin(of: segments, number + 1)
            for index in 0..<segment.count {
                let tile = Int(segment[index].customer &>> shift)
                precondition(tile < tiles, "a fact of a customer that is not there")
                places[tile &+ 2] &+= 1
            }
        }
        for tile in 1..<tiles + 2 { places[tile] &+= places[tile - 1] }
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

    /// Prefetches the first lines of a segment, if there is one: segments lie far apart, and from there on the
    /// processor prefetches by itself.
    @inline(__always)
    private func prefetchBegin(of segments: [UnsafeBufferPointer<Element>], _ number: Int) {
        guard number < segments.count, let start = segments[number].baseAddress else { return }
        for line in 0..<4 { prefetch(UnsafeRawPointer(start) + 64 * line) }
    }

    /// The facts by tile; valid until the next `fill`.
    var byTile: TileFacts<Element> {
        guard tiles > 0, let memory, let startMemory else { return TileFacts(facts: nil, starts: nil, tiles: 0) }
        return TileFacts(facts: memory.base, starts: startMemory.base, tiles: tiles)
    }

    var byteSize: Int { (memory?.byteSize ?? 0) + (startMemory?.byteSize ?? 0) }
}

/// Facts of one kind by tile: plain pointers, because a fold of few facts visits every tile, and asking an object for
/// its memory each time took longer than adding them.
struct TileFacts<Element: Fact> {
    fileprivate let facts: UnsafeMutablePointer<Element>?
    /// Where each tile's facts begin, and where the last tile's end.
    fileprivate let starts: UnsafeMutablePointer<UInt32>?
    /// Number of tiles; 0 without facts.
    fileprivate let tiles: Int

    var isEmpty: Bool { tiles == 0 }

    func count(_ tile: Int) -> Int {
        // Safe: there is a start for each tile, and one more.
        guard tile < tiles, let starts else { return 0 }
        return Int(starts[tile + 1] &- starts[tile])
    }

    subscript(tile: Int) -> UnsafeBufferPointer<Element> {
        guard tile < tiles, let starts, let facts else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: facts + Int(starts[tile]), count: count(tile))
    }
}

/// Facts of all kinds by tile.
final class TiledFacts {
    private let setups = FactScatter<SetupFact>()
    private let outcomes = FactScatter<OutcomeFact>()
    private let ends = FactScatter<EndFact>()
    private let sides = FactScatter<SideFact>()

    init() {}

    /// Which facts of some chains to take.
    enum Part {
        /// Those already in the columns.
        case folded
        /// Those added since.
        case new
    }

    func fill(_ part: Part, of chains: [FactChains], tiles: Int) {
        switch part {
        case .folded:
            setups.fill(chains.flatMap(\.setups.foldedFacts.segments), tiles: tiles)
            outcomes.fill(chains.flatMap(\.outcomes.foldedFacts.segments), tiles: tiles)
            ends.fill(chains.flatMap(\.ends.foldedFacts.segments), tiles: tiles)
            sides.fill(chains.flatMap(\.sides.foldedFacts.segments), tiles: tiles)
        case .new:
            setups.fill(chains.flatMap(\.setups.newFacts.segments), tiles: tiles)
            outcomes.fill(chains.flatMap(\.outcomes.newFacts.segments), tiles: tiles)
            ends.fill(chains.flatMap(\.ends.newFacts.segments), tiles: tiles)
            sides.fill(chains.flatMap(\.sides.newFacts.segments), tiles: tiles)
        }
    }

    func removeAll() { fill(.new, of: [], tiles: 0) }

    /// The facts by tile; valid until the next `fill`.
    var byTile: FactsByTile {
        FactsByTile(setups: setups.byTile, outcomes: outcomes.byTile, ends: ends.byTile, sides: sides.byTile)
    }

    var byteSize: Int { setups.byteSize + outcomes.byteSize + ends.byteSize + sides.byteSize }
}

struct FactsByTile {
    let setups: TileFacts<SetupFact>
    let outcomes: TileFacts<OutcomeFact>
    let ends: TileFacts<EndFact>
    let sides: TileFacts<SideFact>

    var isEmpty: Bool { setups.isEmpty && outcomes.isEmpty && ends.isEmpty && sides.isEmpty }

    func count(_ tile: Int) -> Int {
        setups.count(tile) + outcomes.count(tile) + ends.count(tile) + sides.count(tile)
    }

    /// Adds a tile's facts, `sign` times (1 or -1).
    func add(_ number: Int, to tile: FactTile, sign: Int32) {
        tile.add(setups[number], sign: sign)
        tile.add(outcomes[number], sign: sign)
        tile.add(ends[number], sign: sign)
        tile.add(sides[number], sign: sign)
    }
}

extension [FactsByTile] {
    func count(_ tile: Int) -> Int { reduce(0) { $0 + $1.count(tile) } }

    /// Numbers of those of `tiles` tiles that have facts.
    func tilesWithFacts(of tiles: Int) -> [Int] { (0..<tiles).filter { count($0) > 0 } }
}
