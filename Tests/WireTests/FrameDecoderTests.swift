import NIOCore
import Randomness
import Testing
import Wire

struct FrameDecoderTests {
    /// Frames with random payloads of 0 to `longest` bytes, and their bytes one after the other.
    private func stream(_ count: Int, longest: Int, random: inout SeededGenerator) -> (frames: [Frame], bytes: [UInt8])
    {
        var bytes = ByteBuffer()
        let frames = (0..<count).map { index in
            let payload = random.bytes(Int.random(in: 0...longest, using: &random))
            let header = FrameHeader(
                length: UInt32(payload.count), method: UInt16.random(in: 0 ... .max, using: &random),
                kind: FrameKind(rawValue: UInt8.random(in: 0...6, using: &random)), id: UInt32(index))
            header.write(to: &bytes)
            bytes.writeBytes(payload)
            return Frame(header: header, payload: ByteBuffer(bytes: payload))
        }
        return (frames, Array(bytes.readableBytesView))
    }

    private func frames(_ decoder: inout FrameDecoder) throws -> [Frame] {
        var frames: [Frame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    @Test(arguments: Seeds.fixed(0..<50))
    func streamsCutAnywhereGiveTheSameFrames(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let longestPiece = [1, 2, 13, 100, 5_000].randomElement(using: &random)!
        let (expected, bytes) = stream(30, longest: 200, random: &random)
        var decoder = FrameDecoder()
        var found: [Frame] = []
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + Int.random(in: 1...longestPiece, using: &random))
            decoder.append(ByteBuffer(bytes: bytes[at..<end]))
            // Sometimes frames are left for later, as a connection does that waits for its turn.
            if Bool.random(using: &random) { found += try frames(&decoder) }
            at = end
        }
        found += try frames(&decoder)
        #expect(found == expected)
        #expect(decoder.bytesLeft == 0)
    }

    @Test(arguments: Seeds.fixed(1)) func payloadsAreNotCopied(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (expected, bytes) = stream(3, longest: 50, random: &random)
        let read = ByteBuffer(bytes: bytes)
        var decoder = FrameDecoder()
        decoder.append(read)
        let found = try frames(&decoder)
        #expect(found == expected)
        let memory = read.withUnsafeReadableBytes { UnsafeRawPointer($0.baseAddress!)..<($0.baseAddress! + $0.count) }
        for frame in found where frame.payload.readableBytes > 0 {
            #expect(frame.payload.withUnsafeReadableBytes { memory.contains(UnsafeRawPointer($0.baseAddress!)) })
        }
    }

    @Test func headersOverTheLimitAreRefusedBeforeTheirPayload() throws {
        var buffer = ByteBuffer()
        FrameHeader(length: 0, method: 1, kind: .request, id: 1).write(to: &buffer)
        FrameHeader(length: UInt32(FrameHeader.payloadLimit) + 1, method: 1, kind: .request, id: 2).write(to: &buffer)
        var decoder = FrameDecoder()
        decoder.append(buffer)
        #expect(try decoder.next()?.header.id == 1)
        let error = FrameError.payloadTooLong(length: FrameHeader.payloadLimit + 1, limit: FrameHeader.payloadLimit)
        #expect(throws: error) { try decoder.next() }
        // And from then on: nothing after it can be framed.
        decoder.append(ByteBuffer(repeating: 0, count: 100))
        #expect(throws: error) { try decoder.next() }
    }

    @Test func theLongestPayloadIsTaken() throws {
        var decoder = FrameDecoder()
        var header = ByteBuffer()
        FrameHeader(length: UInt32(FrameHeader.payloadLimit), method: 8, kind: .response, id: 3).write(to: &header)
        decoder.append(header)
        let piece = ByteBuffer(repeating: 0x5A, count: FrameHeader.payloadLimit / 64)
        for _ in 0..<63 {
            decoder.append(piece)
            #expect(try decoder.next() == nil)
        }
        decoder.append(piece)
        #expect(try decoder.next()?.payload == ByteBuffer(repeating: 0x5A, count: FrameHeader.payloadLimit))
        #expect(try decoder.next() == nil)
    }

    /// Whatever comes in: each byte is part of a frame, or left, or behind a header that was refused.
    @Test(arguments: Seeds.fixed(0..<200))
    func garbageIsFramedOrRefused(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = random.bytes(300)
        // Lengths of a random header are nearly always over the limit: make some short.
        for at in stride(from: 0, to: 300, by: 12) where Bool.random(using: &random) {
            bytes.replaceSubrange(at + 1..<at + 4, with: [0, 0, 0])
        }
        var decoder = FrameDecoder()
        decoder.append(ByteBuffer(bytes: bytes))
        var taken = 0
        do {
            while let frame = try decoder.next() {
                #expect(frame.payload.readableBytes == Int(frame.header.length))
                taken += FrameHeader.size + frame.payload.readableBytes
            }
        } catch {
            #expect(bytes[taken + 3] > 0 || bytes[taken + 2] > 0)
        }
        #expect(taken + decoder.bytesLeft == bytes.count)
    }
}
