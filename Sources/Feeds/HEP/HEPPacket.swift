// A HEP3 packet (sipcapture/HEP, revision 37): a copy of one message that a switch sent or received, with the addresses
// and the time.
//
//     0      4      6
//     "HEP3" length chunk chunk ...     length: of the whole packet, 16 bits
//     chunk: vendor | type | length | body     16 bits each; length includes these six octets
//
// All numbers are big-endian. Chunks come in any order. Those that are read are all of vendor 0, the generic one:
//
//     type    body                                     type    body
//     2       IP protocol, one octet                   7, 8    ports of source, destination: 16 bits
//     12      capture agent's id, 32 bits
//     3, 4    IPv4 source, destination: 4 octets       11      what the payload is: 1 SIP, 5 RTCP, 100 a log line ...
//     5, 6    IPv6 source, destination: 16 octets      13      keep-alive: with it a packet needs no payload
//     9       seconds since 1970, 32 bits              14      key, clear text
//     10      microseconds, 32 bits                    15      payload: the message as it was on the wire
//                                                      16      compressed payload
//
// All others (1 family, 17 correlation ...) and those of other vendors are passed over
// by their length. Of two chunks of one type the first counts. Addresses are kept as given, also `::` and 0.0.0.0, which
// some switches write in place of their own.

import CallEvents

struct HEPPacket {
    static let headOctets = 6

    var source = IPAddress(high: 0, low: 0)
    var destination = IPAddress(high: 0, low: 0)
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    /// IP protocol number as the agent writes it; 0: it does not say.
    var transport: UInt8 = 0
    /// Capture id; 0: none.
    var agent: UInt32 = 0
    /// Microseconds since 1970; 0: the packet does not say.
    var timeMicros: Int64 = 0
    /// Where the payload lies in the packet.
    var payload = 0..<0
    /// False for RTCP, logs and whatever else is carried, and for keep-alives.
    var isSIP = true
    /// Of its agent, who sent it, and when it came: the feed's to say.
    var place = HEPAgents.othersPlace
    var sender: IPAddress?
    var arrivalMicros: Int64 = 0
    /// Its time as its agent wrote it, microseconds since 1970; 0: it does not say.
    var stampMicros: Int64 = 0
    /// Its time is its agent's, and not that of its arrival.
    var isStamped = false

    /// Where the packet behind the first one begins, if there is one.
    static func startOfNext(_ octets: Span<UInt8>) -> Int? {
        guard octets.count >= headOctets, octets.starts(with: "HEP3", at: octets.indices) else { return nil }
        let length = Int(octets.bigEndian(UInt16.self, at: 4))
        guard length >= headOctets, length < octets.count else { return nil }
        return octets.starts(with: "HEP3", at: length..<octets.count) ? length : nil
    }

    /// The capture id of a packet that cannot be read, if it is there; else 0.
    static func agent(ofUnread octets: Span<UInt8>) -> UInt32 {
        guard octets.count >= headOctets, octets.starts(with: "HEP3", at: octets.indices) else { return 0 }
        var position = headOctets
        while octets.count - position >= headOctets {
            let length = Int(octets.bigEndian(UInt16.self, at: position + 4))
            guard length >= headOctets, length <= octets.count - position else { return 0 }
            if length == 10, octets.bigEndian(UInt32.self, at: position) == 12 {
                return octets.bigEndian(UInt32.self, at: position + headOctets)
            }
            position += length
        }
        return 0
    }

