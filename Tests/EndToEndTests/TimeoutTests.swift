import Foundation
import Testing

/// A port that accepts and stays silent: what --timeout says ends every command, also those that may take long.
@Suite struct TimeoutTests {
    /// Listens and never accepts: the system does.
    private func silentPort() throws -> (socket: Int32, port: UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(isBound)
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    @Test func whatIsGivenRulesForLongWorkToo() throws {
        let (socket, port) = try silentPort()
        defer { close(socket) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("c.csv").path
        try "name,currency\nA,EUR\n".write(toFile: file, atomically: true, encoding: .utf8)
        let commands = [
            ["status"], ["board"], ["edit", "--all", "--set", "channels=1"], ["customer", "undo", "--change", "3"],
            ["import", file], ["snapshot"], ["snapshot", "--to", folder.path + "/b.db"],
        ]
        for command in commands {
            let began = ContinuousClock.now
            let result = try Programs.run(
                Programs.url("busyhour"), ["--server", "127.0.0.1:\(port)", "--timeout", "1s"] + command)
            #expect(result.exitCode == 3, "\(command): \(result.errors)")
            #expect(result.errors.contains("no answer"), "\(command): \(result.errors)")
            // Far below the two and ten minutes that these may take otherwise.
            #expect(ContinuousClock.now - began < .seconds(60), "\(command)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/b.db.part"))
    }
}
