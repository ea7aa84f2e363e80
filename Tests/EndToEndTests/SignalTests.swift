import Foundation
import Testing

/// SIGHUP comes from terminals that close, `systemctl reload` and tools that rotate logs: the server saves and goes on.
@Suite struct SignalTests {
    @Test func aHangUpSavesAndTheServerGoesOn() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try RunningServer(dataDirectory: folder)
        #expect(try server.busyhour("customer", "add", "Acme", "--currency", "EUR").exitCode == 0)
        func customerSnapshots() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                $0.hasPrefix("snap-") && $0.hasSuffix(".db")
            }
        }
        // Customers are saved every five minutes otherwise.
        #expect(try customerSnapshots().isEmpty)
        for _ in 0..<3 { server.send(SIGHUP) }
        while try customerSnapshots().isEmpty { #expect(server.isRunning) }
        #expect(try server.json("status")["health"] as? String == "ok")
        #expect(try server.busyhour("customer", "add", "Beta", "--currency", "EUR").exitCode == 0)
        server.stop(by: SIGTERM)
        let again = try RunningServer(dataDirectory: folder)
        #expect(try again.json("status")["customers"] as? Int == 2)
    }
}
