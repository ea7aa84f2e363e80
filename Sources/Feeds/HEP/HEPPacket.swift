// A HEP3 packet (sipcapture/HEP, revision 37): a copy of one message that a switch sent or received, with the addresses
// and the time.
//
//     0      4      6
//     "HEP3" length chunk chunk ...     length: of the whole packet, 16 bits
//     chunk: vendor | type | length | body     16 bits each; length includes these six bytes
//
// All numbers are big-endian. Chunks come in any order. Those that are read are all of vendor 0, the generic one:
//
//     type    body                                     type    body
//     2       IP protocol, one byte                   7, 8    ports of source, destination: 16 bits
//     12      capture agent's id, 32 bits
//     3, 4    IPv4 source, destination: 4 bytes       11      what the payload is: 1 SIP, 5 RTCP, 100 a log line ...
//     5, 6    IPv6 source, destination: 16 bytes      13      keep-alive: with it a packet needs no payload
//     9       seconds since 1970, 32 bits              14      key, clear text
//     10      microseconds, 32 bits                    15      payload: the message as it was on the wire
//                                                      16      compressed payload
//
// All others (1 family, 17 correlation ...) and those of other vendors are skipped by their length. Of two chunks of
// one type the first counts. Addresses are taken as given, also `::` and 0.0.0.0, which some switches write in place of
// their own.

import CallEvents

struct HEPPacket {
    static let headBytes = 6

    var source = IPAddress(high: 0, low: 0)
    var destination = IPAddress(high: 0, low: 0)
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    /// IP protocol number as the agent writes it; 0: not stated.
    var transport: UInt8 = 0
    /// Capture id; 0: none.
    var agent: UInt32 = 0
    /// Microseconds since 1970; 0: not stated.
    var timeMicros: Int64 = 0
    /// Where the payload lies in the packet.
    var payload = 0..<0
    /// False for RTCP, logs and anything else that is carried, and for keep-alives.
    var isSIP = true
    /// The row of its agent, its sender, and when it came: set by the feed.
    var place = HEPAgents.othersPlace
    var sender: IPAddress?
    var arrivalMicros: Int64 = 0
    /// Its time as its agent wrote it, microseconds since 1970; 0: it does not say.
    var stampMicros: Int64 = 0
    /// Its time is its agent's, and not that of its arrival.
    var isStamped = false

    /// Where the packet after the first one begins, if there is one.
    static func startOfNext(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.count >= headBytes, bytes.starts(with: "HEP3", at: bytes.indices) else { return nil }
        let length = Int(bytes.bigEndian(UInt16.self, at: 4))
        guard length >= headBytes, length < bytes.count else { return nil }
        return bytes.starts(with: "HEP3", at: length..<bytes.count) ? length : nil
    }

    /// The capture id of an unreadable packet, if it can be found; else 0.
    static func agent(ofUnread bytes: Span<UInt8>) -> UInt32 {
        guard bytes.count >= headBytes, bytes.starts(with: "HEP3", at: bytes.indices) else { return 0 }
        var position = headBytes
        while bytes.count - position >= headBytes {
            let length = Int(bytes.bigEndian(UInt16.self, at: position + 4))
            guard length >= headBytes, length <= bytes.count - position else { return 0 }
            if length == 10, bytes.bigEndian(UInt32.self, at: position) == 12 {
                return bytes.bigEndian(UInt32.self, at: position + headBytes)
            }
            position += length
        }
        return 0
    }

    /// Reads a packet. `authKey` empty: none is required.
    init(_ bytes: Span<UInt8>, authKey: [UInt8]) throws(HEPError) {
        guard bytes.count >= 4 else { throw .magic }
        guard bytes.starts(with: "HEP3", at: 0..<4) else {
            throw bytes[0] == 1 || bytes[0] == 2 ? .version : .magic
        }
        guard bytes.count >= HEPPacket.headBytes else { throw .length }
        let length = Int(bytes.bigEndian(UInt16.self, at: 4))
        // Bytes of a datagram beyond the stated length are not the packet's.
        guard length >= HEPPacket.headBytes, length <= bytes.count else { throw .length }
        var chunks = Chunks()
        var position = HEPPacket.headBytes
        // One to five stray bytes at the end are not a chunk.
        while length - position >= HEPPacket.headBytes {
            // Unchecked: six bytes exist, for `length` is at most their number.
            let chunkLength = Int(bytes.uncheckedNumber(UInt16.self, at: position + 4))
            guard chunkLength >= HEPPacket.headBytes, chunkLength <= length - position else { throw .chunk }
            // Vendor and type as one number: below 65,536 for vendor 0, the generic one.
            let type = bytes.uncheckedNumber(UInt32.self, at: position)
            try chunks.read(bytes, type: type, body: position + HEPPacket.headBytes..<position + chunkLength)
            position += chunkLength
        }
        try chunks.check(bytes, authKey: authKey)
        isSIP = chunks.isSIP
        agent = chunks.agent
        guard isSIP else { return }
        guard let source = chunks.source, let destination = chunks.destination else { throw .address }
        (self.source, self.destination) = (source, destination)
        payload = chunks.payload ?? 0..<0
        (sourcePort, destinationPort) = (chunks.sourcePort, chunks.destinationPort)
        transport = chunks.transport
        // 32 bits of seconds and of microseconds, which may be more than 999,999, cannot overflow 64.
        if chunks.seconds != 0 { timeMicros = chunks.seconds * 1_000_000 + chunks.microseconds }
    }
}

