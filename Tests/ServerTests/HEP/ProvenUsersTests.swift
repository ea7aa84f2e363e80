// A phone that registered before a restart is known after it, whichever way its packets come.

import Board
import Foundation
import Server
import Testing
import Wire

@Suite struct ProvenUsersTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800
    private let phone: [UInt8] = [192, 0, 2, 7]
    private let registrar: [UInt8] = [10, 9, 9, 9]

    private func registration() -> [[UInt8]] {
        let headers = [
            "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKr", "From: <sip:alice@a>;tag=r", "To: <sip:alice@a>",
            "Call-ID: r",
            "CSeq: 2 REGISTER",
        ]
        let digest = "Authorization: Digest username=\"alice\", response=\"0\""
        let request = ["REGISTER sip:a SIP/2.0"] + headers + [digest, "Content-Length: 0", "", ""]
        let answer = ["SIP/2.0 200 OK"] + headers + ["Content-Length: 0", "", ""]
        return [
            HEPPacket(
                source: phone, destination: registrar, seconds: noon, payload: request.joined(separator: "\r\n")),
            HEPPacket(source: registrar, destination: phone, seconds: noon, payload: answer.joined(separator: "\r\n")),
        ].map(\.bytes)
    }

    @Test func knownAfterARestart() throws {
        let directory = temporaryDirectory()
        let server = try TestServer(directory: directory) { $0.clock = .events }
        var customer = Busyhour_V1_Customer()
        customer.name = "a"
        customer.currency = "EUR"
        customer.auth = [.init()]
        customer.auth[0].kind = .sip
        customer.auth[0].value = "alice"
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [customer]
        let created = try server.client().call(2, request, Busyhour_V1_CreateCustomersResponse.self)
        #expect(created.ids.count == 1)
        let hep = try #require(server.server.hepEndpoint?.port)
        try sendDatagram(HEPPacket.invite("early", seconds: noon, from: phone).bytes, port: hep)
        for packet in registration() { try sendDatagram(packet, port: hep) }
        try sendDatagram(HEPPacket.invite("first", seconds: noon, from: phone).bytes, port: hep)
        let before = try server.status { $0.feed("hep-udp").received == 4 }
        #expect(before.activeCalls == 1 && before.unattributed == 1)
        server.server.shutdown()

        let again = try TestServer(directory: directory) { $0.clock = .events }
        defer { again.stop() }
        let port = try #require(again.server.hepEndpoint?.port)
        try sendDatagram(HEPPacket.invite("second", seconds: noon, from: phone).bytes, port: port)
        _ = try again.status { $0.feed("hep-udp").received == 1 }
        var captured = Busyhour_V1_IngestHEPRequest()
        captured.packets = [Data(HEPPacket.invite("third", seconds: noon, from: phone).bytes)]
        _ = try again.client().call(7, captured, Busyhour_V1_IngestResponse.self)
        let after = try again.client().status()
        #expect(after.activeCalls == 3 && after.unattributed == 1)
    }
}
