// Agents in the status and in the log: who sends what, and what is wrong with it.

import Board
import Feeds
import Foundation
import Server
import Testing
import Wire

@Suite struct HEPAgentsTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    /// As much of a TLS greeting as the server needs to know it for one.
    private let greeting: [UInt8] = [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00]

    private func port(_ server: TestServer) throws -> UInt16 { try #require(server.server.hepEndpoint?.port) }

    private func agent(_ id: UInt32, in status: Busyhour_V1_StatusResponse) -> Busyhour_V1_HEPAgent? {
        status.agents.first { $0.id == id }
    }

    @Test func everyAgentHasARow() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        var packet = HEPPacket.invite("a", seconds: noon)
        for (id, count) in [(UInt32(7), 3), (9, 2)] {
            packet.agent = id
            for _ in 0..<count { try sendDatagram(packet.bytes, port: try port(server)) }
        }
        let status = try server.status { $0.agents.map(\.packets) == [3, 2] }
        #expect(status.agents.map(\.id) == [7, 9] && status.agents.allSatisfy { $0.address == "127.0.0.1" })
        #expect(status.agents.allSatisfy { $0.errors.isEmpty && $0.state == "ok" && $0.lastPacket > 0 && !$0.others })
    }

    /// What cannot be read names its agent if it can, and its SIP peers if it was read that far.
    @Test func errorsHaveAPlaceAndARemedy() throws {
        let log = RecordedLog()
        let server = try TestServer(logger: log.logger) {
            ($0.clock, $0.hepKey) = (.events, "secret")
        }
        defer { server.stop() }
        var packet = HEPPacket.invite("a", seconds: noon, from: [198, 51, 100, 3])
        packet.agent = 7
        try sendDatagram(packet.bytes, port: try port(server))
        packet.key = "secret"
        packet.payload = packet.payload.replacing("Call-ID: a\r\n", with: "")
        for _ in 0..<2 { try sendDatagram(packet.bytes, port: try port(server)) }
        let status = try server.status { agent(7, in: $0)?.packets == 3 }
        let errors = try #require(agent(7, in: status)).errors
        #expect(errors.map(\.name) == ["hep_auth", "sip_call_id"] && errors.map(\.count) == [1, 2])
        #expect(errors.map(\.source) == ["", "198.51.100.3"] && errors[1].destination == "10.9.9.9")
        #expect(errors.allSatisfy { $0.agent == 7 && $0.address == "127.0.0.1" && $0.at > 0 })
        #expect(errors[0].remedy.contains("--hep-key") && errors[1].what.contains("Call-ID"))
        let lines = log.lines.filter { $0.contains("HEP agent") }
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains("HEP agent 7 at 127.0.0.1: ") })
        #expect(lines.last?.contains("from 198.51.100.3 to 10.9.9.9") == true)
    }

    @Test func aTLSGreetingIsNamed() throws {
        let log = RecordedLog()
        let server = try TestServer(logger: log.logger)
        defer { server.stop() }
        // In one piece, or a byte at a time.
        for pieces in [[greeting], greeting.map { [$0] }] {
            let client = try RawClient(port: try port(server))
            for piece in pieces { _ = try? client.send(piece) }
            #expect((try? client.receive()) == nil, "the connection is closed")
        }
        let status = try server.status { $0.agents.first?.errors.first?.count == 2 }
        let error = try #require(status.agents.first?.errors.first)
        #expect(error.name == "tls_on_plain_port" && error.address == "127.0.0.1" && error.what.contains("TLS"))
        #expect(status.feed("hep-tcp").errorsByName == ["tls_on_plain_port": 2])
        #expect(status.feed("hep-tcp").received == 0)
        #expect(log.lines.count { $0.contains("TLS") && $0.contains("127.0.0.1") } == 1)
    }

    /// A switch connects again and goes on with the packet that was cut: its call is whole, and the cut is named.
    @Test func aConnectionThatBreaksWithinAPacket() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        var customer = Busyhour_V1_Customer()
        (customer.name, customer.currency) = ("By TCP", "EUR")
        customer.auth = [.init()]
        (customer.auth[0].kind, customer.auth[0].value) = (.ip, "198.51.100.101")
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [customer]
        let rpc = try server.client()
        let id = try rpc.call(2, request, Busyhour_V1_CreateCustomersResponse.self).ids[0]
        let packets = HEPDialog(transport: 6).packets(
            invite: Double(noon), ring: Double(noon) + 2, answer: Double(noon) + 5, end: Double(noon) + 35
        ).map(\.packet.bytes)
        do {
            let first = try RawClient(port: try port(server))
            try first.send(packets[..<3].flatMap { $0 } + packets[3][..<100])
            _ = try server.status { $0.feed("hep-tcp").received == 3 }
        }
        _ = try server.status { $0.feed("hep-tcp").errors == 1 }
        try RawClient(port: try port(server)).send(packets[3...].flatMap { $0 })
        let status = try server.status { agent(2_001, in: $0)?.packets == 6 && $0.agents.count == 2 }
        #expect(status.feed("hep-tcp").received == 6)
        #expect(status.feed("hep-tcp").errorsByName == ["hep_connection_cut": 1])
        // Who was cut within a packet is known by the address alone.
        #expect(status.agents.first { $0.id == 0 }?.errors.map(\.address) == ["127.0.0.1"])
        var metrics = Busyhour_V1_MetricsRequest()
        (metrics.customerID, metrics.window) = (id, "all")
        let figures = try rpc.call(11, metrics, Busyhour_V1_MetricsResponse.self)
        #expect(figures.attempts == 1 && figures.answered == 1 && figures.active == 0)
        #expect(figures.talkMilliseconds == 30_000 && figures.acdN == 1 && figures.pddMilliseconds == 2_000)
    }

    @Test func agentsOfFilesHaveRowsToo() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        var request = Busyhour_V1_IngestHEPRequest()
        request.packets = [.init(HEPPacket.invite("a", seconds: noon).bytes), .init([1, 2, 3, 4])]
        _ = try client.call(7, request, Busyhour_V1_IngestResponse.self)
        let agents = try client.status().agents
        #expect(agents.map(\.id) == [1, 0] && agents.allSatisfy { $0.address.isEmpty })
        #expect(agents[1].errors.map(\.name) == ["hep_version"])
    }

    /// The calls of a switch an hour ahead are on the board, and status and log say what was done for it.
    @Test(arguments: [("correct", 1), ("trust", 0), ("refuse", 0)])
    func aClockThatIsAhead(policy: String, calls: UInt64) throws {
        let log = RecordedLog()
        let server = try TestServer(logger: log.logger, clock: SettableClock(Int64(noon) * 1_000_000)) {
            $0.agentClock = .init(rawValue: policy) ?? .trust
        }
        defer { server.stop() }
        #expect(try server.client().status().health == "ok")
        var packet = HEPPacket.invite("a", seconds: noon + 3_600)
        packet.agent = 7
        try sendDatagram(packet.bytes, port: try port(server))
        let status = try server.status { agent(7, in: $0) != nil }
        let seven = try #require(agent(7, in: status))
        #expect(seven.state == "ahead" && seven.clockOffsetMicros == 3_600_000_000)
        #expect(seven.hasCorrectedByMicros == (policy == "correct"))
        #expect(seven.correctedByMicros == (policy == "correct" ? -3_600_000_000 : 0))
        #expect(seven.errors.map(\.name) == (policy == "refuse" ? ["agent_clock"] : []))
        #expect(status.unattributed == calls && status.future == (policy == "trust" ? 1 : 0))
        #expect(status.health.hasPrefix("agent clock: agent 7 at 127.0.0.1: its clock is 3600.0 s ahead"))
        #expect(log.lines.contains { $0.contains("HEP agent 7 at 127.0.0.1: its clock is 3600.0 s ahead") })
    }

    /// And the calls say by how much their times were corrected, live and when they are over.
    @Test(arguments: [("correct", Int32(-3_600_000)), ("trust", 0)])
    func correctedCallsSaySo(policy: String, correctedMillis: Int32) throws {
        let ahead = policy == "correct" ? UInt32(3_600) : 3
        let server = try TestServer(clock: SettableClock(Int64(noon) * 1_000_000)) {
            $0.agentClock = .init(rawValue: policy) ?? .trust
        }
        defer { server.stop() }
        var customer = Busyhour_V1_Customer()
        (customer.name, customer.currency, customer.auth) = ("A", "EUR", [.init()])
        (customer.auth[0].kind, customer.auth[0].value) = (.ip, "198.51.100.101")
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [customer]
        let client = try server.client()
        #expect(try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self).ids == [1])
        let start = Double(noon + ahead) - 2
        for (_, packet) in HEPDialog().packets(invite: start, ring: start + 1, answer: start + 1.5, end: nil) {
            try sendDatagram(packet.bytes, port: try port(server))
        }
        _ = try server.status { agent(2_001, in: $0)?.packets == 4 && $0.activeCalls == 1 }
        let live = try client.call(9, Busyhour_V1_CallsRequest(), Busyhour_V1_CallsResponse.self).calls
        #expect(live.map(\.details.callID) == ["dialog"])
        // Within two seconds, for the packets came one after the other.
        #expect(live.allSatisfy { abs($0.details.clockCorrectedMs - correctedMillis) < 3_000 })
        #expect(live.allSatisfy { ($0.details.clockCorrectedMs == 0) == (correctedMillis == 0) })
    }

    /// The first packets of a connection whose stamps are old wait for a second, and no longer.
    @Test func aClockThatIsBehind() throws {
        let clock = SettableClock(Int64(noon) * 1_000_000)
        let server = try TestServer(clock: clock)
        defer { server.stop() }
        let client = try RawClient(port: try port(server))
        try client.send(HEPPacket.invite("a", seconds: noon - 7_200).bytes)
        _ = try server.status { agent(1, in: $0)?.packets == 1 }
        clock.set(Int64(noon + 2) * 1_000_000)
        let status = try server.status { $0.unattributed == 1 && agent(1, in: $0)?.state == "behind" }
        #expect(agent(1, in: status)?.clockOffsetMicros == -7_200_000_000)
        #expect(status.unattributedSources.first?.lastSeen == Int64(noon) * 1_000_000)
    }

    /// By the events' clock the server does not judge agents' clocks.
    @Test func byTheEventsClock() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        try sendDatagram(HEPPacket.invite("a", seconds: noon).bytes, port: try port(server))
        let status = try server.status { $0.unattributed == 1 && agent(1, in: $0) != nil }
        #expect(agent(1, in: status)?.state == "ok" && agent(1, in: status)?.hasClockOffsetMicros == false)
        #expect(status.now == Int64(noon) * 1_000_000 && status.health == "ok")
    }
}
