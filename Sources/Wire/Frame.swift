// A frame: a header of twelve bytes, little-endian, and a payload.
//
//     0  length of the payload, UInt32      6  kind, UInt8       8  request id, UInt32
//     4  method, UInt16                     7  flags, UInt8     12  the payload
//
// Read as one UInt64 and one UInt32: the first four fields are parts of the former.

public import NIOCore

/// A frame's role in its exchange. Open, because the byte comes from the peer: compare with the constants.
public struct FrameKind: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let request = FrameKind(rawValue: 0)
    public static let response = FrameKind(rawValue: 1)
    /// The payload is a `Busyhour_V1_Error`.
    public static let error = FrameKind(rawValue: 2)
    public static let streamItem = FrameKind(rawValue: 3)
    public static let endOfStream = FrameKind(rawValue: 4)
    /// The client no longer waits for the answer. No payload.
    public static let cancel = FrameKind(rawValue: 5)
}

public struct FrameHeader: Hashable, Sendable {
    /// Bytes of a header.
    public static let size = 12

    /// Bytes of the payload.
    public var length: UInt32
    /// Number of a `Method`, or one unknown to this side.
    public var method: UInt16
    public var kind: FrameKind
    /// None is defined: sent as 0, ignored when read.
    public var flags: UInt8
    /// Chosen by the client, unique among its requests in flight; never 0 for a request.
    public var id: UInt32

    public init(length: UInt32, method: UInt16, kind: FrameKind, flags: UInt8 = 0, id: UInt32) {
        self.length = length
        self.method = method
        self.kind = kind
        self.flags = flags
        self.id = id
    }

    /// The header in the twelve bytes at the reader index, which does not move; nil if there are fewer bytes.
    public init?(peekingAt buffer: ByteBuffer) {
        let start = buffer.readerIndex
        guard buffer.readableBytes >= FrameHeader.size,
            let word = buffer.getInteger(at: start, endianness: .little, as: UInt64.self),
            let id = buffer.getInteger(at: start + 8, endianness: .little, as: UInt32.self)
        else { return nil }
        self.init(
            length: UInt32(truncatingIfNeeded: word), method: UInt16(truncatingIfNeeded: word >> 32),
            kind: FrameKind(rawValue: UInt8(truncatingIfNeeded: word >> 48)),
            flags: UInt8(truncatingIfNeeded: word >> 56), id: id)
    }

    /// Appends the twelve bytes.
    public func write(to buffer: inout ByteBuffer) {
        let word =
            UInt64(length) | UInt64(method) << 32 | UInt64(kind.rawValue) << 48 | UInt64(flags) << 56
        buffer.writeInteger(word, endianness: .little)
        buffer.writeInteger(id, endianness: .little)
    }
}

/// A whole frame as read. The payload is a slice of what the socket delivered, not a copy.
public struct Frame: Hashable, Sendable {
    public var header: FrameHeader
    public var payload: ByteBuffer

    public init(header: FrameHeader, payload: ByteBuffer) {
        self.header = header
        self.payload = payload
    }
}
