import CCompression
import CallEvents
import Foundation
import Randomness
import Testing

@testable import Feeds

/// Packed files: unpacked in steps of any size, and what is wrong with them.
@Suite struct CompressedTests {
    private static func unpack(
        _ bytes: [UInt8], input: Int = 1 << 16, output: Int = 1 << 16, isWhole: Bool = true
    ) throws -> [UInt8] {
        let kind = try #require(Decompressor.Kind(bytes))
        let decompressor = try Decompressor(kind)
        var all: [UInt8] = []
        var at = 0
        var room = [UInt8](repeating: 0, count: output)
        while true {
            let end = min(bytes.count, at + input)
            let step = try bytes[at..<end].withUnsafeBytes { from in
                try room.withUnsafeMutableBytes { try decompressor.step(from, into: $0) }
            }
            #expect(step.consumed <= end - at && step.produced <= output)
            at += step.consumed
            all += room[..<step.produced]
            if at == bytes.count, step.produced < output { break }
            if step.consumed == 0, step.produced == 0 { break }
        }
        if isWhole { try decompressor.finish() }
        return all
    }

    @Test(arguments: Seeds.of(1, 2, 3, 4)) func whatWasPackedComesBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                [UInt8](repeating: 0, count: Int.random(in: 0...200_000, using: &random)).map { _ in
                    UInt8.random(in: 0..<250, using: &random)
                }
            }
            for (index, pack) in [Packed.gzip, Packed.zstd].enumerated() {
                // Of gzip tapes and disks pad each part with zeros.
                let bytes = parts.flatMap {
                    pack($0) + [UInt8](repeating: 0, count: index == 0 ? Int.random(in: 0...9, using: &random) : 0)
                }
                let steps = (Int.random(in: 1...5_000, using: &random), Int.random(in: 1...5_000, using: &random))
                #expect(
                    try Self.unpack(bytes, input: steps.0, output: steps.1) == parts.flatMap { $0 }, "seed \(seed)")
            }
        }
    }

    /// At each place: what came before is whole, and the end is noticed.
    @Test func cutShort() throws {
        let rows = Array("id,setup_at,talk\n".utf8) + (0..<200).flatMap { Array("c\($0),1795168800,5\n".utf8) }
        for pack in [Packed.gzip, Packed.zstd] {
            let bytes = pack(rows)
            for length in stride(from: 4, to: bytes.count, by: 37) {
                let error = #expect(throws: DecompressionError.self) { try Self.unpack(Array(bytes[..<length])) }
                #expect(error?.problem == .cutShort)
                let before = try Self.unpack(Array(bytes[..<length]), isWhole: false)
                #expect(rows.starts(with: before))
            }
        }
    }

    /// A reader may ask once more behind the end, with nothing: the file is whole all the same.
    @Test func nothingBehindTheEnd() throws {
        for pack in [Packed.gzip, Packed.zstd] {
            let bytes = pack(Array("rows".utf8))
            let decompressor = try Decompressor(try #require(Decompressor.Kind(bytes)))
            var room = [UInt8](repeating: 0, count: 100)
            for (input, produced) in [(bytes, 4), ([], 0), ([], 0)] {
                let step = try input.withUnsafeBytes { from in
                    try room.withUnsafeMutableBytes { try decompressor.step(from, into: $0) }
                }
                #expect(step == Decompressor.Step(consumed: input.count, produced: produced))
                #expect(throws: Never.self) { try decompressor.finish() }
            }
        }
    }

    @Test func damage() throws {
        let rows = [UInt8](repeating: 65, count: 5_000)
        var gzip = Packed.gzip(rows)
        gzip[gzip.count - 6] ^= 1
        #expect(throws: DecompressionError(problem: .damaged, detail: "incorrect data check")) { try Self.unpack(gzip) }
        #expect(throws: DecompressionError.self) { try Self.unpack(Packed.gzip(rows) + Array("rubbish".utf8)) }
        #expect(try Self.unpack(Packed.gzip(rows) + [0, 0, 0, 0]) == rows)
        var zstd = Packed.zstd(rows)
        zstd[8] = 0xFF
        #expect(throws: (any Error).self) { try Self.unpack(zstd) }
    }

    /// Kilobytes that would be gigabytes: no step gives more than it is asked for.
    @Test func aBomb() throws {
        var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]
        for _ in 0..<2_000 {
            // A block of 128 KB that repeats one byte.
            let header = UInt32(131_072) << 3 | 1 << 1
            bytes += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16), 65]
        }
        let decompressor = try Decompressor(.zstd)
        var room = [UInt8](repeating: 0, count: 4_096)
        var at = 0
        for _ in 0..<1_000 {
            let step = try bytes[at...].withUnsafeBytes { from in
                try room.withUnsafeMutableBytes { try decompressor.step(from, into: $0) }
            }
            #expect(
                step.produced <= room.count && (step.produced == 0 || room[..<step.produced].allSatisfy { $0 == 65 }))
            at += step.consumed
        }
        // A window of 2 GB is refused.
        let wide: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x01, 0x00, 0x00]
        #expect(throws: DecompressionError.self) { try Self.unpack(wide) }
    }

    @Test func kindsAreSeenByTheirBytes() {
        #expect(
            Decompressor.Kind([0x1F, 0x8B, 0x08, 0x00]) == .gzip
                && Decompressor.Kind([0x28, 0xB5, 0x2F, 0xFD]) == .zstd)
        #expect(Decompressor.Kind([0x5A, 0x2A, 0x4D, 0x18]) == .zstd)
        for head in [[], [0x1F], [0x28, 0xB5], Array("id,setup".utf8), [0x50, 0x4B, 3, 4]] as [[UInt8]] {
            #expect(Decompressor.Kind(head) == nil)
        }
    }

    /// A cut file: its whole rows are read, and one error says how many.
    @Test func aReaderOfACutFile() throws {
        var reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "x.csv.gz")
        Array("id,setup_at,talk\na,1795168800,5\nb,1795168860,5\nc,17951".utf8).withUnsafeBytes { reader.read($0) }
        reader.endDamaged(DecompressionError(problem: .cutShort, detail: ""))
        reader.finish(atEnd: true)
        let errors = reader.takeErrors()
        #expect(errors.map(\.name) == [.cutFile] && errors[0].line == 4 && errors[0].message.contains("after 2 rows"))
        #expect(reader.takeRecords().count == 2 && Consistency.holds(reader.counters))
        // The row that was broken off is read when the file is whole.
        #expect(reader.state.offset == 47)
    }
}

/// Files as gzip and zstd pack them, by blocks that are stored as they are.
enum Packed {
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = [0x1F, 0x8B, 0x08, 0x00, 0, 0, 0, 0, 0, 0xFF]
        var at = 0
        repeat {
            let count = min(0xFFFF, bytes.count - at)
            packed.append(at + count == bytes.count ? 1 : 0)
            packed += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)]
            packed += bytes[at..<at + count]
            at += count
        } while at < bytes.count
        let sum = bytes.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
        let check = bytes.isEmpty ? 0 : sum
        for word in [check, UInt32(bytes.count)] {
            for shift in stride(from: 0, to: 32, by: 8) {
                packed.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
            }
        }
        return packed
    }

    static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        // A window of 2 MB, and no size and no checksum of the contents.
        var packed: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]
        var at = 0
        repeat {
            let count = min(100_000, bytes.count - at)
            let header = UInt32(count) << 3 | (at + count == bytes.count ? 1 : 0)
            packed += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)]
            packed += bytes[at..<at + count]
            at += count
        } while at < bytes.count
        return packed
    }
}
