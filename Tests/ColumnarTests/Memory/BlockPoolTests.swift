import Randomness
import Testing

@testable import Columnar

@Suite struct BlockPoolTests {
    @Test func sizesArePowersOfTwo() {
        #expect(BlockPool.size(of: 1) == 64 && BlockPool.size(of: 64) == 64 && BlockPool.size(of: 65) == 128)
        #expect(BlockPool.size(of: 4_096) == 4_096 && BlockPool.size(of: 1 << 20) == 1 << 20)
    }

    /// Every block keeps what was written to it until it is freed: no two share memory.
    @Test func blocksDoNotOverlap() {
        var generator = SeededGenerator(seed: 31)
        let pool = BlockPool()
        var blocks: [(memory: UnsafeMutableRawPointer, bytes: Int, mark: UInt8)] = []
        for round in 0..<4_000 {
            if blocks.count > 60 || (!blocks.isEmpty && Bool.random(using: &generator)) {
                let block = blocks.remove(at: Int.random(in: 0..<blocks.count, using: &generator))
                let octets = UnsafeRawBufferPointer(start: block.memory, count: block.bytes)
                #expect(octets.allSatisfy { $0 == block.mark })
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
}
