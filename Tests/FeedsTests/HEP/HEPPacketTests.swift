import CallEvents
import Testing

@testable import Feeds

@Suite struct HEPPacketTests {
    private let message = MessageBuilder().text

    private func read(_ bytes: [UInt8], authKey: String = "") throws(HEPError) -> HEPPacket {
        try HEPPacket(bytes.span, authKey: Array(authKey.utf8))
    }

    @Test func fields() throws {
        let bytes = PacketBuilder(message).bytes()
        let packet = try read(bytes)
        #expect(packet.source == IPAddress("192.0.2.10") && packet.destination == IPAddress("198.51.100.1"))
        #expect(packet.timeMicros == 1_750_000_000_250_000)
        #expect(packet.isSIP)
        #expect(String(decoding: bytes[packet.payload], as: UTF8.self) == message)
    }

    @Test func ipv6() throws {
        let packet = try read(PacketBuilder(message, from: "2001:db8::7", to: "::1").bytes())
        #expect(packet.source == IPAddress("2001:db8::7") && packet.destination == IPAddress("::1"))
    }

    /// As some switches write them in place of their own.
    @Test(arguments: ["::", "0.0.0.0"]) func addressOfNobody(address: String) throws {
        #expect(try read(PacketBuilder(message, to: address).bytes()).destination == IPAddress(address))
    }

    @Test func anyOrderAndUnknownChunks() throws {
        var builder = PacketBuilder(message)
        builder.add(15, Array("not the payload".utf8), vendor: 5)
        builder.add(3, [1], vendor: 2)
        builder.add(0xFFFF, Array(repeating: 7, count: 300))
        for _ in 0..<builder.chunks.count {
            builder.chunks.append(builder.chunks.removeFirst())
            let bytes = builder.bytes()
            let packet = try read(bytes)
            #expect(String(decoding: bytes[packet.payload], as: UTF8.self) == message)
            #expect(packet.source == IPAddress("192.0.2.10"))
        }
    }

    @Test func firstOfTwoChunksCounts() throws {
        var builder = PacketBuilder(message)
        builder.add(15, Array("other".utf8))
        builder.add(3, [10, 0, 0, 1])
        let bytes = builder.bytes()
        let packet = try read(bytes)
        #expect(packet.payload.count == message.utf8.count && packet.source == IPAddress("192.0.2.10"))
    }

    /// Of two chunks of any type the first counts.
    @Test func firstOfTwoChunksOfEachType() throws {
        let others: [(type: Int, body: [UInt8])] = [
            (2, [6]), (3, [10, 0, 0, 1]), (4, [10, 0, 0, 2]), (7, [0, 1]), (8, [0, 2]), (9, [0, 0, 0, 5]),
            (10, [0, 0, 0, 6]), (11, [5]), (12, [0, 0, 0, 7]), (14, Array("other".utf8)), (15, Array("other".utf8)),
        ]
        var builder = PacketBuilder(message)
        builder.add(14, Array("secret".utf8))
        let bytes = builder.bytes()
        let first = try read(bytes, authKey: "secret")
        for other in others {
            var more = builder
            more.add(other.type, other.body)
            let moreBytes = more.bytes()
            let packet = try read(moreBytes, authKey: "secret")
            #expect(packet.source == first.source && packet.destination == first.destination, "\(other.type)")
            #expect(packet.sourcePort == 5060 && packet.destinationPort == 5060 && packet.transport == 17)
            #expect(packet.timeMicros == first.timeMicros && packet.agent == 2_001 && packet.isSIP, "\(other.type)")
            #expect(moreBytes[packet.payload] == bytes[first.payload], "\(other.type)")
        }
    }

    @Test func time() throws {
        var builder = PacketBuilder(message)
        builder.set(10, PacketBuilder.bigEndian(1_999_999, bytes: 4))
        #expect(try read(builder.bytes()).timeMicros == 1_750_000_001_999_999)
        builder.set(10, [255, 255, 255, 255])
        builder.set(9, [255, 255, 255, 255])
        #expect(try read(builder.bytes()).timeMicros == 4_294_967_295_000_000 + 4_294_967_295)
        builder.set(10, nil)
        #expect(try read(builder.bytes()).timeMicros == 4_294_967_295_000_000)
        // A fraction of an unknown second is no time.
        for seconds in [[0, 0, 0, 0], [1, 2], nil] as [[UInt8]?] {
            builder.set(10, [0, 0, 0, 9])
            builder.set(9, seconds)
            #expect(try read(builder.bytes()).timeMicros == 0)
        }
    }

