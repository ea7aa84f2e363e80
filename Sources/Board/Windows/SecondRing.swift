// The facts of the last hour, second by second.

import Columnar

/// Lanes of `places` consecutive seconds, from `start` on. A second's slot is its number modulo `places`.
///
/// Unsafe, and why it is right: `memory` holds `places` initialised `FactChains` from init to deinit, and slot numbers
/// are masked to be below `places`.
final class SecondRing {
    /// The hour that the longest window of single seconds needs, its slot, and an hour and a quarter of room, so that a
    /// flood of calls need not wait for the windows to slide.
    static let places = 8_192

    /// The first second (since 1970) that has a slot; none has before `begin`.
    private(set) var start = Int64.max
    let memory: UnsafeMutablePointer<FactChains>
    private let pool: BlockPool

    init(pool: BlockPool) {
        self.pool = pool
        memory = .allocate(capacity: SecondRing.places)
        memory.initialize(repeating: FactChains(), count: SecondRing.places)
    }

    deinit {
        for place in 0..<SecondRing.places { memory[place].free(pool) }
        memory.deallocate()
    }

    var hasBegun: Bool { start != .max }

    func begin(at second: Int64) {
        precondition(!hasBegun, "a ring begins once and then advances")
        start = second
    }

    /// Moves the start back; no second that then loses its slot has facts.
    func rewind(to second: Int64) {
        precondition(hasBegun && second <= start, "a ring goes back with this")
        start = second
    }

    @inline(__always)
    func covers(_ second: Int64) -> Bool {
        UInt64(bitPattern: second &- start) < UInt64(SecondRing.places)
    }

    /// The chains, in place, of a second that the ring covers.
    @inline(__always)
    func chains(_ second: Int64) -> UnsafeMutablePointer<FactChains> {
        memory + Int(truncatingIfNeeded: second) & (SecondRing.places - 1)
    }

    /// Moves the start forward. Calls `retire` with the chains of each second with facts that leaves the ring, and then
    /// frees them.
    func advance(to newStart: Int64, retire: (Int64, FactChains) -> Void) {
        guard hasBegun, newStart > start else { return }
        for second in start..<min(newStart, start + Int64(SecondRing.places)) {
            let chains = chains(second)
            guard chains.pointee.count > 0 else { continue }
            retire(second, chains.pointee)
            chains.pointee.free(pool)
        }
        start = newStart
    }

    /// Number of facts in the columns from some seconds that the ring covers.
    func foldedCount(_ seconds: Range<Int64>) -> Int {
        seconds.reduce(0) { $0 + chains($1).pointee.foldedCount }
    }

    var byteSize: Int {
        (0..<SecondRing.places).reduce(SecondRing.places * MemoryLayout<FactChains>.stride) {
            $0 + memory[$1].byteSize
        }
    }
}
