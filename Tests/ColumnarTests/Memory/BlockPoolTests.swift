import Randomness
import Testing

@testable import Columnar

@Suite struct BlockPoolTests {
    @Test func sizesArePowersOfTwo() {
        #expect(BlockPool.size(of: 1) == 64 && BlockPool.size(of: 64) == 64 && BlockPool.size(of: 65) == 128)
        #expect(BlockPool.size(of: 4_096) == 4_096 && BlockPool.size(of: 1 << 20) == 1 << 20)
    }

    /// Every block keeps what was written to it until it is freed: no two share memory.
    @Test(arguments: Seeds.fixed(31)) func blocksDoNotOverlap(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pool = BlockPool()
        var blocks: [(memory: UnsafeMutableRawPointer, bytes: Int, mark: UInt8)] = []
        for round in 0..<4_000 {
            if blocks.count > 60 || (!blocks.isEmpty && Bool.random(using: &generator)) {
                let block = blocks.remove(at: Int.random(in: 0..<blocks.count, using: &generator))
                let bytes = UnsafeRawBufferPointer(start: block.memory, count: block.bytes)
                #expect(bytes.allSatisfy { $0 == block.mark })
                pool.free(block.memory, block.bytes)
            } else {
                let bytes = 1 << Int.random(in: 0...19, using: &generator) + Int.random(in: 0...3, using: &generator)
                let memory = pool.allocate(bytes)
                #expect(Int(bitPattern: memory) & 63 == 0)
                let mark = UInt8(truncatingIfNeeded: round)
                memory.initializeMemory(as: UInt8.self, repeating: mark, count: bytes)
                blocks.append((memory, bytes, mark))
            }
        }
        for block in blocks { pool.free(block.memory, block.bytes) }
    }

    /// What was handed out once counts, in powers of two; the longest blocks are the system's.
    @Test func theMemoryIsThatOfTheBlocks() {
        let pool = BlockPool()
        #expect(pool.byteSize == 0)
        let block = pool.allocate(100)
        #expect(pool.byteSize == 128)
        _ = pool.allocate(1)
        #expect(pool.byteSize == 128 + 64)
        pool.free(block, 100)
        #expect(pool.allocate(65) == block && pool.byteSize == 128 + 64)
        let longest = pool.allocate(1 << 18)
        #expect(pool.byteSize == 128 + 64 + 1 << 18)
        let longer = pool.allocate(1 << 18 + 1)
        #expect(pool.byteSize == 128 + 64 + 1 << 18)
        pool.free(longer, 1 << 18 + 1)
        pool.free(longest, 1 << 18)
        #expect(pool.allocate(1 << 18) == longest)
    }

    /// Two holds that end in either order: only the last one lets blocks be used again.
    @Test(arguments: [0, 1]) func allHoldsHaveToEnd(first: Int) {
        let pool = BlockPool()
        let block = pool.allocate(100)
        var holds: [BlockPool.Hold?] = [pool.hold(), pool.hold()]
        pool.free(block, 100)
        holds[first] = nil
        // Each block that comes back makes the pool look whether it is still held.
        pool.free(pool.allocate(100), 100)
        let others = (0..<2).map { _ in pool.allocate(100) }
        #expect(!others.contains(block))
        withExtendedLifetime(holds) {}
        holds[1 - first] = nil
        pool.free(pool.allocate(100), 100)
        let again = (0..<3).map { _ in pool.allocate(100) }
        #expect(again.contains(block))
    }

    /// As long as the pool is held, freed blocks keep their content; afterwards they are used again.
    @Test func heldBlocksAreNotUsedAgain() {
        let pool = BlockPool()
        let blocks = [100, 5_000, 1 << 20].map { bytes in (pool.allocate(bytes), bytes) }
        for (block, bytes) in blocks { block.initializeMemory(as: UInt8.self, repeating: 7, count: bytes) }
        var hold: BlockPool.Hold? = pool.hold()
        for (block, bytes) in blocks { pool.free(block, bytes) }
        for (_, bytes) in blocks {
            let other = pool.allocate(bytes)
            #expect(!blocks.contains { $0.0 == other })
            other.initializeMemory(as: UInt8.self, repeating: 9, count: bytes)
            pool.free(other, bytes)
        }
        for (block, bytes) in blocks {
            #expect(UnsafeRawBufferPointer(start: block, count: bytes).allSatisfy { $0 == 7 })
        }
        withExtendedLifetime(hold) {}
        hold = nil
        // The next block that comes back finds the hold gone.
        pool.free(pool.allocate(64), 64)
        let again = (0..<2).map { _ in pool.allocate(100) }
        #expect(again.contains(blocks[0].0))
    }
}