    @Test func lengths() throws {
        let bytes = PacketBuilder(message).bytes()
        #expect(try read(bytes + [1, 2, 3, 4]).payload == read(bytes).payload, "bytes behind the packet")
        for length in [0, 5, bytes.count + 1, 65_535] {
            #expect(throws: HEPError.length) { try read(PacketBuilder(message).bytes(length: length)) }
        }
        for count in 0..<6 {
            #expect(throws: count < 4 ? HEPError.magic : .length) { try read(Array(bytes.prefix(count))) }
        }
        // Less than the head of a chunk.
        for stray in 1...5 {
            let longer = bytes + Array(repeating: 0, count: stray)
            let whole = Array(longer[..<4]) + PacketBuilder.bigEndian(longer.count, bytes: 2) + longer[6...]
            #expect(try read(whole).payload == read(bytes).payload)
        }
    }

    @Test(arguments: [0, 1, 5, 32_767, 65_535]) func lengthOfAChunk(length: Int) {
        var bytes = PacketBuilder(message).bytes()
        bytes.replaceSubrange(10..<12, with: PacketBuilder.bigEndian(length, bytes: 2))
        #expect(throws: HEPError.chunk) { try read(bytes) }
    }

    @Test func otherProtocols() {
        for (bytes, error) in [
            (Array("HEP2".utf8), HEPError.magic), (Array("EEP1....".utf8), .magic), (Array("hep3....".utf8), .magic),
            ([1, 16, 2, 17, 0, 0], .version), ([2, 16, 2, 17], .version), ([0x0A, 9, 8, 7], .magic),
        ] {
            #expect(throws: error) { try read(bytes) }
        }
    }

    @Test func addresses() {
        for (type, body) in [(3, [1, 2, 3]), (4, []), (3, [1, 2, 3, 4, 5]), (4, nil), (3, nil)] as [(Int, [UInt8]?)] {
            var builder = PacketBuilder(message)
            builder.set(type, body)
            #expect(throws: HEPError.address) { try read(builder.bytes()) }
        }
    }

    @Test func whatIsNoSIP() throws {
        for type in [5, 100, 0x22, 0] as [UInt8] {
            var builder = PacketBuilder(message)
            builder.set(11, [type])
            #expect(try !read(builder.bytes()).isSIP)
        }
        var untyped = PacketBuilder(message)
        untyped.set(11, nil)
        #expect(try read(untyped.bytes()).isSIP)
        untyped.set(11, [1, 1])
        #expect(throws: HEPError.chunk) { try read(untyped.bytes()) }
    }

    @Test func payloads() throws {
        var builder = PacketBuilder(message)
        builder.set(15, nil)
        #expect(throws: HEPError.payload) { try read(builder.bytes()) }
        builder.add(16, [0x78, 0x9C, 1])
        #expect(throws: HEPError.compressed) { try read(builder.bytes()) }
        var alive = PacketBuilder(message)
        alive.chunks.removeAll()
        #expect(throws: HEPError.payload) { try read(alive.bytes()) }
        alive.add(12, [0, 0, 7, 209])
        alive.add(13, [0, 30])
        #expect(try !read(alive.bytes()).isSIP)
    }

    /// What a packet without a payload lacks, whatever else it has: all sixteen cases.
    @Test func whatAPacketNeeds() {
        for mask in 0..<16 {
            let has = { (bit: Int) in mask >> bit & 1 != 0 }
            var builder = PacketBuilder(message)
            if !has(0) { builder.set(15, nil) }
            if has(1) { builder.add(16, [0x78, 0x9C, 1]) }
            if has(2) { builder.add(13, [0, 30]) }
            if !has(3) { builder.set(3, nil) }
            let expected: HEPError? =
                switch (has(0), has(1), has(2), has(3)) {
                case (true, _, _, let hasSource): hasSource ? nil : .address
                case (false, true, _, _): .compressed
                // A keep-alive is of no message, so it has no addresses.
                case (false, false, let isKeepAlive, let hasSource): isKeepAlive && !hasSource ? nil : .payload
                }
            var (isSIP, thrown): (Bool?, HEPError?) = (nil, nil)
            do throws(HEPError) { isSIP = try read(builder.bytes()).isSIP } catch { thrown = error }
            #expect(thrown == expected && isSIP == (expected == nil ? has(0) : nil), "\(mask)")
        }
    }

    @Test func key() throws {
        var builder = PacketBuilder(message)
        #expect(throws: HEPError.authKey) { try read(builder.bytes(), authKey: "secret") }
        for key in ["", "secre", "secret2", "Secret"] {
            builder.set(14, Array(key.utf8))
            #expect(throws: HEPError.authKey) { try read(builder.bytes(), authKey: "secret") }
            #expect(try read(builder.bytes()).isSIP, "none is demanded")
        }
        builder.set(14, Array("secret".utf8))
        #expect(try read(builder.bytes(), authKey: "secret").isSIP)
    }
}
