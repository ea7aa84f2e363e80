// What goes wrong before or in a handshake: each with its name, its place and its remedy, and no figure changed.

import Board
import Feeds
import NIOCore
import NIOSSL
import Testing
import Wire

@testable import Server

@Suite struct TLSErrorTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    private func server(_ tls: HEPTLS) throws -> (server: TestServer, port: UInt16) {
        let server = try TestServer { ($0.clock, $0.hepTLS) = (.events, tls) }
        return (server, try #require(server.server.hepTLSEndpoint?.port))
    }

    /// The errors of the TLS port when there are so many: each of one agent without an id, with its place and a remedy.
    private func errors(_ server: TestServer, count: UInt64 = 1) throws -> [String: UInt64] {
        let status = try server.status { $0.feed("hep-tls").errors == count && !$0.agents.isEmpty }
        let shown = status.agents.flatMap(\.errors)
        #expect(shown.allSatisfy { $0.address == "127.0.0.1" && !$0.remedy.isEmpty && !$0.what.isEmpty })
        #expect(Set(shown.map(\.name)) == Set(status.feed("hep-tls").errorsByName.keys))
        #expect(status.feed("hep-tls").received == 0 && status.unattributed == 0)
        return status.feed("hep-tls").errorsByName
    }

    /// An agent that is as it should be is served all the same.
    private func expectService(_ server: TestServer, _ port: UInt16, shows: String? = nil) throws {
        let agent = try TLSAgent(port: port, shows: shows)
        try agent.send(HEPPacket.invite("call", seconds: noon).bytes)
        let status = try server.status { $0.feed("hep-tls").received == 1 }
        #expect(status.feed("hep-tls").received == 1 && status.unattributed == 1)
    }

    @Test func anAgentThatTrustsAnother() throws {
        let (server, port) = try server(TLSFixtures.server())
        defer { server.stop() }
        try TLSAgent(port: port, authority: "stranger-authority.pem").waitForEnd()
        #expect(try errors(server) == ["tls_certificate_refused": 1])
        try expectService(server, port)
    }

    @Test func aCertificateThatHasExpired() throws {
        let (server, port) = try server(TLSFixtures.server(certificate: "expired.pem"))
        defer { server.stop() }
        try TLSAgent(port: port).waitForEnd()
        #expect(try errors(server) == ["tls_certificate_refused": 1])
        let health = try server.client().status().health
        #expect(health.contains("has expired") && health.contains("expired.pem") && health.contains("SIGHUP"))
    }

    @Test func agentsWithoutTheCertificateThatIsAskedFor() throws {
        let (server, port) = try server(TLSFixtures.server(authority: "authority.pem"))
        defer { server.stop() }
        for shows in [nil, "stranger"] as [String?] {
            let agent = try TLSAgent(port: port, shows: shows)
            // By TLS 1.3 the agent may send before it hears that it is refused.
            try? agent.send(HEPPacket.invite("call", seconds: noon).bytes)
            try agent.waitForEnd()
        }
        #expect(try errors(server, count: 2) == ["tls_agent_certificate": 2])
        try expectService(server, port, shows: "agent")
    }

    @Test(arguments: [TLSVersion.tlsv1, .tlsv11])
    func versionsThatAreTooOld(newest: TLSVersion) throws {
        let (server, port) = try server(TLSFixtures.server())
        defer { server.stop() }
        try TLSAgent(port: port, newest: newest).waitForEnd()
        #expect(try errors(server) == ["tls_version": 1])
    }

    @Test func version12IsTaken() throws {
        let (server, port) = try server(TLSFixtures.server())
        defer { server.stop() }
        let agent = try TLSAgent(port: port, newest: .tlsv12)
        try agent.send(HEPPacket.invite("call", seconds: noon).bytes)
        #expect(try server.status { $0.feed("hep-tls").received == 1 }.feed("hep-tls").errors == 0)
    }

    /// An agent that sends without TLS is told so; what is neither is no handshake.
    @Test func whatIsNoTLS() throws {
        let (server, port) = try server(TLSFixtures.server())
        defer { server.stop() }
        let packet = HEPPacket.invite("call", seconds: noon).bytes
        for pieces in [[packet], packet.map { [$0] }, [Array("GET / HTTP/1.1\r\n\r\n".utf8)], [Array("HELO".utf8)]] {
            let client = try RawClient(port: port)
            // The server may be quicker than the rest.
            for piece in pieces { try? client.send(piece) }
            while (try? client.receive()) != nil {}
        }
        #expect(try errors(server, count: 4) == ["plain_on_tls_port": 2, "tls_handshake": 2])
        let status = try server.status { $0.agents.flatMap(\.errors).reduce(0) { $0 + $1.count } == 4 }
        #expect(status.agents.flatMap(\.errors).contains { $0.remedy.contains("--hep") })
        try expectService(server, port)
    }

    /// Who says nothing is told of after a while; who only looks whether the port is open is no error.
    @Test func handshakesThatDoNotCome() throws {
        var tls = TLSFixtures.server()
        tls.handshakePatience = .milliseconds(50)
        let (server, port) = try server(tls)
        defer { server.stop() }
        do { _ = try RawClient(port: port) }
        let (silent, halting) = (try RawClient(port: port), try RawClient(port: port))
        // The head of a record whose rest does not come.
        try halting.send([0x16, 0x03, 0x01, 0x00, 0x40, 0x01])
        #expect((try? silent.receive()) == nil)
        while (try? halting.receive()) != nil {}
        #expect(try errors(server, count: 2) == ["tls_timeout": 2])
    }

    /// Bytes that are no TLS where TLS was before.
    @Test func aHandshakeThatIsDamaged() throws {
        let (server, port) = try server(TLSFixtures.server())
        defer { server.stop() }
        let client = try RawClient(port: port)
        try client.send([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00])
        while (try? client.receive()) != nil {}
        #expect(try errors(server) == ["tls_handshake": 1])
    }

    @Test func everyErrorHasItsWords() {
        for error in HEPError.allCases { #expect(!error.explanation.isEmpty && !error.remedy.isEmpty) }
        #expect(HEPError.tlsOnPlainPort.remedy.contains("--hep-tls"))
    }
}
