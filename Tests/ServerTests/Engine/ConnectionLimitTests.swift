import NIOCore
import Testing
import Wire

@testable import Server

/// Connections over a limit hear why, and so does the operator.
@Suite struct ConnectionLimitTests {
    @Test func theOneOverTheLimitHearsWhy() throws {
        let log = RecordedLog()
        let server = try TestServer(logger: log.logger) { $0.connectionsPerAddress = 2 }
        defer { server.stop() }
        let first = try server.client()
        var second: RawClient? = try server.client()
        #expect(try first.status().health == "ok" && second?.status().health == "ok")
        let message = "2 connections from 127.0.0.1 are open, and one address may have no more; close some"
        // Whether or not it has asked something.
        for asks in [true, false] {
            let third = try server.client()
            if asks { try third.send(rawFrame(1, id: 7)) }
            let frame = try #require(try third.receive())
            #expect(frame.id == 0 && frame.error?.code == "BUSY" && frame.error?.message == message)
            #expect(try third.receive() == nil)
        }
        let status = try first.status()
        #expect(status.connections == 2 && status.requestErrors["BUSY"] == 2)
        while !log.lines.contains(where: { $0.hasPrefix("warning refused") }) { _ = try first.status() }
        let line = try #require(log.lines.first { $0.hasPrefix("warning refused") })
        #expect(
            ["warning refused a connection: " + message, "warning refused 2 connections: " + message].contains(line))
        // There is room again when one has ended.
        second = nil
        while try first.status().connections > 1 {}
        #expect(try server.client().status().health == "ok")
    }

    @Test func theLogHearsOfManyNowAndThen() {
        let log = RecordedLog()
        var refusals = ConnectionRefusals()
        refusals.log(to: log.logger, now: .uptimeNanoseconds(0))
        #expect(log.lines.isEmpty)
        for second in UInt64(0)..<25 {
            for _ in 0..<100 { refusals.count("2,000 connections") }
            refusals.log(to: log.logger, now: .uptimeNanoseconds(second * 1_000_000_000))
        }
        #expect(
            log.lines == [
                "warning refused 100 connections: 2,000 connections",
                "warning refused 1000 connections: 2,000 connections",
                "warning refused 1000 connections: 2,000 connections",
            ])
    }
}
