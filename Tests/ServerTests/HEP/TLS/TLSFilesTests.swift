// The files of certificate and key: what is wrong with them is told with the file, and they are read again when asked
// for.

import Board
import Foundation
import Testing
import Wire

@testable import Server

@Suite struct TLSFilesTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    /// A server does not start, says why with the file, and leaves nothing behind.
    private func message(_ tls: HEPTLS) throws -> String {
        let directory = temporaryDirectory()
        let error = #expect(throws: ServerError.self) { try TestServer(directory: directory) { $0.hepTLS = tls } }
        #expect(error?.kind == .usage && !FileManager.default.fileExists(atPath: directory))
        return error?.message ?? ""
    }

    @Test func filesThatCannotBeUsed() throws {
        let server = TLSFixtures.path("server.pem")
        let missing = try message(TLSFixtures.server(certificate: "missing.pem"))
        #expect(missing.contains("missing.pem: No such file") && missing.contains("--hep-tls-cert"))
        let noKey = try message(TLSFixtures.server(key: "server.pem"))
        #expect(noKey.contains("\(server) (--hep-tls-key) has no private key"))
        let noCertificate = try message(TLSFixtures.server(certificate: "server.key"))
        #expect(noCertificate.contains("server.key (--hep-tls-cert) has no certificate"))
        let encrypted = try message(TLSFixtures.server(key: "encrypted.key"))
        #expect(encrypted.contains("encrypted.key") && encrypted.contains("passphrase"))
        let another = try message(TLSFixtures.server(key: "agent.key"))
        #expect(another.contains("agent.key (--hep-tls-key) is not that of the certificate in \(server)"))
        let authority = try message(TLSFixtures.server(authority: "agent.key"))
        #expect(authority.contains("agent.key (--hep-tls-ca) has no certificate"))
    }

    @Test func filesThatAreDamaged() throws {
        let folder = temporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, option) in [("server.pem", "--hep-tls-cert"), ("server.key", "--hep-tls-key")] {
            var text = try String(contentsOfFile: TLSFixtures.path(name), encoding: .utf8)
            let middle = text.index(text.startIndex, offsetBy: text.count / 2)
            text.replaceSubrange(middle...middle, with: "!")
            let path = folder + "/" + name
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            var tls = TLSFixtures.server()
            if name == "server.pem" { tls.certificatePath = path } else { tls.keyPath = path }
            let said = try message(tls)
            #expect(said.contains("\(path) (\(option)) is damaged"))
        }
    }

    /// As after a renewal: the files are others under the same names.
    @Test func filesAreReadAgain() throws {
        let folder = temporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func put(_ name: String) throws {
            try Data(contentsOf: URL(fileURLWithPath: TLSFixtures.path(name)))
                .write(to: URL(fileURLWithPath: folder + "/shown.pem"), options: .atomic)
        }
        try put("expired.pem")
        var tls = TLSFixtures.server()
        tls.certificatePath = folder + "/shown.pem"
        let log = RecordedLog()
        let server = try TestServer(logger: log.logger) { [tls] in ($0.clock, $0.hepTLS) = (.events, tls) }
        defer { server.stop() }
        let port = try #require(server.server.hepTLSEndpoint?.port)
        #expect(try server.status { $0.health.contains("has expired") }.health.contains("has expired"))
        #expect(log.lines.contains { $0.hasPrefix("warning") && $0.contains("has expired") })
        // What cannot be used changes nothing.
        try put("server.key")
        server.server.reloadCertificates()
        #expect(log.lines.contains { $0.hasPrefix("error HEP by TLS goes on") && $0.contains("shown.pem") })
        try TLSAgent(port: port).waitForEnd()
        try put("server.pem")
        server.server.reloadCertificates()
        let agent = try TLSAgent(port: port)
        try agent.send(HEPPacket.invite("call", seconds: noon).bytes)
        let status = try server.status { $0.feed("hep-tls").received == 1 }
        #expect(status.feed("hep-tls").errorsByName == ["tls_certificate_refused": 1])
        #expect(status.health == "ok")
    }

    /// Two weeks before its end a certificate is told of.
    @Test func theEndIsToldBefore() throws {
        let identity = try TLSIdentity(TLSFixtures.server())
        let day: Int64 = 86_400_000_000
        #expect(identity.expiryNotice(now: identity.expiresAtMicros - 15 * day) == nil)
        #expect(identity.expiryNotice(now: identity.expiresAtMicros - 13 * day)?.contains("expires in 13 days") == true)
        #expect(identity.expiryNotice(now: identity.expiresAtMicros - day)?.contains("expires in 24 hours") == true)
        #expect(identity.expiryNotice(now: identity.expiresAtMicros)?.contains("has expired") == true)
        #expect(identity.expiryNotice(now: .min) == nil && identity.expiryNotice(now: .max) != nil)
    }

    /// Of the certificates that are shown the first one that ends is told of, wherever in the file it stands.
    @Test func theEndIsThatOfTheFirstToExpire() throws {
        let folder = temporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func expiry(_ names: String...) throws -> Int64 {
            var tls = TLSFixtures.server()
            tls.certificatePath = folder + "/chain.pem"
            let texts = try names.map { try String(contentsOfFile: TLSFixtures.path($0), encoding: .utf8) }
            try texts.joined(separator: "\n").write(toFile: tls.certificatePath, atomically: true, encoding: .utf8)
            return try TLSIdentity(tls).expiresAtMicros
        }
        let (late, early) = (try expiry("server.pem"), try expiry("expired.pem"))
        #expect(early < late)
        #expect(try expiry("server.pem", "expired.pem") == early)
        #expect(try expiry("expired.pem", "server.pem") == early)
    }
}
