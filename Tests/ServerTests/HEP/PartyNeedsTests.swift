// What auth entries ask for is read from the first packet behind the change on, on every way into the server, and after
// a restart.

import Board
import Foundation
import Server
import Testing
import Wire

@Suite struct PartyNeedsTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    private func create(_ name: String, _ kind: Busyhour_V1_AuthEntry.Kind, _ value: String, by client: RawClient)
        throws
    {
        var customer = Busyhour_V1_Customer()
        customer.name = name
        customer.currency = "EUR"
        customer.auth = [.init()]
        customer.auth[0].kind = kind
        customer.auth[0].value = value
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [customer]
        let created = try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self)
        #expect(created.errors.isEmpty)
    }

    private func invite(_ callID: String, _ header: String) -> [UInt8] {
        var packet = HEPPacket.invite(callID, seconds: noon)
        packet.payload = packet.payload.replacingOccurrences(of: "Content-Length", with: "\(header)\r\nContent-Length")
        return packet.bytes
    }

    private func ingest(_ packets: [[UInt8]], by client: RawClient) throws {
        var request = Busyhour_V1_IngestHEPRequest()
        request.packets = packets.map { Data($0) }
        let answer = try client.call(7, request, Busyhour_V1_IngestResponse.self)
        #expect(answer.calls == UInt64(packets.count) && answer.errors == 0)
    }

    /// Live calls of each customer, once there are so many in all.
    private func live(_ count: UInt64, _ server: TestServer, customers: UInt32) throws -> [UInt64] {
        _ = try server.status { $0.activeCalls == count }
        let client = try server.client()
        return try (1...customers).map { id in
            var request = Busyhour_V1_CallsRequest()
            request.customerID = id
            return UInt64(try client.call(9, request, Busyhour_V1_CallsResponse.self).total)
        }
    }

    @Test func onEveryWayAndAfterARestart() throws {
        let directory = temporaryDirectory()
        let server = try TestServer(directory: directory) { $0.clock = .events }
        let client = try server.client()
        let hep = try #require(server.server.hepEndpoint?.port)
        try create("bare", .ip, "10.0.0.1", by: client)
        let acme = "X-Customer: acme"
        try sendDatagram(invite("early", acme), port: hep)
        #expect(try live(1, server, customers: 1) == [1], "nobody asked for it")
        try create("acme", .conditions, "ip:10.0.0.1&header:x-customer=acme", by: client)
        try sendDatagram(invite("udp", acme), port: hep)
        #expect(try live(2, server, customers: 2) == [1, 1])
        let stream = try RawClient(port: hep)
        try stream.send(invite("tcp", "x-customer:\r\n acme"))
        #expect(try live(3, server, customers: 2) == [1, 2])
        try ingest([invite("file", acme), invite("other", "X-Customer: other")], by: client)
        #expect(try live(5, server, customers: 2) == [2, 3])
        // Another header is asked for besides.
        try create("late", .conditions, "ip:10.0.0.1&header:x-late=1", by: client)
        try sendDatagram(invite("late", "X-Late: 1"), port: hep)
        try stream.send(invite("acme", acme))
        #expect(try live(7, server, customers: 3) == [2, 4, 1])
        server.server.shutdown()

        let again = try TestServer(directory: directory) { $0.clock = .events }
        defer { again.stop() }
        let port = try #require(again.server.hepEndpoint?.port)
        try sendDatagram(invite("after", "X-Late: 1"), port: port)
        try ingest([invite("after-file", acme)], by: again.client())
        #expect(try live(9, again, customers: 3) == [2, 5, 2])
    }
}
