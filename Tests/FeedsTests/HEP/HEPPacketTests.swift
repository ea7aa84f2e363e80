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
