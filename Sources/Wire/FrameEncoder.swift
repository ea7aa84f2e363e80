// Writes frames: several into a buffer that is written to the socket once, or a single one.

public import NIOCore
public import SwiftProtobuf

public enum FrameEncoder {
    /// Appends a frame with this message. `buffer` is unchanged if it throws.
    /// - Throws: if the message is longer than a frame's payload may be.
    public static func append(
        _ message: some Message, method: UInt16, kind: FrameKind, id: UInt32, to buffer: inout ByteBuffer
    ) throws(FrameError) {
        let payload: [UInt8] = try bytes(of: message)
        header(length: payload.count, method: method, kind: kind, id: id).write(to: &buffer)
        buffer.writeBytes(payload)
    }

    /// Appends a frame with a hand-written message.
    public static func append(
        _ message: MessageBytes, method: UInt16, kind: FrameKind, id: UInt32, to buffer: inout ByteBuffer
    ) throws(FrameError) {
        guard message.bytes.count <= FrameHeader.payloadLimit else { throw tooLong(message.bytes.count) }
        header(length: message.bytes.count, method: method, kind: kind, id: id).write(to: &buffer)
        buffer.writeBytes(message.bytes)
    }

    /// A frame with this message, serialised in place: one allocation and no copy.
    /// - Throws: if the message is longer than a frame's payload may be.
    public static func frame(
        _ message: some Message, method: UInt16, kind: FrameKind, id: UInt32
    ) throws(FrameError) -> ByteBuffer {
        var buffer = try (bytes(of: message) as FrameBytes).buffer
        let length = buffer.readableBytes - FrameHeader.size
        buffer.moveWriterIndex(to: 0)
        header(length: length, method: method, kind: kind, id: id).write(to: &buffer)
        buffer.moveWriterIndex(forwardBy: length)
        return buffer
    }

    /// A frame whose payload `write` appends, of about `size` bytes; the estimate is at most eight times too high.
    /// - Throws: if the payload is longer than a frame's may be.
    static func frame(
        method: Method, kind: FrameKind, id: UInt32, reserving size: Int, write: (inout ByteBuffer) throws -> Void
    ) throws(FrameError) -> ByteBuffer {
        // Too long even if the estimate is eight times too high; and a ByteBuffer ends at 4 GiB.
        guard size <= 8 * FrameHeader.payloadLimit else { throw tooLong(size) }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(FrameHeader.size + size)
        begin(method: method.rawValue, kind: kind, id: id, in: &buffer)
        do {
            try write(&buffer)
        } catch {
            throw overProtobufLimit
        }
        let length = buffer.readableBytes - FrameHeader.size
        guard length <= FrameHeader.payloadLimit else { throw tooLong(length) }
        end(frameAt: 0, in: &buffer)
        return buffer
    }

    /// Appends a header for the payload that the caller appends next; `end` fills in the length.
    public static func begin(method: UInt16, kind: FrameKind, id: UInt32, in buffer: inout ByteBuffer) {
        header(length: 0, method: method, kind: kind, id: id).write(to: &buffer)
    }

    /// Ends the frame that `begin` began at this index.
    /// - Precondition: since then between 0 and `FrameHeader.payloadLimit` bytes were appended.
    public static func end(frameAt start: Int, in buffer: inout ByteBuffer) {
        let length = buffer.writerIndex - start - FrameHeader.size
        precondition(0...FrameHeader.payloadLimit ~= length, "a frame was ended that has \(length) bytes of payload")
        buffer.setInteger(UInt32(length), at: start, endianness: .little)
    }

    /// - Precondition: `length` is at most `FrameHeader.payloadLimit`, as ensured by `bytes(of:)`.
    private static func header(length: Int, method: UInt16, kind: FrameKind, id: UInt32) -> FrameHeader {
        FrameHeader(length: UInt32(length), method: method, kind: kind, id: id)
    }

    private static func bytes<Bytes: SwiftProtobufContiguousBytes>(
        of message: some Message
    ) throws(FrameError) -> Bytes {
        let bytes: Bytes
        do {
            bytes = try message.serializedBytes()
        } catch {
            throw overProtobufLimit
        }
        guard bytes.count <= FrameHeader.payloadLimit else { throw tooLong(bytes.count) }
        return bytes
    }

    private static func tooLong(_ length: Int) -> FrameError {
        .payloadTooLong(length: length, limit: FrameHeader.payloadLimit)
    }

    /// Why a message cannot be serialised: proto3 messages have no required fields, so the only other cause is more
    /// than the 2 GiB that protobuf allows.
    private static let overProtobufLimit = tooLong(Int(Int32.max))
}

/// What SwiftProtobuf serialises into: the payload's part of a buffer that begins with room for a header.
private struct FrameBytes: SwiftProtobufContiguousBytes {
    /// The space for the header, whose bytes are undefined so far, and the payload.
    var buffer: ByteBuffer

    init(repeating byte: UInt8, count: Int) {
        buffer = ByteBuffer()
        buffer.reserveCapacity(FrameHeader.size + count)
        buffer.writeRepeatingByte(byte, count: FrameHeader.size + count)
    }

    init<Bytes: Sequence>(_ bytes: Bytes) where Bytes.Element == UInt8 {
        self.init(repeating: 0, count: 0)
        buffer.writeBytes(bytes)
    }

    var count: Int { buffer.readableBytes - FrameHeader.size }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        // Both initialisers write the space for the header, so there are at least this many bytes to drop.
        try buffer.withUnsafeReadableBytes {
            try body(UnsafeRawBufferPointer(rebasing: $0.dropFirst(FrameHeader.size)))
        }
    }

    mutating func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try buffer.withUnsafeMutableReadableBytes {
            try body(UnsafeMutableRawBufferPointer(rebasing: $0.dropFirst(FrameHeader.size)))
        }
    }
}
