// Cuts a stream of bytes into frames.
//
// A plain value, so that a channel handler can take all frames of a read in one loop and write one buffer back.
// Payloads are slices of what was read; bytes are copied only if a frame spans reads. A header over the limit is
// refused as soon as it arrives, so that between reads at most one frame of `FrameHeader.payloadLimit` bytes is held.

public import NIOCore

public struct FrameDecoder: Sendable {
    /// Bytes not yet taken: part of a frame between reads, whole frames after one.
    private var buffer = ByteBuffer()

    public init() {}

    /// Adds the bytes of a read. Take all frames with `next` before the following read, or the buffer grows.
    public mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
            return
        }
        // Discard the frames taken before growing. Within one frame the reader index is 0 and nothing is moved, so that
        // a long frame in short reads costs what doubling a buffer costs.
        buffer.discardReadBytes()
        var bytes = bytes
        buffer.writeBuffer(&bytes)
    }

    /// The next whole frame; nil when more bytes are needed.
    /// - Throws: if a header says that its payload is over the limit. Nothing after it can be framed: every later call
    ///   throws the same.
    public mutating func next() throws(FrameError) -> Frame? {
        guard let header = FrameHeader(peekingAt: buffer) else { return nil }
        guard header.length <= FrameHeader.payloadLimit else {
            throw .payloadTooLong(length: Int(header.length), limit: FrameHeader.payloadLimit)
        }
        let end = FrameHeader.size + Int(header.length)
        guard buffer.readableBytes >= end else { return nil }
        buffer.moveReaderIndex(forwardBy: FrameHeader.size)
        guard let payload = buffer.readSlice(length: Int(header.length)) else { return nil }
        // The payload then is the only owner of the memory.
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        return Frame(header: header, payload: payload)
    }

    /// Passes the available bytes to `take`, which returns how many of them it took as whole frames.
    public mutating func takeFrames(_ take: (RawSpan) -> Int) {
        let taken = take(buffer.readableBytesSpan)
        precondition(0...buffer.readableBytes ~= taken, "more bytes were taken than there are")
        buffer.moveReaderIndex(forwardBy: taken)
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
    }

    /// Hands over the bytes that are no whole frame yet.
    public mutating func takeRest() -> ByteBuffer {
        defer { buffer = ByteBuffer() }
        return buffer
    }

    /// Bytes read and not yet taken as frames: not 0 at the end of a stream that was cut off within a frame.
    public var bytesLeft: Int { buffer.readableBytes }
}
