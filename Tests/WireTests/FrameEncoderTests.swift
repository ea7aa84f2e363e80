import Foundation
import NIOCore
import SwiftProtobuf
import Testing
import Wire

struct FrameEncoderTests {
    private let message = Busyhour_V1_BoardRequest.with {
        $0.where = "asr < 40"
        $0.columns = ["name", "asr"]
    }

    @Test func theWaysOfWritingAFrameAgree() throws {
        let payload: [UInt8] = try message.serializedBytes()
        var expected = ByteBuffer()
        FrameHeader(length: UInt32(payload.count), method: 8, kind: .response, id: 77).write(to: &expected)
        expected.writeBytes(payload)

        #expect(try FrameEncoder.frame(message, method: 8, kind: .response, id: 77) == expected)

        var appended = ByteBuffer(bytes: [1, 2, 3])
        try FrameEncoder.append(message, method: 8, kind: .response, id: 77, to: &appended)
        #expect(Array(appended.readableBytesView) == [1, 2, 3] + Array(expected.readableBytesView))

        var built = ByteBuffer(bytes: [1, 2, 3])
        FrameEncoder.begin(method: 8, kind: .response, id: 77, in: &built)
        built.writeBytes(payload)
        FrameEncoder.end(frameAt: 3, in: &built)
        #expect(built == appended)
    }

    @Test func anEmptyMessageIsAHeader() throws {
        let frame = try FrameEncoder.frame(Busyhour_V1_StatusRequest(), method: 1, kind: .request, id: 1)
        #expect(frame == ByteBuffer(bytes: [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]))
    }

    @Test func messagesOverTheLimitAreRefusedAndLeaveNothing() throws {
        // A tag, a length of four bytes, and the packets.
        var message = Busyhour_V1_IngestHEPRequest()
        message.packets = [.init(count: FrameHeader.payloadLimit - 5)]
        let longest = try FrameEncoder.frame(message, method: 7, kind: .request, id: 1)
        #expect(longest.readableBytes == FrameHeader.size + FrameHeader.payloadLimit)

        message.packets = [.init(count: FrameHeader.payloadLimit - 4)]
        let error = FrameError.payloadTooLong(length: FrameHeader.payloadLimit + 1, limit: FrameHeader.payloadLimit)
        #expect(throws: error) { try FrameEncoder.frame(message, method: 7, kind: .request, id: 1) }
        var buffer = ByteBuffer(bytes: [9])
        #expect(throws: error) { try FrameEncoder.append(message, method: 7, kind: .request, id: 1, to: &buffer) }
        #expect(buffer == ByteBuffer(bytes: [9]))
    }

    /// A hand-written message of exactly the limit is a frame, one of a byte more is none.
    @Test func handWrittenMessages() throws {
        for over in [-1, 0, 1] {
            var bytes = MessageBytes()
            // A tag and a length of four bytes.
            bytes.element(1, text: [UInt8](repeating: 65, count: FrameHeader.payloadLimit - 5 + over).span)
            #expect(bytes.bytes.count == FrameHeader.payloadLimit + over)
            var buffer = ByteBuffer(bytes: [9])
            if over > 0 {
                let error = FrameError.payloadTooLong(
                    length: FrameHeader.payloadLimit + over, limit: FrameHeader.payloadLimit)
                #expect(throws: error) {
                    try FrameEncoder.append(bytes, method: 7, kind: .request, id: 1, to: &buffer)
                }
                #expect(buffer == ByteBuffer(bytes: [9]))
            } else {
                try FrameEncoder.append(bytes, method: 7, kind: .request, id: 1, to: &buffer)
                #expect(buffer.readableBytes == 1 + FrameHeader.size + FrameHeader.payloadLimit + over)
                buffer.moveReaderIndex(forwardBy: 1)
                #expect(FrameHeader(peekingAt: buffer)?.length == UInt32(FrameHeader.payloadLimit + over))
            }
        }
    }
}
