import Board
import Columnar
import Randomness
import Testing

@testable import Store

/// A block that is in no file.
struct PackedBlock {
    var place: BlockPlace
    var codec: Int64
    var rawBytes: Int64
    var hash: UInt64
    var bytes: [UInt8]

    /// The blocks of a chunk, as the writer gives them.
    static func pack(_ column: SavedColumn, chunk: Int = 0) throws -> [PackedBlock] {
        var packer = ColumnPacker()
        var blocks: [PackedBlock] = []
        try packer.pack(column, of: 7, chunk: chunk) { place, block, bytes in
            blocks.append(
                PackedBlock(
                    place: place, codec: Int64(block.codec.rawValue), rawBytes: Int64(block.rawBytes),
                    hash: block.hash, bytes: Array(bytes)))
        }
        return blocks
    }

    static func unpack(_ blocks: [PackedBlock], _ kind: SavedValues.Kind, rows: Int) throws -> SavedValues {
        var unpacker = ColumnUnpacker()
        var values = SavedValues(kind, rowCount: rows)
        var memory: [UnsafeMutableRawBufferPointer] = []
        defer { for bytes in memory { bytes.deallocate() } }
        var rest = blocks[...]
        let place = BlockPlace(tableID: 7, columnID: 3, chunk: 0, part: 0, rows: UInt32(rows))
        try unpacker.unpack(&values, chunk: 0, place) { place in
            guard let block = rest.popFirst(), block.place == place else { throw BlockFault.malformed }
            // Exactly as long as the block, so that a sanitizer sees who reads beyond.
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: block.bytes.count, alignment: 1)
            bytes.copyBytes(from: block.bytes)
            memory.append(bytes)
            return ReadBlock(
                codec: block.codec, rawBytes: block.rawBytes, hash: block.hash,
                bytes: UnsafeRawBufferPointer(bytes))
        }
        return values
    }
}

@Suite struct BlockRoundTripTests {
    @Test(arguments: SavedValues.Kind.allCases) func randomColumnsComeBack(_ kind: SavedValues.Kind) throws {
        for seed in Seeds.fixed(1...80) {
            var random = RandomColumns(seed: seed)
            let rows = Int.random(in: 1...min(600, ChunkSize.rows), using: &random.generator)
            let column = SavedColumn(3, "c", random.values(kind, rows))
            let blocks = try PackedBlock.pack(column)
            let back = try PackedBlock.unpack(blocks, kind, rows: rows)
            #expect(back.rows == column.values.rows, "\(kind), seed \(seed)")
            for block in blocks {
                #expect(block.bytes.count <= max(8, block.rawBytes), "\(kind), seed \(seed): nothing grows")
            }
        }
    }

    /// What each way of packing is there for.
    @Test func codecsFitWhatTheyAreFor() {
        var encoder = NumberEncoder()
        func codec(_ rows: [Int64]) -> (BlockCodec, Int) {
            var bytes: [UInt8] = []
            let codec = rows.withUnsafeBufferPointer { encoder.encode($0, into: &bytes) }
            return (codec, bytes.count)
        }
        var generator = SeededGenerator(seed: 5)
        let random = (0..<4_000).map { _ in Int64(bitPattern: generator.next()) }
        #expect(codec(random).0 == .raw)
        #expect(codec([Int64](repeating: .min, count: 4_000)) == (.constant, 8))
        #expect(codec(random.map { $0 & 511 }).0 == .packed)
        #expect(codec(random.map { $0 & 511 }).1 < 4_000 * 9 / 8 + 40)
        var sum: Int64 = 1_760_000_000
        let ascending = random.map { bits -> Int64 in
            sum += bits & 3
            return sum
        }
        #expect(codec(ascending).0 == .deltas)
        let amounts: [Int64] = [0, 1_000_000_000, 5_000_000_000, 70_000_000_000]
        #expect(codec(random.map { amounts[Int($0 & 3)] }).0 == .listed)
        // One in a hundred is large.
        let outliers = random.map { $0 % 100 == 0 ? $0 & 0xFFFF_FFFF : $0 & 7 }
        #expect(codec(outliers).0 == .packed)
        #expect(codec(outliers).1 < 4_000)
        let words = (0..<4_000).map {
            Int64(truncatingIfNeeded: UInt64($0 % 50) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64($0 / 2_000))
        }
        #expect(codec(words).0 == .shuffled || codec(words).0 == .listed)
    }

    /// A block's hash is another one wherever one bit of it is another one, and at another place.
    @Test(arguments: Seeds.fixed(9)) func hashSeesEveryBit(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for count in [0, 1, 7, 8, 31, 32, 33, 63, 64, 100] {
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let place = BlockPlace(tableID: 1, columnID: 2, chunk: 3, part: 4, rows: 5)
            let hash = bytes.withUnsafeBytes { BlockHash.hash($0, at: place) }
            for bit in 0..<8 * count {
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(bytes.withUnsafeBytes { BlockHash.hash($0, at: place) } != hash, "bit \(bit) of \(count)")
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            for change in [\BlockPlace.chunk, \.part, \.rows] {
                var other = place
                other[keyPath: change] += 1
                #expect(bytes.withUnsafeBytes { BlockHash.hash($0, at: other) } != hash)
            }
            let swapped = BlockPlace(tableID: 2, columnID: 1, chunk: 3, part: 4, rows: 5)
            #expect(bytes.withUnsafeBytes { BlockHash.hash($0, at: swapped) } != hash)
        }
    }
}
