/// Why a stream cannot be followed any more: the start of the next packet is not known.
public struct HEPStreamError: Error, Equatable, Sendable {
    public let error: HEPError

    public init(_ error: HEPError) { self.error = error }

    /// The stable name.
    public var name: String { error.rawValue }
}

/// HEP over TCP: packets back to back, cut anywhere.
public struct HEPStream {
    /// The beginning of a packet whose end has not come yet: at most 65,535 bytes, the longest packet.
    private var rest: [UInt8] = []
    private var failure: HEPStreamError?
    /// It does not begin with a TLS greeting.
    private var isHEP = false

    public init() {}

    /// The beginning of a packet waits for its end.
    public var isWithinPacket: Bool { !rest.isEmpty }

    /// Reads more bytes of the stream and passes every whole packet to the feed. After an error the stream is over.
    public mutating func receive(
        _ bytes: RawSpan, into feed: inout HEPFeed, arrivalMicros: Int64
    ) throws(HEPStreamError) {
        if let failure { throw failure }
        var isHEP = isHEP
        defer { self.isHEP = isHEP }
        do throws(HEPStreamError) {
            if rest.isEmpty {
                // Mostly whole packets come: they are read in place.
                let used = try Self.givePackets(bytes, to: &feed, arrivalMicros, &isHEP)
                bytes.extracting(used...).withUnsafeBytes { rest.append(contentsOf: $0) }
            } else {
                bytes.withUnsafeBytes { rest.append(contentsOf: $0) }
                let used = try Self.givePackets(rest.span.bytes, to: &feed, arrivalMicros, &isHEP)
                rest.removeFirst(used)
            }
        } catch {
            failure = error
            rest = []
            throw error
        }
    }

    /// Passes the whole packets at the beginning to the feed and returns how many bytes they were.
    private static func givePackets(
        _ bytes: RawSpan, to feed: inout HEPFeed, _ arrivalMicros: Int64, _ isHEP: inout Bool
    ) throws(HEPStreamError) -> Int {
        if !isHEP, let greets = isTLS(bytes) {
            if greets { throw HEPStreamError(.tlsOnPlainPort) }
            isHEP = true
        }
        if !isHEP { return 0 }
        var start = 0
        while let length = try packetLength(bytes, start), length <= bytes.byteCount - start {
            feed.receive(bytes.extracting(start..<start + length), arrivalMicros: arrivalMicros)
            start += length
        }
        return start
    }

    /// Whether a stream begins with a record of TLS: a handshake (22) of version 3.x (RFC 8446 5.1). Nil: too few bytes
    /// to tell.
    private static func isTLS(_ bytes: RawSpan) -> Bool? {
        guard bytes.byteCount > 0 else { return nil }
        // Safe here and below: the byte exists, and a UInt8 has no invalid values.
        guard bytes.unsafeLoad(as: UInt8.self) == 22 else { return false }
        guard bytes.byteCount > 1 else { return nil }
        return bytes.unsafeLoad(fromByteOffset: 1, as: UInt8.self) == 3
    }

    /// The length of the packet that begins here; nil while its header is not complete.
    private static func packetLength(_ bytes: RawSpan, _ start: Int) throws(HEPStreamError) -> Int? {
        let magic: StaticString = "HEP3"
        let available = min(HEPPacket.headBytes, bytes.byteCount - start)
        var head: (UInt8, UInt8) = (0, 0)
        for offset in 0..<available {
            // Safe: `available` keeps the offset within the bytes, and a UInt8 has no invalid values.
            let byte = bytes.unsafeLoad(fromByteOffset: start + offset, as: UInt8.self)
            if offset < 4 && byte != magic.utf8Start[offset] { throw HEPStreamError(.magic) }
            if offset == 4 { head.0 = byte }
            if offset == 5 { head.1 = byte }
        }
        guard available == HEPPacket.headBytes else { return nil }
        let length = Int(head.0) << 8 | Int(head.1)
        guard length >= HEPPacket.headBytes else { throw HEPStreamError(.length) }
        return length
    }
}
