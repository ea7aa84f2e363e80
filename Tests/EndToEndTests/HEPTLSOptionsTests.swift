// The options of HEP by TLS reach the server, and SIGHUP reads its files again.

import Foundation
import Testing

@Suite struct HEPTLSOptionsTests {
    private func arguments(key: String = "server.key") -> [String] {
        [
            "--hep-tls", "127.0.0.1:0", "--hep-tls-cert", Fixtures.file("tls/server.pem").path,
            "--hep-tls-key", Fixtures.file("tls/\(key)").path, "--hep-tls-ca", Fixtures.file("tls/authority.pem").path,
        ]
    }

    @Test func theOptionsReachTheServer() throws {
        let server = try RunningServer(arguments())
        server.send(SIGHUP)
        let feeds = try server.json("status")["feeds"] as? [[String: Any]] ?? []
        let address = feeds.first { $0["name"] as? String == "hep-tls" }?["address"] as? String
        #expect(address?.hasPrefix("127.0.0.1:") == true)
        #expect(server.isRunning)
        #expect(try server.json("status")["health"] as? String == "ok")
    }

    @Test func aServerThatCannotUseItsFilesDoesNotStart() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try Programs.run(
            try Programs.url("busyhourd"),
            ["--data-dir", folder.path, "--listen", "127.0.0.1:0", "--hep", "off"] + arguments(key: "agent.key"))
        #expect(result.exitCode == 2 && result.errors.hasPrefix("busyhourd: the key in "), "\(result.errors)")
        #expect(result.errors.contains("agent.key (--hep-tls-key) is not that of the certificate in "))
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
}