/// The contents of a packet's chunks.
private struct Chunks {
    var source: IPAddress?
    var destination: IPAddress?
    var seconds: Int64 = 0
    var microseconds: Int64 = 0
    var payload: Range<Int>?
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    var transport: UInt8 = 0
    var agent: UInt32 = 0
    private var payloadType: UInt8?
    private var key: Range<Int>?
    private var isCompressed = false
    private var isKeepAlive = false

    /// - Parameter body: lies within the bytes. So unchecked reads are in range if the body has the right size.
    @inline(__always)
    mutating func read(_ bytes: Span<UInt8>, type: UInt32, body: Range<Int>) throws(HEPError) {
        switch type {
        // It distinguishes connections; with a wrong size it is ignored.
        case 2: if body.count == 1, transport == 0 { transport = bytes[body.lowerBound] }
        case 7:
            if body.count == 2, sourcePort == 0 {
                sourcePort = bytes.uncheckedNumber(UInt16.self, at: body.lowerBound)
            }
        case 8:
            if body.count == 2, destinationPort == 0 {
                destinationPort = bytes.uncheckedNumber(UInt16.self, at: body.lowerBound)
            }
        case 12: if body.count == 4, agent == 0 { agent = bytes.uncheckedNumber(UInt32.self, at: body.lowerBound) }
        case 3, 4:
            guard body.count == 4 else { throw .address }
            setAddress(IPAddress(v4: bytes.uncheckedNumber(UInt32.self, at: body.lowerBound)), isSource: type == 3)
        case 5, 6:
            guard body.count == 16 else { throw .address }
            let high = bytes.uncheckedNumber(UInt64.self, at: body.lowerBound)
            let low = bytes.uncheckedNumber(UInt64.self, at: body.lowerBound + 8)
            setAddress(IPAddress(high: high, low: low), isSource: type == 5)
        case 9:
            // A time of a wrong size is ignored: that of the arrival is used.
            if body.count == 4, seconds == 0 {
                seconds = Int64(bytes.uncheckedNumber(UInt32.self, at: body.lowerBound))
            }
        case 10:
            if body.count == 4, microseconds == 0 {
                microseconds = Int64(bytes.uncheckedNumber(UInt32.self, at: body.lowerBound))
            }
        case 11:
            guard body.count == 1 else { throw .chunk }
            payloadType = payloadType ?? bytes[body.lowerBound]
        case 13: isKeepAlive = true
        case 14: key = key ?? body
        case 15: payload = payload ?? body
        case 16: isCompressed = true
        default: break
        }
    }

    @inline(__always)
    private mutating func setAddress(_ address: IPAddress, isSource: Bool) {
        if isSource { source = source ?? address } else { destination = destination ?? address }
    }

    /// A packet without a type is taken for SIP: the type was left out, the payload decides.
    var isSIP: Bool {
        if payload == nil { return false }
        return payloadType ?? 1 == 1
    }

    func check(_ bytes: Span<UInt8>, authKey: [UInt8]) throws(HEPError) {
        if !authKey.isEmpty && !hasKey(bytes, authKey) { throw .authKey }
        guard payload == nil else { return }
        if isCompressed { throw .compressed }
        // A keep-alive has nothing else; anything else without a payload is broken.
        if !isKeepAlive || source != nil { throw .payload }
    }

    /// Compares in a time that does not reveal how much of the key was right.
    private func hasKey(_ bytes: Span<UInt8>, _ authKey: [UInt8]) -> Bool {
        guard let key, key.count == authKey.count else { return false }
        var difference: UInt8 = 0
        for (offset, byte) in authKey.enumerated() { difference |= byte ^ bytes[key.lowerBound + offset] }
        return difference == 0
    }
}

extension Span where Element == UInt8 {
    /// A number in network order. Unchecked: the caller has checked that its bytes exist; an integer has no invalid
    /// values.
    @inline(__always)
    func uncheckedNumber<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at position: Int) -> Number {
        Number(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: Number.self))
    }

    /// A number in network order.
    @inline(__always)
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at position: Int) -> Number {
        let field = bytes.extracting(position..<position + MemoryLayout<Number>.size)
        // Safe: the line above checks that the bytes exist, and an integer has no invalid values.
        return Number(bigEndian: field.unsafeLoadUnaligned(as: Number.self))
    }
}
