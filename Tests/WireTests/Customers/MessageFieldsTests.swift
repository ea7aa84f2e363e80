import NIOCore
import Randomness
import SwiftProtobuf
import Testing
import Wire

/// Messages written and read by hand, beside SwiftProtobuf.
@Suite struct MessageFieldsTests {
    /// Lengths take one byte more at each of these.
    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
    func aNestedMessageOfAnyLength(_ length: Int) throws {
        let text = String(repeating: "x", count: length)
        var message = MessageBytes()
        message.append(2, varint: 1)
        message.element(1) { $0.append(18, text: text) }
        let read = try Busyhour_V1_ListCustomersResponse(serializedBytes: message.bytes)
        #expect(read.total == 1 && read.customers.map(\.notes) == [text])
        let again: [UInt8] = try read.serializedBytes()
        #expect(again.count == message.bytes.count)
    }

    @Test(arguments: Seeds.of()) func whatIsWrittenSwiftProtobufReads(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var expected = Busyhour_V1_Customer()
            expected.id = .random(in: 0 ... .max, using: &random)
            expected.name = ["", "a", "Ä😀"].randomElement(using: &random)!
            expected.creditMicros = [0, 1, -1, .min, .max].randomElement(using: &random)!
            expected.portalAccess = .random(using: &random)
            expected.tags = (0..<Int.random(in: 0...3, using: &random)).map { _ in "" }
            var message = MessageBytes()
            message.append(1, varint: UInt64(expected.id))
            message.append(2, text: expected.name)
            message.append(5, fixed64: expected.creditMicros)
            message.append(9, varint: expected.portalAccess ? 1 : 0)
            for tag in expected.tags { message.element(13, text: tag.utf8Span.span) }
            let bytes: [UInt8] = try expected.serializedBytes()
            #expect(message.bytes == bytes, "seed \(seed)")
        }
    }

    /// Rows one after the other are a request; one that is refused leaves nothing.
    @Test func rowsAreARequest() throws {
        var rows = ImportRows()
        for number in [2, 4, 7] {
            rows.append(number: number) { message in
                message.append(2, text: "n\(number)")
                return number == 4 ? nil : UInt32(number) << 1
            }
        }
        var request = Busyhour_V1_ImportCustomersRequest()
        (request.part, request.who, request.last) = (3, "anna", true)
        var frame = try rows.frame(request, id: 9)
        let header = FrameHeader(peekingAt: frame)
        frame.moveReaderIndex(forwardBy: FrameHeader.size)
        (request.customers, request.fields, request.rows) = (
            [.with { $0.name = "n2" }, .with { $0.name = "n7" }], [4, 14], [2, 7]
        )
        #expect(try Busyhour_V1_ImportCustomersRequest(serializedBytes: frame.readableBytesSpan) == request)
        #expect(header.map { Int($0.length) } == frame.readableBytes && rows.count == 2)
    }

    /// The fields of damaged messages are found where SwiftProtobuf finds a message, and nowhere else.
    @Test(arguments: Seeds.of()) func damagedMessages(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good: [UInt8] = try Busyhour_V1_Route.with { ($0.name, $0.enabled) = ("abc", true) }.serializedBytes()
        for trial in 0..<20_000 {
            var bytes = good + (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            var fields = MessageFields(0..<bytes.count)
            var tags: [UInt32] = []
            while let field = fields.next(in: bytes.span.bytes) { tags.append(field.number) }
            // A name that is not UTF-8 is refused by SwiftProtobuf alone, and groups are refused here alone.
            let isMessage = (try? Busyhour_V1_FieldCount(serializedBytes: bytes)) != nil
            if fields.isAtEnd != isMessage {
                #expect(!fields.isAtEnd || tags.contains(1), "seed \(seed), trial \(trial): \(bytes)")
                #expect(fields.isAtEnd || bytes.contains { $0 & 7 == 3 || $0 & 7 == 4 }, "seed \(seed): \(bytes)")
            }
        }
    }

    /// Field numbers are from 1 to 2^29 - 1.
    @Test func bordersOfFieldNumbers() {
        for (tag, number) in [
            ([0x08], 1), ([0x00], nil), ([0x02, 0], nil), ([0xF8, 0xFF, 0xFF, 0xFF, 0x0F], (1 << 29) - 1),
            ([0x80, 0x80, 0x80, 0x80, 0x10], nil), ([0x80, 0x00], nil),
        ] as [([UInt8], UInt32?)] {
            let bytes = tag + [5]
            var fields = MessageFields(0..<bytes.count)
            let read = bytes.withUnsafeBytes { fields.next(in: RawSpan(_unsafeBytes: $0))?.number }
            #expect(read == number && (fields.position == 0) == (number == nil), "\(tag)")
        }
    }
}
