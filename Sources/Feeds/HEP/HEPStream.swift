/// Why a stream cannot be followed any more: nothing says where the next packet begins.
public struct HEPStreamError: Error, Equatable, Sendable {
    /// The stable name, as in `HEPError`.
    public let name: String
}

/// HEP over TCP: packets back to back, cut anywhere.
public struct HEPStream {
    /// The beginning of a packet whose end has not come yet: at most 65,535 octets, the longest packet.
    private var rest: [UInt8] = []
    private var failure: HEPStreamError?

    public init() {}

    /// Reads more octets of the stream and gives every packet that is whole to the feed. After an error the stream is over.
    public mutating func receive(
        _ octets: RawSpan, into feed: inout HEPFeed, arrivalMicros: Int64
    ) throws(HEPStreamError) {
        if let failure { throw failure }
        do throws(HEPStreamError) {
            if rest.isEmpty {
                // Mostly whole packets come: they are read where they are.
                let used = try HEPStream.givePackets(octets, to: &feed, arrivalMicros)
                octets.extracting(used...).withUnsafeBytes { rest.append(contentsOf: $0) }
            } else {
                octets.withUnsafeBytes { rest.append(contentsOf: $0) }
                let used = try HEPStream.givePackets(rest.span.bytes, to: &feed, arrivalMicros)
                rest.removeFirst(used)
            }
        } catch {
            failure = error
            rest = []
            throw error
        }
    }

    /// Gives the whole packets at the beginning to the feed and returns how many octets they were.
    private static func givePackets(
        _ octets: RawSpan, to feed: inout HEPFeed, _ arrivalMicros: Int64
    ) throws(HEPStreamError) -> Int {
        var start = 0
        while let length = try packetLength(octets, start), length <= octets.byteCount - start {
            feed.receive(octets.extracting(start..<start + length), arrivalMicros: arrivalMicros)
            start += length
        }
        return start
    }

    /// The length of the packet that begins here; nil while its head is not complete.
    private static func packetLength(_ octets: RawSpan, _ start: Int) throws(HEPStreamError) -> Int? {
        let magic: StaticString = "HEP3"
        let available = min(HEPPacket.headOctets, octets.byteCount - start)
        var head: (UInt8, UInt8) = (0, 0)
        for offset in 0..<available {
            // Safe: `available` keeps the offset within the octets, and a UInt8 has no invalid values.
            let octet = octets.unsafeLoad(fromByteOffset: start + offset, as: UInt8.self)
            if offset < 4 && octet != magic.utf8Start[offset] { throw HEPStreamError(name: HEPError.magic.rawValue) }
            if offset == 4 { head.0 = octet }
            if offset == 5 { head.1 = octet }
        }
        guard available == HEPPacket.headOctets else { return nil }
        let length = Int(head.0) << 8 | Int(head.1)
        guard length >= HEPPacket.headOctets else { throw HEPStreamError(name: HEPError.length.rawValue) }
        return length
    }
}
