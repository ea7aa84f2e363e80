import Foundation
import NIOCore
import Randomness
import SwiftProtobuf
import Testing
import Wire

struct IngestEventsColumnsTests {
    private static let widths = [2: 1, 3: 8, 4: 8, 5: 8, 6: 4, 7: 4, 8: 4]

    /// The columns that SwiftProtobuf reads there; nil where it reads none.
    private func obvious(_ bytes: [UInt8]) -> IngestEventsColumns? {
        (try? Busyhour_V1_IngestEventsRequest(serializedBytes: bytes)).map { IngestEventsColumns($0) }
    }

    private func columns(_ bytes: [UInt8]) -> IngestEventsColumns? {
        // At an odd address, where nothing is aligned.
        var buffer = ByteBuffer(bytes: [0] + bytes)
        buffer.moveReaderIndex(forwardBy: 1)
        return try? IngestEventsColumns(buffer)
    }

    @Test(arguments: Seeds.fixed(0..<300))
    func readsWhatSwiftProtobufReads(seed: UInt64) throws {
        var fields = RandomFields(widths: Self.widths, seed: seed)
        try fields.append(12, strange: seed % 2 == 1)
        let expected = obvious(fields.bytes)
        // A request that is written plainly is read, so that both sides do not agree on nothing.
        #expect(seed % 2 == 1 || expected != nil)
        #expect(columns(fields.bytes) == expected)
    }

    @Test(arguments: Seeds.fixed(0..<20))
    func truncationAtEveryByteIsReadAlike(seed: UInt64) throws {
        var fields = RandomFields(widths: Self.widths, seed: seed)
        try fields.append(8, strange: seed % 2 == 1)
        for end in 0..<fields.bytes.count {
            let cut = Array(fields.bytes[..<end])
            #expect(columns(cut) == obvious(cut), "cut at \(end)")
        }
    }

    @Test(arguments: Seeds.fixed(0..<300))
    func damageIsReadAlike(seed: UInt64) throws {
        var fields = RandomFields(widths: Self.widths, seed: seed)
        try fields.append(8, strange: false)
        var bytes = fields.bytes
        for _ in 0..<3 where !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &fields.random)] = UInt8(
                truncatingIfNeeded: fields.random.next())
        }
        #expect(columns(bytes) == obvious(bytes))
    }

    @Test(arguments: Seeds.fixed(0..<50))
    func writesWhatSwiftProtobufWrites(seed: UInt64) throws {
        var fields = RandomFields(widths: Self.widths, seed: seed)
        try fields.append(20, strange: false)
        let message = try Busyhour_V1_IngestEventsRequest(serializedBytes: fields.bytes)
        let expected = try FrameEncoder.frame(message, method: 5, kind: .request, id: 5)
        #expect(try IngestEventsColumns(message).frame(id: 5) == expected)
    }

    @Test func placesAreMerged() throws {
        let first = Busyhour_V1_IngestEventsRequest.with {
            ($0.batch.epoch, $0.batch.first, $0.batch.offsets) = (3, 7, [0, 1])
            $0.kind = Data([1, 1])
        }
        let second = Busyhour_V1_IngestEventsRequest.with { ($0.batch.last, $0.batch.offsets) = (9, [2]) }
        let (one, other): ([UInt8], [UInt8]) = (try first.serializedBytes(), try second.serializedBytes())
        for bytes in [one, other, one + other, other + one, one + one] {
            #expect(columns(bytes) == obvious(bytes))
        }
        #expect(columns(one + other)?.batch?.offsets == [0, 1, 2] && columns(one + other)?.batch?.epoch == 3)
    }

    @Test func readingAgainKeepsNothingOfTheLastRequest() throws {
        var columns = IngestEventsColumns()
        columns.party = [1, 2, 3]
        (columns.kind, columns.code, columns.details.row) = ([1], [2], [3])
        columns.batch = .with { $0.epoch = 1 }
        try columns.read(ByteBuffer())
        #expect(columns == IngestEventsColumns())
        columns.party = [1, 2, 3]
        #expect(throws: MalformedPayload(messageName: "busyhour.v1.IngestEventsRequest")) {
            try columns.read(ByteBuffer(bytes: [0x32, 0x08, 0, 0, 0, 0]))
        }
        #expect(columns == IngestEventsColumns())
    }

    @Test func tooManyEventsAreNoFrame() throws {
        var columns = IngestEventsColumns()
        columns.timeMicros = Array(repeating: 0, count: FrameHeader.payloadLimit / 8)
        // The elements, a tag, and a length of four bytes.
        let error = FrameError.payloadTooLong(length: FrameHeader.payloadLimit + 5, limit: FrameHeader.payloadLimit)
        #expect(throws: error) { try columns.frame(id: 1) }
        columns.timeMicros.removeLast()
        #expect(try columns.frame(id: 1).readableBytes == FrameHeader.size + FrameHeader.payloadLimit - 3)
    }
}
