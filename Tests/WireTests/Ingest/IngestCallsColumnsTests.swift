import Foundation
import NIOCore
import Randomness
import SwiftProtobuf
import Testing
import Wire

struct IngestCallsColumnsTests {
    private static let widths = [2: 4, 3: 8, 4: 4, 5: 4, 6: 4, 7: 4, 8: 4, 9: 8, 10: 8, 11: 8]

    /// The columns that SwiftProtobuf reads there; nil where it reads none.
    private func obvious(_ bytes: [UInt8]) -> IngestCallsColumns? {
        (try? Busyhour_V1_IngestCallsRequest(serializedBytes: bytes)).map { IngestCallsColumns($0) }
    }

    private func columns(_ bytes: [UInt8]) -> IngestCallsColumns? {
        // At an odd address, where nothing is aligned.
        var buffer = ByteBuffer(bytes: [0] + bytes)
        buffer.moveReaderIndex(forwardBy: 1)
        return try? IngestCallsColumns(buffer)
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
        var message = try Busyhour_V1_IngestCallsRequest(serializedBytes: fields.bytes)
        if seed % 3 == 0 { message.readerErrors = ["bad_time": seed] }
        if seed % 2 == 0 {
            message.money = .with {
                $0.currencies = ["EUR", "USD"]
                $0.currency = Data((0..<seed).map { UInt8($0 % 3) })
                $0.costLimitMicros = Int64(seed) * 1_000
                $0.costsOnly = seed % 4 == 0
            }
        }
        let expected = try FrameEncoder.frame(message, method: 6, kind: .request, id: 5)
        #expect(try IngestCallsColumns(message).frame(id: 5) == expected)
    }

    /// Fields above 15 have tags of two bytes: they are read where they stand, and a second one is merged.
    @Test func moneyIsReadWhereverItStands() throws {
        var message = Busyhour_V1_IngestCallsRequest()
        (message.party, message.costMicros) = ([0], [5])
        message.money.currencies = ["EUR"]
        let bytes: [UInt8] = try message.serializedBytes()
        #expect(columns(bytes)?.money.currencies == ["EUR"] && columns(bytes) == obvious(bytes))
        let second: [UInt8] = try Busyhour_V1_IngestCallsRequest.with { $0.money.costLimitMicros = 9 }.serializedBytes()
        #expect(columns(bytes + second)?.money.costLimitMicros == 9)
        #expect(columns(bytes + second) == obvious(bytes + second))
        // Not as short as can be, and cut.
        for tag: [UInt8] in [[0x82, 0], [0x82, 0x80, 0], [0x82, 0x81, 0], [0x82], [0x82, 0x10], [0x82, 7]] {
            #expect(columns(bytes + tag + [0]) == obvious(bytes + tag + [0]), "\(tag)")
            #expect(columns(bytes + tag) == obvious(bytes + tag), "\(tag)")
        }
    }

    /// What is told of money in a batch, each part by itself and with the others.
    @Test func everyPartOfMoney() throws {
        for mask in 0..<16 {
            var message = Busyhour_V1_IngestCallsRequest.with { ($0.party, $0.costMicros) = ([0], [5]) }
            if mask & 1 != 0 { message.money.currencies = ["EUR"] }
            if mask & 2 != 0 { message.money.currency = Data([1]) }
            if mask & 4 != 0 { message.money.costLimitMicros = 9 }
            if mask & 8 != 0 { message.money.costsOnly = true }
            let columns = IngestCallsColumns(message)
            #expect(columns.money.isEmpty == (mask == 0), "\(mask)")
            let frame = try columns.frame(id: 5)
            #expect(try frame == FrameEncoder.frame(message, method: 6, kind: .request, id: 5), "\(mask)")
            let payload = Array(frame.readableBytesView.dropFirst(FrameHeader.size))
            #expect(self.columns(payload) == columns, "\(mask)")
            // A reader that is used again has nothing of it.
            var again = columns
            try again.read(ByteBuffer(bytes: [0x12, 4, 0, 0, 0, 0]))
            #expect(again.money.isEmpty && again.party == [0], "\(mask)")
        }
    }

    /// The place of a batch is one message, wherever it stands; two are merged, as protobuf merges them.
    @Test func placesAreMerged() throws {
        let first = Busyhour_V1_IngestCallsRequest.with {
            ($0.batch.epoch, $0.batch.first, $0.batch.offsets) = (3, 7, [0, 1])
            $0.party = [0, 0]
        }
        let second = Busyhour_V1_IngestCallsRequest.with { ($0.batch.last, $0.batch.offsets) = (9, [2]) }
        let (one, other): ([UInt8], [UInt8]) = (try first.serializedBytes(), try second.serializedBytes())
        for bytes in [one, other, one + other, other + one, one + one] {
            #expect(columns(bytes) == obvious(bytes))
        }
        #expect(columns(one + other)?.batch?.offsets == [0, 1, 2] && columns(one + other)?.batch?.epoch == 3)
    }

    @Test func readingAgainKeepsNothingOfTheLastRequest() throws {
        var columns = IngestCallsColumns()
        columns.party = [1, 2, 3]
        columns.readerErrors = ["bad_time": 1]
        columns.keyLow = [1]
        columns.details.row = [1]
        columns.money.currencies = ["EUR"]
        columns.batch = .with { $0.epoch = 1 }
        columns.parties = [.with { $0.account = "a" }]
        try columns.read(ByteBuffer())
        #expect(columns == IngestCallsColumns())
        columns.party = [1, 2, 3]
        #expect(throws: MalformedPayload(messageName: "busyhour.v1.IngestCallsRequest")) {
            try columns.read(ByteBuffer(bytes: [0x12, 0x08, 0, 0, 0, 0]))
        }
        #expect(columns == IngestCallsColumns())
    }

    @Test func tooManyCallsAreNoFrame() throws {
        var columns = IngestCallsColumns()
        columns.setupMicros = Array(repeating: 0, count: FrameHeader.payloadLimit / 8)
        // The elements, a tag, and a length of four bytes.
        let error = FrameError.payloadTooLong(length: FrameHeader.payloadLimit + 5, limit: FrameHeader.payloadLimit)
        #expect(throws: error) { try columns.frame(id: 1) }
        columns.setupMicros.removeLast()
        #expect(try columns.frame(id: 1).readableBytes == FrameHeader.size + FrameHeader.payloadLimit - 3)
    }
}