    /// Reads a packet. `authKey` empty: none is demanded.
    init(_ octets: Span<UInt8>, authKey: [UInt8]) throws(HEPError) {
        guard octets.count >= 4 else { throw .magic }
        guard octets.starts(with: "HEP3", at: 0..<4) else {
            throw octets[0] == 1 || octets[0] == 2 ? .version : .magic
        }
        guard octets.count >= HEPPacket.headOctets else { throw .length }
        let length = Int(octets.bigEndian(UInt16.self, at: 4))
        // What a datagram has behind the stated length is not the packet's.
        guard length >= HEPPacket.headOctets, length <= octets.count else { throw .length }
        var chunks = Chunks()
        var position = HEPPacket.headOctets
        // One to five stray octets at the end are no chunk.
        while length - position >= HEPPacket.headOctets {
            // Unchecked: six octets are there, for `length` is at most their number.
            let chunkLength = Int(octets.uncheckedNumber(UInt16.self, at: position + 4))
            guard chunkLength >= HEPPacket.headOctets, chunkLength <= length - position else { throw .chunk }
            // Vendor and type as one number: below 65,536 for vendor 0, the generic one.
            let type = octets.uncheckedNumber(UInt32.self, at: position)
            try chunks.read(octets, type: type, body: position + HEPPacket.headOctets..<position + chunkLength)
            position += chunkLength
        }
        try chunks.check(octets, authKey: authKey)
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

/// What the chunks of a packet say.
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

    /// - Parameter body: lies within the octets. So what is read unchecked is there, where the body has its size.
    @inline(__always)
    mutating func read(_ octets: Span<UInt8>, type: UInt32, body: Range<Int>) throws(HEPError) {
        switch type {
        // What tells connections apart; of a strange size it tells nothing.
        case 2: if body.count == 1, transport == 0 { transport = octets[body.lowerBound] }
        case 7:
            if body.count == 2, sourcePort == 0 {
                sourcePort = octets.uncheckedNumber(UInt16.self, at: body.lowerBound)
            }
        case 8:
            if body.count == 2, destinationPort == 0 {
                destinationPort = octets.uncheckedNumber(UInt16.self, at: body.lowerBound)
            }
        case 12: if body.count == 4, agent == 0 { agent = octets.uncheckedNumber(UInt32.self, at: body.lowerBound) }
        case 3, 4:
            guard body.count == 4 else { throw .address }
            setAddress(IPAddress(v4: octets.uncheckedNumber(UInt32.self, at: body.lowerBound)), isSource: type == 3)
        case 5, 6:
            guard body.count == 16 else { throw .address }
            let high = octets.uncheckedNumber(UInt64.self, at: body.lowerBound)
            let low = octets.uncheckedNumber(UInt64.self, at: body.lowerBound + 8)
            setAddress(IPAddress(high: high, low: low), isSource: type == 5)
        case 9:
            // A time of a strange size is no time: that of the arrival is taken.
            if body.count == 4, seconds == 0 {
                seconds = Int64(octets.uncheckedNumber(UInt32.self, at: body.lowerBound))
            }
        case 10:
            if body.count == 4, microseconds == 0 {
                microseconds = Int64(octets.uncheckedNumber(UInt32.self, at: body.lowerBound))
            }
        case 11:
            guard body.count == 1 else { throw .chunk }
            payloadType = payloadType ?? octets[body.lowerBound]
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

    /// A packet without a type is taken for SIP: the type was left out, the payload tells.
    var isSIP: Bool {
        if payload == nil { return false }
        return payloadType ?? 1 == 1
    }

    func check(_ octets: Span<UInt8>, authKey: [UInt8]) throws(HEPError) {
        if !authKey.isEmpty && !hasKey(octets, authKey) { throw .authKey }
        guard payload == nil else { return }
        if isCompressed { throw .compressed }
        // A keep-alive says nothing else; anything else without a payload is broken.
        if !isKeepAlive || source != nil { throw .payload }
    }

    /// Compares without telling by its time how much of the key was right.
    private func hasKey(_ octets: Span<UInt8>, _ authKey: [UInt8]) -> Bool {
        guard let key, key.count == authKey.count else { return false }
        var difference: UInt8 = 0
        for (offset, octet) in authKey.enumerated() { difference |= octet ^ octets[key.lowerBound + offset] }
        return difference == 0
    }
}

extension Span where Element == UInt8 {
    /// A number in network order. Unchecked: the caller has seen that its octets are there; an integer has no invalid values.
    @inline(__always)
    func uncheckedNumber<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at position: Int) -> Number {
        Number(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: Number.self))
    }

    /// A number in network order.
    @inline(__always)
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at position: Int) -> Number {
        let octets = bytes.extracting(position..<position + MemoryLayout<Number>.size)
        // Safe: the line above checks that the octets are there, and an integer has no invalid values.
        return Number(bigEndian: octets.unsafeLoadUnaligned(as: Number.self))
    }
}
