import Board
import Glibc
import Server
import SwiftProtobuf
import Testing
import Wire

@Suite struct HEPListenerTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    /// A server by the events' clock with one customer, who calls from 10.0.0.1.
    private func serverWithCustomer(
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> (server: TestServer, hep: UInt16) {
        let server = try TestServer {
            $0.clock = .events
            change(&$0)
        }
        var customer = Busyhour_V1_Customer()
        customer.name = "a"
        customer.currency = "EUR"
        customer.auth = [.init()]
        customer.auth[0].kind = .ip
        customer.auth[0].value = "10.0.0.1"
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [customer]
        let created = try server.client().call(2, request, Busyhour_V1_CreateCustomersResponse.self)
        #expect(created.ids.count == 1)
        return (server, try #require(server.server.hepEndpoint?.port))
    }

    private func connect(to port: UInt16) throws -> RawClient { try RawClient(port: port) }

    @Test func datagramsAreCounted() throws {
        let (server, hep) = try serverWithCustomer()
        defer { server.stop() }
        for number in 0..<50 {
            try sendDatagram(HEPPacket.invite("call-\(number)", seconds: noon).bytes, port: hep)
        }
        try sendDatagram(HEPPacket.invite("call-0", seconds: noon).bytes, port: hep)
        let status = try server.status { $0.feed("hep-udp").received == 51 }
        let feed = status.feed("hep-udp")
        #expect(feed.received == 51 && feed.calls == 50 && feed.duplicates == 1 && feed.errors == 0)
        #expect(status.activeCalls == 50)
        #expect(status.feed("hep-tcp").received == 0)
    }

    @Test func unknownSourcesAreListed() throws {
        let (server, hep) = try serverWithCustomer()
        defer { server.stop() }
        try sendDatagram(HEPPacket.invite("x", seconds: noon, from: [192, 0, 2, 7]).bytes, port: hep)
        let status = try server.status { $0.unattributed == 1 }
        #expect(status.unattributedSources.map(\.source) == ["192.0.2.7"])
        #expect(status.activeCalls == 0)
    }

    @Test func streamsAreCutAnywhere() throws {
        let (server, hep) = try serverWithCustomer()
        defer { server.stop() }
        let bytes = (0..<20).flatMap { HEPPacket.invite("call-\($0)", seconds: noon).bytes }
        let client = try connect(to: hep)
        for start in stride(from: 0, to: bytes.count, by: 97) {
            try client.send(Array(bytes[start..<min(start + 97, bytes.count)]))
        }
        let feed = try server.status { $0.feed("hep-tcp").received == 20 }.feed("hep-tcp")
        #expect(feed.received == 20 && feed.calls == 20 && feed.errors == 0)
    }

    @Test func oneCallOverBothSocketsIsOne() throws {
        let (server, hep) = try serverWithCustomer()
        defer { server.stop() }
        let bytes = HEPPacket.invite("call", seconds: noon).bytes
        try connect(to: hep).send(bytes)
        _ = try server.status { $0.feed("hep-tcp").received == 1 }
        try sendDatagram(bytes, port: hep)
        let status = try server.status { $0.feed("hep-udp").received == 1 }
        #expect(status.feed("hep-tcp").calls == 1)
        #expect(status.feed("hep-udp").calls == 0 && status.feed("hep-udp").duplicates == 1)
        #expect(status.activeCalls == 1)
    }

    @Test func malformedDatagramsAreCountedAndTheSocketGoesOn() throws {
        let (server, hep) = try serverWithCustomer()
        defer { server.stop() }
        let good = HEPPacket.invite("call", seconds: noon).bytes
        let broken: [[UInt8]] = [[0], Array("HEP3".utf8), Array("JUNKJUNK".utf8), Array(good.dropLast(9))]
        for bytes in broken { try sendDatagram(bytes, port: hep) }
        try sendDatagram(good, port: hep)
        let feed = try server.status { $0.feed("hep-udp").received == 5 }.feed("hep-udp")
        #expect(feed.received == 5 && feed.errors == 4 && feed.calls == 1)
        #expect(feed.errorsByName.values.reduce(0, +) == 4)
    }

    @Test func aStreamThatCannotBeFollowedIsClosed() throws {
        let (server, hep) = try serverWithCustomer()
        defer { server.stop() }
        let client = try connect(to: hep)
        try client.send(HEPPacket.invite("call", seconds: noon).bytes + Array("not HEP at all".utf8))
        // Closed by the server: the end, or a reset where it had not read all.
        #expect((try? client.receive()) == nil)
        let feed = try server.status { $0.feed("hep-tcp").errors > 0 }.feed("hep-tcp")
        #expect(feed.calls == 1 && feed.errors == 1)
        // The switch connects again.
        try connect(to: hep).send(HEPPacket.invite("next", seconds: noon).bytes)
        #expect(try server.status { $0.feed("hep-tcp").calls == 2 }.feed("hep-tcp").calls == 2)
    }

    @Test func packetsWithoutTheKeyAreRefused() throws {
        let (server, hep) = try serverWithCustomer { $0.hepKey = "secret" }
        defer { server.stop() }
        var packet = HEPPacket.invite("call", seconds: noon)
        try sendDatagram(packet.bytes, port: hep)
        packet.key = "wrong"
        try sendDatagram(packet.bytes, port: hep)
        packet.key = "secret"
        try sendDatagram(packet.bytes, port: hep)
        let feed = try server.status { $0.feed("hep-udp").received == 3 }.feed("hep-udp")
        #expect(feed.received == 3 && feed.errors == 2 && feed.calls == 1)
    }

    @Test func shutdownCountsWhatWasReadAndLeavesNoSocket() throws {
        let (server, hep) = try serverWithCustomer()
        let client = try connect(to: hep)
        try client.send(HEPPacket.invite("call", seconds: noon).bytes)
        _ = try server.status { $0.feed("hep-tcp").received == 1 }
        server.stop()
        #expect((try? client.receive()) == nil)
        #expect(throws: SocketFailure.self) { try connect(to: hep) }
    }
}
