// Memory for many arrays that grow and are freed, such as those of calls by the second.
//
// Blocks are powers of two; a freed one is reused for the next of its size. They are cut from slabs of 2 MB for which
// the kernel is asked to use huge pages: touching memory for the first time costs most of what filling it costs, and
// five times as much with pages of 4 KB.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Not thread-safe. Blocks are valid until they are freed or the pool is released.
///
/// Unsafe, and why it is right: an allocated block is `size(of:)` bytes of a slab that no other block uses until it is
/// freed, and slabs live as long as the pool. A free block holds the address of the next free one of its size in its
/// first eight bytes (blocks have at least 64).
public final class BlockPool {
    private static let slabBytes = 2 << 20
    private static let smallestShift = 6
    /// Larger blocks are allocated from and returned to the system one by one.
    private static let largestShift = 18

    private var slabs: [UnsafeMutableRawPointer] = []
    /// The unused rest of the newest slab.
    private var rest: UnsafeMutableRawBufferPointer = .init(start: nil, count: 0)
    /// The current readers of blocks, and the blocks freed meanwhile.
    private var holds: [Hold] = []
    private var waiting: [(block: UnsafeMutableRawPointer, bytes: Int)] = []
    /// First free block, by the power of two of its size.
    private var free = [UnsafeMutableRawPointer?](repeating: nil, count: largestShift + 1)

    public init() {}

    deinit {
        // No hold is left, because each retains the pool.
        for (block, bytes) in waiting { giveBack(block, bytes) }
        for slab in slabs { slab.deallocate() }
    }

    /// The size of the block that `allocate` returns for a number of bytes.
    public static func size(of bytes: Int) -> Int {
        1 << max(smallestShift, Int.bitWidth - (bytes - 1).leadingZeroBitCount)
    }

    /// A block of `size(of: bytes)` bytes with any content, aligned to 64. `bytes` is above 0.
    public func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let size = BlockPool.size(of: bytes)
        let shift = size.trailingZeroBitCount
        guard shift <= BlockPool.largestShift else { return .allocate(byteCount: size, alignment: 64) }
        if let block = free[shift] {
            free[shift] = block.load(as: UnsafeMutableRawPointer?.self)
            return block
        }
        if rest.count < size { addSlab() }
        let block = rest.baseAddress.unsafelyUnwrapped
        rest = UnsafeMutableRawBufferPointer(rebasing: rest[size...])
        return block
    }

    /// Takes back a block that `allocate(bytes)` returned.
    public func free(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
        if isHeld { waiting.append((block, bytes)) } else { giveBack(block, bytes) }
    }

    private func giveBack(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
        let shift = BlockPool.size(of: bytes).trailingZeroBitCount
        guard shift <= BlockPool.largestShift else { return block.deallocate() }
        block.storeBytes(of: free[shift], as: UnsafeMutableRawPointer?.self)
        free[shift] = block
    }

    /// For a copy of blocks at one instant: as long as the hold lives, freed blocks are not reused, so that another
    /// thread may read what was written to blocks before. The owners of blocks may append to them, but not change
    /// existing contents.
    public func hold() -> Hold {
        let hold = Hold(self)
        holds.append(hold)
        return hold
    }

    public final class Hold: @unchecked Sendable {
        // Sendable: the pool is only retained, never used through the hold.
        private let pool: BlockPool
        fileprivate init(_ pool: BlockPool) { self.pool = pool }
    }

    /// Whether a hold is alive; frees what waited for the last one.
    private var isHeld: Bool {
        guard !holds.isEmpty else { return false }
        // Only the pool references it now: as with arrays, its last owner's reads happened before.
        for index in holds.indices.reversed() where isKnownUniquelyReferenced(&holds[index]) { holds.remove(at: index) }
        guard holds.isEmpty else { return true }
        for (block, bytes) in waiting { giveBack(block, bytes) }
        waiting = []
        return false
    }

    /// Bytes of the slabs, excluding blocks allocated from the system.
    public var byteSize: Int { slabs.count * BlockPool.slabBytes - rest.count }

    /// Adds a slab; the rest of the previous one goes to the free blocks.
    private func addSlab() {
        while rest.count >= 1 << BlockPool.smallestShift, let base = rest.baseAddress {
            let size = 1 << (Int.bitWidth - 1 - rest.count.leadingZeroBitCount)
            free(base, size)
            rest = UnsafeMutableRawBufferPointer(rebasing: rest[size...])
        }
        let slab = UnsafeMutableRawPointer.allocate(byteCount: BlockPool.slabBytes, alignment: BlockPool.slabBytes)
        // Only advice: without huge pages everything works, but more slowly at first.
        _ = madvise(slab, BlockPool.slabBytes, Int32(MADV_HUGEPAGE))
        slabs.append(slab)
        rest = UnsafeMutableRawBufferPointer(start: slab, count: BlockPool.slabBytes)
    }
}
