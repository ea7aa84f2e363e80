// Blocks that were made to harm: the hash fits, the content does not. Whatever they are, the answer is a fault or
// rows.

import Board
import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct HostileBlockTests {
    /// Bytes at random, and good blocks changed at random, through every codec.
    @Test func anyBytesGiveRowsOrAFault() {
        var faults = 0
        var decoded = 0
        let seeds = Seeds.fixed(1...400)
        for seed in seeds {
            var random = RandomColumns(seed: seed)
            let rows = Int.random(in: 1...200, using: &random.generator)
            let numbers: [Int64] = random.numbers(rows, of: Int64.self)
            var bytes: [UInt8] = []
            var encoder = NumberEncoder()
            let written = numbers.withUnsafeBufferPointer { encoder.encode($0, into: &bytes) }
            for _ in 0..<20 {
                var hostile = bytes
                var codec = written
                for _ in 0..<Int.random(in: 1...4, using: &random.generator) where !hostile.isEmpty {
                    let place = Int.random(in: 0..<min(hostile.count, 40), using: &random.generator)
                    hostile[place] = UInt8.random(in: 0...255, using: &random.generator)
                }
                if Bool.random(using: &random.generator) {
                    hostile.removeLast(Int.random(in: 0...hostile.count, using: &random.generator))
                }
                if Int.random(in: 0..<4, using: &random.generator) == 0 {
                    codec = BlockCodec.allCases.randomElement(using: &random.generator) ?? codec
                }
                if HostileBlockTests.decodes(hostile, codec, rows: rows) { decoded += 1 } else { faults += 1 }
            }
        }
        // Both happen, or this test looks at nothing.
        #expect(4 * faults > 5 * seeds.count && 4 * decoded > 5 * seeds.count, "\(faults) faults, \(decoded) decoded")
    }

    private static func decodes(_ bytes: [UInt8], _ codec: BlockCodec, rows: Int) -> Bool {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        var decoder = NumberDecoder()
        var wide = [Int64](repeating: 0, count: rows)
        var narrow = [UInt8](repeating: 0, count: rows)
        do {
            try wide.withUnsafeMutableBufferPointer {
                try decoder.decode(UnsafeRawBufferPointer(memory), codec: codec, into: $0)
            }
            try narrow.withUnsafeMutableBufferPointer {
                try decoder.decode(UnsafeRawBufferPointer(memory), codec: codec, into: $0)
            }
            return true
        } catch {
            return false
        }
    }

    private static func decode(_ bytes: [UInt8], _ codec: BlockCodec, into rows: inout [Int64]) -> BlockFault? {
        var decoder = NumberDecoder()
        do {
            try bytes.withUnsafeBytes { bytes in
                try rows.withUnsafeMutableBufferPointer { try decoder.decode(bytes, codec: codec, into: $0) }
            }
            return nil
        } catch {
            return error as? BlockFault
        }
    }

    private func fault(_ blocks: [PackedBlock], _ kind: SavedValues.Kind, rows: Int) -> BlockFault? {
        do {
            _ = try PackedBlock.unpack(blocks, kind, rows: rows)
            return nil
        } catch {
            return error as? BlockFault
        }
    }

    @Test func numbersThatAreNotWhatTheySay() throws {
        var column = Column<Int64>()
        for row in 0..<100 { column.append(Int64(row * row)) }
        let good = try PackedBlock.pack(SavedColumn(3, "c", .signed64(column)))
        #expect(fault(good, .signed64, rows: 100) == nil)
        func changed(_ change: (inout PackedBlock) -> Void) -> BlockFault? {
            var blocks = good
            change(&blocks[0])
            return fault(blocks, .signed64, rows: 100)
        }
        #expect(changed { $0.codec = 7 } == .unknownCodec(7))
        #expect(changed { $0.codec = -1 } == .unknownCodec(-1))
        #expect(changed { $0.codec = 1 } == .unknownCodec(1))
        #expect(changed { $0.rawBytes = 801 } == .rawLength(declared: 801, expected: 800))
        #expect(changed { $0.rawBytes = .max } == .rawLength(declared: .max, expected: 800))
        #expect(changed { $0.hash ^= 1 } == .wrongHash)
        #expect(changed { $0.bytes = [] } == .malformed)
        #expect(changed { $0.bytes += [0] } == .malformed)
        #expect(changed { $0.bytes = [UInt8](repeating: 0, count: 900) } == .storedLength(900))
        #expect(changed { $0.codec = 6 } == .malformed)
        #expect(changed { ($0.codec, $0.bytes) = (6, [1, 2]) } == .storedLength(2))
        // Zeros are believed without memory, and only if zeros were written.
        #expect(changed { ($0.codec, $0.bytes) = (2, [UInt8](repeating: 0, count: 8)) } == .wrongHash)
    }

    /// Zeros that were written, with any number of bytes and every codec: only what its codec requires is read.
    @Test func zerosOfAnyLength() throws {
        var column = Column<Int64>()
        column.grow(to: 100)
        let good = try PackedBlock.pack(SavedColumn(3, "c", .signed64(column)))
        #expect(good[0].codec == 2 && good[0].bytes == [UInt8](repeating: 0, count: 8))
        let right: [Int64: Int] = [
            Int64(BlockCodec.raw.rawValue): 800, Int64(BlockCodec.constant.rawValue): 8,
            Int64(BlockCodec.packed.rawValue): 8 + 4 + 7, Int64(BlockCodec.deltas.rawValue): 16 + 4 + 7,
        ]
        for codec in BlockCodec.allCases.map({ Int64($0.rawValue) }) {
            for count in Array(0...40) + [799, 800, 801] {
                var blocks = good
                (blocks[0].codec, blocks[0].bytes) = (codec, [UInt8](repeating: 0, count: count))
                #expect((fault(blocks, .signed64, rows: 100) == nil) == (count == right[codec]), "\(codec), \(count)")
            }
        }
    }

    /// An exception for every row there is, the last one too, and for those behind it.
    @Test func exceptionsAreForRowsThereAre() {
        for rows in [1, 2, 63, 100] {
            for row in [0, 1, rows - 1, rows, rows + 1, 65_535] {
                for count in 1...2 {
                    // Base 0, no bits; exceptions of one byte, all for this row.
                    var bytes = [UInt8](repeating: 0, count: 8)
                    bytes += [0, 1, UInt8(count), 0]
                    for _ in 0..<count { bytes += [UInt8(row & 0xFF), UInt8(row >> 8)] }
                    bytes += [UInt8](repeating: 5, count: count) + [UInt8](repeating: 0, count: 7)
                    var values = [Int64](repeating: 9, count: rows)
                    let found = HostileBlockTests.decode(bytes, .packed, into: &values)
                    if row < rows && count <= rows {
                        let expected = (0..<rows).map { $0 == row ? Int64(5 * count) : 0 }
                        #expect(found == nil && values == expected, "row \(row) of \(rows)")
                    } else {
                        #expect(found == .malformed, "row \(row) of \(rows)")
                    }
                }
            }
        }
    }

    /// Blocks of a text column made by hand, with hashes that fit.
    private func text(lengths: [UInt32], pieces: [[UInt8]]) -> [PackedBlock] {
        var place = BlockPlace(tableID: 7, columnID: 3, chunk: 0, part: 0, rows: UInt32(lengths.count))
        var blocks = [
            lengths.withUnsafeBytes {
                PackedBlock(
                    place: place, codec: 0, rawBytes: Int64($0.count), hash: BlockHash.hash($0, at: place),
                    bytes: Array($0))
            }
        ]
        for piece in pieces {
            place.part += 1
            let hash = piece.withUnsafeBytes { BlockHash.hash($0, at: place) }
            blocks.append(PackedBlock(place: place, codec: 0, rawBytes: Int64(piece.count), hash: hash, bytes: piece))
        }
        return blocks
    }

    @Test func textsThatAreNone() throws {
        let word = Array("abc".utf8)
        #expect(fault(text(lengths: [1, 2], pieces: [word]), .text, rows: 2) == nil)
        // Lengths that end before, and after, the bytes.
        #expect(fault(text(lengths: [1, 1], pieces: [word]), .text, rows: 2) == .rawLength(declared: 3, expected: 2))
        #expect(fault(text(lengths: [1, 9], pieces: [word]), .text, rows: 2) == .rawLength(declared: 3, expected: 10))
        let longest = UInt32(ColumnarLimits.textBytes)
        let piece = [UInt8](repeating: 0x61, count: ColumnarLimits.textBytes)
        #expect(fault(text(lengths: [longest], pieces: [piece]), .text, rows: 1) == nil)
        #expect(fault(text(lengths: [3, longest], pieces: [piece, word]), .text, rows: 2) == nil)
        #expect(fault(text(lengths: [longest + 1], pieces: [word]), .text, rows: 1) == .textLength)
        #expect(fault(text(lengths: [.max, 2], pieces: [word]), .text, rows: 2) == .textLength)
        // Two gigabytes are promised, three bytes are there: nothing is allocated for the rest.
        let promised = text(lengths: [UInt32](repeating: longest, count: ChunkSize.rows), pieces: [word])
        #expect(fault(promised, .text, rows: ChunkSize.rows) == .rawLength(declared: 3, expected: 262_144))
        #expect(fault(text(lengths: [3], pieces: []), .text, rows: 1) == .malformed)
        #expect(fault(text(lengths: [2], pieces: [[0xC3, 0x28]]), .text, rows: 1) == .notUTF8)
        // Together the bytes are UTF-8, but the first text ends within a character.
        #expect(fault(text(lengths: [1, 1], pieces: [[0xC3, 0xA9]]), .text, rows: 2) == .notUTF8)
        #expect(fault(text(lengths: [0, 2, 0], pieces: [[0xC3, 0xA9]]), .text, rows: 3) == nil)
    }
}
