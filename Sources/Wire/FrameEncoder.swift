// Writes frames: several after each other into a buffer that is written to the socket once, or one by itself.

public import NIOCore
public import SwiftProtobuf

public enum FrameEncoder {
    /// Appends a frame with this message. `buffer` stays as it was when it throws.
    /// - Throws: the message is longer than a frame's payload may be.
    public static func append(
        _ message: some Message, method: UInt16, kind: FrameKind, id: UInt32, to buffer: inout ByteBuffer
    ) throws(FrameError) {
        let payload: [UInt8] = try octets(of: message)
        header(length: payload.count, method: method, kind: kind, id: id).write(to: &buffer)
        buffer.writeBytes(payload)
    }

    /// The same of a message that was written by hand.
    public static func append(
        _ message: MessageOctets, method: UInt16, kind: FrameKind, id: UInt32, to buffer: inout ByteBuffer
    ) throws(FrameError) {
        guard message.octets.count <= FrameHeader.payloadLimit else { throw tooLong(message.octets.count) }
        header(length: message.octets.count, method: method, kind: kind, id: id).write(to: &buffer)
        buffer.writeBytes(message.octets)
    }

    /// A frame with this message, serialised in place: one allocation and no copy.
    /// - Throws: the message is longer than a frame's payload may be.
    public static func frame(
        _ message: some Message, method: UInt16, kind: FrameKind, id: UInt32
    ) throws(FrameError) -> ByteBuffer {
        var buffer = try (octets(of: message) as FrameOctets).buffer
        let length = buffer.readableBytes - FrameHeader.size
        buffer.moveWriterIndex(to: 0)
        header(length: length, method: method, kind: kind, id: id).write(to: &buffer)
        buffer.moveWriterIndex(forwardBy: length)
        return buffer
    }

    /// A frame whose payload `write` appends, of about `size` octets; at most eight times too high.
    /// - Throws: the payload is longer than a frame's may be.
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

    /// Appends a header for the payload that the caller appends next; `end` tells it the length.
    public static func begin(method: UInt16, kind: FrameKind, id: UInt32, in buffer: inout ByteBuffer) {
        header(length: 0, method: method, kind: kind, id: id).write(to: &buffer)
    }

    /// Ends the frame that `begin` began at this index.
    /// - Precondition: since then between 0 and `FrameHeader.payloadLimit` octets were appended.
    public static func end(frameAt start: Int, in buffer: inout ByteBuffer) {
        let length = buffer.writerIndex - start - FrameHeader.size
        precondition(0...FrameHeader.payloadLimit ~= length, "a frame was ended that has \(length) bytes of payload")
        buffer.setInteger(UInt32(length), at: start, endianness: .little)
    }

    /// - Precondition: `length` is at most `FrameHeader.payloadLimit`, as `octets(of:)` has seen to.
    private static func header(length: Int, method: UInt16, kind: FrameKind, id: UInt32) -> FrameHeader {
        FrameHeader(length: UInt32(length), method: method, kind: kind, id: id)
    }

    private static func octets<Octets: SwiftProtobufContiguousBytes>(
        of message: some Message
    ) throws(FrameError) -> Octets {
        let octets: Octets
        do {
            octets = try message.serializedBytes()
        } catch {
            throw overProtobufLimit
        }
        guard octets.count <= FrameHeader.payloadLimit else { throw tooLong(octets.count) }
        return octets
    }

    private static func tooLong(_ length: Int) -> FrameError {
        .payloadTooLong(length: length, limit: FrameHeader.payloadLimit)
    }

    /// Why a message cannot be serialised: those of proto3 have no required fields, and what is left is more than the
    /// 2 GiB that protobuf allows.
    private static let overProtobufLimit = tooLong(Int(Int32.max))
}

/// What SwiftProtobuf serialises into: the payload's part of a buffer that begins with room for a header.
private struct FrameOctets: SwiftProtobufContiguousBytes {
    /// The room for the header, whose octets mean nothing yet, and the payload.
    var buffer: ByteBuffer

    init(repeating octet: UInt8, count: Int) {
        buffer = ByteBuffer()
        buffer.reserveCapacity(FrameHeader.size + count)
        buffer.writeRepeatingByte(octet, count: FrameHeader.size + count)
    }

    init<Octets: Sequence>(_ octets: Octets) where Octets.Element == UInt8 {
        self.init(repeating: 0, count: 0)
        buffer.writeBytes(octets)
    }

    var count: Int { buffer.readableBytes - FrameHeader.size }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        // Both initialisers write the room for the header, so that there are at least these many octets to drop.
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
