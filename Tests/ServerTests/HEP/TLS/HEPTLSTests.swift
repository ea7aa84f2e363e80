// HEP by TLS gives the figures that it gives by TCP, however it is cut.

import Board
import Feeds
import Foundation
import Randomness
import SwiftProtobuf
import Testing
import Wire

@testable import Server

@Suite struct HEPTLSTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    private func server(_ tls: HEPTLS = TLSFixtures.server()) throws -> (server: TestServer, port: UInt16) {
        let server = try TestServer { ($0.clock, $0.hepTLS) = (.events, tls) }
        return (server, try #require(server.server.hepTLSEndpoint?.port))
    }

    /// The packets of a recording, one behind the other, and how many they are.
    private func recording(_ name: String) throws -> (bytes: [UInt8], packets: UInt64) {
        let folder = URL(fileURLWithPath: TLSFixtures.path("")).deletingLastPathComponent()
        var capture = HEPCapture()
        capture.append(try Data(contentsOf: folder.appendingPathComponent("hep/\(name).hep")))
        var bytes: [UInt8] = []
        while let record = try capture.next() { bytes += record.bytes }
        var (start, packets) = (0, UInt64(0))
        while start < bytes.count {
            start += Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
            packets += 1
        }
        return (bytes, packets)
    }

    /// What a server says of a recording: a customer's figures, and what is known of all.
    private func figures(_ server: TestServer, feed: String, packets: UInt64) throws -> [String] {
        let status = try server.status { $0.feed(feed).received == packets }
        let counts = status.feed(feed)
        var request = Busyhour_V1_MetricsRequest()
        (request.customerID, request.window) = (1, "all")
        let metrics = try server.client().call(11, request, Busyhour_V1_MetricsResponse.self)
        return [
            "\(counts.received) \(counts.calls) \(counts.duplicates) \(counts.notCalls) \(counts.errorsByName.sorted { $0.key < $1.key })",
            "\(status.activeCalls) \(status.unattributed) \(status.unattributedSources.map(\.source))",
            try metrics.jsonString(),
        ]
    }

    private func addCustomer(_ server: TestServer) throws {
        var customer = Busyhour_V1_Customer()
        (customer.name, customer.currency, customer.auth) = ("All of 127.0.1", "EUR", [.init()])
        (customer.auth[0].kind, customer.auth[0].value) = (.ip, "127.0.1.0/24")
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [customer]
        #expect(try server.client().call(2, request, Busyhour_V1_CreateCustomersResponse.self).ids == [1])
    }

    /// A recording of a Kamailio, by TCP, and by TLS in records of any length.
    @Test(arguments: Seeds.of(1, 2, 3))
    func figuresAreThoseOfTCP(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (bytes, packets) = try recording("kamailio-tcp")
        let (server, tls) = try server()
        defer { server.stop() }
        let (other, _) = try self.server()
        defer { other.stop() }
        for server in [server, other] { try addCustomer(server) }
        let plain = try RawClient(port: try #require(other.server.hepEndpoint?.port))
        try plain.send(bytes)
        let agent = try TLSAgent(port: tls)
        var rest = bytes[...]
        let longest = [700, 1_500, 40_000].randomElement(using: &random) ?? 1
        while !rest.isEmpty {
            let length = min(rest.count, Int.random(in: 1...longest, using: &random))
            try agent.send(Array(rest.prefix(length)))
            rest.removeFirst(length)
        }
        let (one, two) = (
            try figures(server, feed: "hep-tls", packets: packets),
            try figures(other, feed: "hep-tcp", packets: packets)
        )
        #expect(one == two)
        #expect(one[0].hasPrefix("\(packets) ") && !one[0].hasPrefix("\(packets) 0 "))
    }

    @Test func packetsAreCutAnywhere() throws {
        let (server, port) = try server()
        defer { server.stop() }
        let agent = try TLSAgent(port: port)
        for byte in (0..<3).flatMap({ HEPPacket.invite("call-\($0)", seconds: noon).bytes }) { try agent.send([byte]) }
        try agent.close()
        // The agents are published a few times a second, and not with each batch.
        let status = try server.status { $0.feed("hep-tls").received == 3 && !$0.agents.isEmpty }
        #expect(status.feed("hep-tls").errors == 0 && status.unattributed == 3)
        #expect(status.feed("hep-tcp").received == 0)
        // An agent by TLS has its row as others have.
        #expect(status.agents.map(\.id) == [1] && status.agents.map(\.address) == ["127.0.0.1"])
    }

    /// However a connection ends within a packet, the cut is named; an end between packets is none.
    @Test func connectionsThatEndWithinAPacket() throws {
        let (server, port) = try server()
        defer { server.stop() }
        let packet = HEPPacket.invite("call", seconds: noon).bytes
        for end in [TLSAgent.close, TLSAgent.cut] {
            for bytes in [packet, packet + packet.dropLast(5)] {
                let agent = try TLSAgent(port: port)
                try agent.send(bytes)
                try end(agent)()
            }
        }
        let status = try server.status { $0.feed("hep-tls").received == 4 && $0.feed("hep-tls").errors == 2 }
        #expect(status.feed("hep-tls").errorsByName == ["hep_connection_cut": 2])
        #expect(status.unattributed == 1)
    }

    /// What is no HEP behind the handshake ends the connection, as it does by TCP.
    @Test func aStreamThatCannotBeFollowedIsClosed() throws {
        let (server, port) = try server()
        defer { server.stop() }
        let agent = try TLSAgent(port: port)
        try agent.send(HEPPacket.invite("call", seconds: noon).bytes + Array("not HEP at all".utf8))
        try agent.waitForEnd()
        let status = try server.status { $0.feed("hep-tls").errors == 1 }
        #expect(status.feed("hep-tls").errorsByName == ["hep_magic": 1] && status.unattributed == 1)
    }

    /// TLS needs no port without it, and has a row in the status only where it has a port.
    @Test func onlyByTLS() throws {
        let without = try TestServer()
        defer { without.stop() }
        #expect(try !without.client().status().feeds.contains { $0.name == "hep-tls" })
        let server = try TestServer { ($0.hep, $0.hepTLS, $0.clock) = (nil, TLSFixtures.server(), .events) }
        defer { server.stop() }
        let endpoint = try #require(server.server.hepTLSEndpoint)
        #expect(server.server.hepEndpoint == nil && server.server.summary.hasSuffix("and \(endpoint) (hep tls)"))
        let agent = try TLSAgent(port: endpoint.port)
        try agent.send(HEPPacket.invite("call", seconds: noon).bytes)
        let status = try server.status { $0.feed("hep-tls").received == 1 }
        #expect(status.feed("hep-tls").address == endpoint.description && status.feed("hep-tcp").address == "off")
        #expect(status.health == "ok")
    }

    /// At its end a server does not wait for agents that stay connected.
    @Test func shutdownClosesConnections() throws {
        let (server, port) = try server()
        let agent = try TLSAgent(port: port)
        try agent.send(HEPPacket.invite("call", seconds: noon).bytes)
        _ = try server.status { $0.feed("hep-tls").received == 1 }
        server.stop()
        try agent.waitForEnd()
    }
}
