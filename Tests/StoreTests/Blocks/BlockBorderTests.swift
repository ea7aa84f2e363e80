import Board
import Columnar
import Randomness
import Testing

@testable import Store

/// Blocks at the borders of what packs them: widths of bits, numbers of different values, pieces of texts.
@Suite struct BlockBorderTests {
    private func expectBack(_ values: [Int64], _ what: Comment) throws {
        var column = Column<Int64>()
        for value in values { column.append(value) }
        let blocks = try PackedBlock.pack(SavedColumn(3, "c", .signed64(column)))
        guard case .signed64(let back) = try PackedBlock.unpack(blocks, .signed64, rows: values.count) else {
            Issue.record("other values")
            return
        }
        #expect(values.indices.allSatisfy { back[$0] == values[$0] }, what)
        #expect(blocks.count == 1 && blocks[0].bytes.count <= max(8, 8 * values.count), what)
    }

    /// Offsets of every width with one of every width among them, first, in the middle and last, in odd and even
    /// numbers of rows, above a base at the edge of the type.
    @Test func everyWidthWithEveryException() throws {
        for width in 0...64 {
            let base = width % 2 == 0 ? Int64.min : 0
            for wide in Set([width, width + 1, width + 7, width + 8, width + 9, 56, 57, 64]) where wide <= 64 {
                for rows in [1, 2, 3, 20, 21] {
                    for place in Set([0, rows / 2, rows - 1]) {
                        let values = (0..<rows).map { row in
                            base &+ offset(row == place ? wide : row % 3 == 0 ? width : width / 2)
                        }
                        try expectBack(values, "\(width) bits, \(wide) at \(place) of \(rows)")
                    }
                }
            }
        }
    }

    /// The greatest number of so many bits.
    private func offset(_ width: Int) -> Int64 { width == 0 ? 0 : Int64(bitPattern: UInt64.max >> UInt64(64 - width)) }

    /// A plan tells the bytes that its stream takes, and no other number of bits takes fewer.
    @Test(arguments: Seeds.fixed(6)) func aPlanIsTheBestThereIs(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for rows in [1, 2, 3, 50, 1_001] {
            for _ in 0..<20 {
                let width = Int.random(in: 0...64, using: &random)
                let values = (0..<rows).map { _ in
                    let bits = Int.random(in: 0..<30, using: &random) == 0 ? width : width / 3
                    return bits == 0 ? 0 : Int64(bitPattern: random.next() >> UInt64(64 - bits))
                }
                values.withUnsafeBufferPointer { values in
                    let plan = OffsetPlan(values, base: 0)
                    var bytes: [UInt8] = []
                    OffsetStream.pack(values, base: 0, plan, into: &bytes)
                    #expect(bytes.count == plan.byteCount, "\(width) bits, \(rows) rows")
                    let widths = values.map { 64 - $0.leadingZeroBitCount }
                    let widest = widths.max() ?? 0
                    let least = (0...BlockLimits.packedBits).map { bits in
                        let above = widths.count { $0 > bits }
                        let upper = above == 0 ? 0 : (max(0, widest - bits) + 7) / 8
                        return 4 + above * (2 + upper) + (rows * bits + 7) / 8 + 7
                    }.min()
                    #expect(plan.byteCount == least, "\(width) bits, \(rows) rows")
                }
            }
        }
    }

    /// As many different values as a list may have, one fewer and one more.
    @Test func aListHasABound() throws {
        for count in [1, 2, 3, 127, 128, 129, 255, 256, 257] {
            let values = (0..<min(4_000, ChunkSize.rows)).map { Int64($0 % count) * 0x01_2345_6789 }
            try expectBack(values, "\(count) values")
            // In no order, so that they pack in no other way.
            var random = SeededGenerator(seed: UInt64(count))
            let shuffled = values.shuffled(using: &random)
            try expectBack(shuffled, "\(count) values in no order")
            var bytes: [UInt8] = []
            var encoder = NumberEncoder()
            let codec = shuffled.withUnsafeBufferPointer { encoder.encode($0, into: &bytes) }
            if count == 257 { #expect(codec != .listed) }
            if count == 256 && shuffled.count == 4_000 { #expect(codec == .listed) }
        }
    }

    /// Texts that end before, at and behind the border of a piece, alone and with others.
    @Test func piecesOfTextsHaveBorders() throws {
        let piece = BlockLimits.textPieceBytes
        for total in [0, 1, piece - 1, piece, piece + 1, 2 * piece - 1, 2 * piece, 2 * piece + 1] {
            for first in [0, 1, total / 2] where first <= total {
                for letter in ["a", "é"] {
                    let unit = letter.utf8.count
                    let lengths = [first, min(piece, total - first), total - first - min(piece, total - first), 0]
                    let texts = lengths.map { String(repeating: letter, count: $0 / unit) }
                    if texts.contains(where: { $0.utf8.count > ColumnarLimits.textBytes }) { continue }
                    var column = TextColumn()
                    for text in texts { column.append(text) }
                    let blocks = try PackedBlock.pack(SavedColumn(3, "c", .text(column)))
                    let bytes = texts.reduce(0) { $0 + $1.utf8.count }
                    #expect(blocks.count == 1 + (bytes + piece - 1) / piece, "\(bytes) bytes")
                    let back = try PackedBlock.unpack(blocks, .text, rows: texts.count)
                    #expect(back.rows == texts, "\(bytes) bytes, \(first) in the first")
                }
            }
        }
    }
}
