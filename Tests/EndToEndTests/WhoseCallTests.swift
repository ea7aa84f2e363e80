// Auth entries of several conditions through the programs: files, options, edits, what is shown, and whose a call would
// be.

import Foundation
import Testing

@Suite struct WhoseCallTests {
    private static func auth(_ server: RunningServer, _ name: String) throws -> [[String: String]] {
        try server.json("customer", "show", name)["auth"] as? [[String: String]] ?? []
    }

    @Test func entriesOfFilesOptionsAndEdits() throws {
        let server = try RunningServer()
        let file = Fixtures.file("reports/22-tech-prefix-behind-one-address/customers.csv").path
        #expect(try server.json("import", file)["created"] as? Int == 3)
        #expect(try server.json("import", file)["unchanged"] as? Int == 3)
        #expect(try Self.auth(server, "Gamma Dialler") == [["ip": "198.51.100.10", "prefix": "7103"]])
        let other = Fixtures.file("reports/23-customers-behind-one-sbc/customers.csv").path
        #expect(try server.json("import", other)["created"] as? Int == 6)
        #expect(try Self.auth(server, "By Header") == [["ip": "198.51.100.20", "header": "x-customer=h1"]])
        #expect(try Self.auth(server, "By From Domain") == [["ip": "198.51.100.20", "from": "d1.example.net"]])
        #expect(try Self.auth(server, "By Port") == [["ip": "198.51.100.20:5074"]])
        #expect(
            try server.busyhour("customer", "edit", "Beta Dialler", "--set", "auth+=ip:198.51.100.20&prefix:9911#")
                .exitCode
                == 0)
        #expect(
            try server.busyhour(
                "customer", "add", "Acme", "--currency", "EUR", "--auth", "tgrp:a;;b&sip:x&&y", "--ip",
                "[2001:db8::1]:5060"
            )
            .exitCode == 0)
        #expect(try Self.auth(server, "Acme") == [["ip": "[2001:db8::1]:5060"], ["tgrp": "a;b", "sip": "x&y"]])
        // Another customer has the entry, however it is written.
        let clash = try server.busyhour(
            "customer", "edit", "Acme", "--set", "auth+=prefix: 9911# & ip:198.51.100.20/32")
        #expect(clash.exitCode == 1)
        #expect(
            clash.errors.contains("ip:198.51.100.20&prefix:9911# belongs to customer 2 'Beta Dialler'"),
            "\(clash.errors)")
        let contradiction = try server.busyhour(
            "customer", "add", "Y", "--currency", "EUR", "--auth", "ip:10.0.0.1&ip:10.0.0.2")
        #expect(
            contradiction.exitCode == 2 && contradiction.errors.contains("make two entries"), "\(contradiction.errors)")
        // What is exported reads as it was.
        let exported = FileManager.default.temporaryDirectory.appendingPathComponent("auth-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: exported) }
        #expect(try server.busyhour("export", exported.path).exitCode == 0)
        let text = try String(contentsOf: exported, encoding: .utf8)
        #expect(text.contains("tgrp:a;;b&sip:x&&y"), "\(text)")
        #expect(try server.json("import", exported.path)["unchanged"] as? Int == 10)
    }

    @Test func whoIsAsked() throws {
        let server = try RunningServer()
        let file = Fixtures.file("reports/23-customers-behind-one-sbc/customers.csv").path
        #expect(try server.json("import", file)["created"] as? Int == 6)
        func who(_ options: [String]) throws -> [String: Any] {
            let result = try server.busyhour(arguments: ["customer", "who"] + options + ["--format", "json"])
            return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
        }
        let sbc = ["--ip", "198.51.100.20", "--port", "5060"]
        #expect(try who(sbc + ["--from-domain", "D1.example.net"])["name"] as? String == "By From Domain")
        #expect(try who(sbc + ["--header", "X-Customer = h1"])["name"] as? String == "By Header")
        #expect(
            try who(sbc + ["--tgrp", "t1"])["entry"] as? [String: String] == ["ip": "198.51.100.20", "tgrp": "t1"])
        #expect(try who(["--ip", "198.51.100.20", "--port", "5074"])["customer"] as? Int == 4)
        #expect(try who(sbc + ["--pai", "+1", "--pai", "15550107"])["name"] as? String == "By Asserted Identity")
        let bare = try who(sbc + ["--header", "X-Customer=h2"])
        #expect(bare["name"] as? String == "The SBC")
        #expect((bare["matches"] as? [[String: Any]])?.count == 1)
        let stranger = try who(["--ip", "203.0.113.1", "--tgrp", "t1"])
        #expect(stranger["outcome"] as? String == "nobody" && stranger["customer"] is NSNull)
        let nearest = stranger["nearest"] as? [[String: Any]]
        #expect(nearest?.first?["unmet"] as? [String] == ["ip:198.51.100.20"])
        let table = try server.busyhour("customer", "who", "--ip", "203.0.113.1", "--tgrp", "t1")
        #expect(
            table.output.hasPrefix("no customer's\n") && table.output.contains("ip:198.51.100.20&tgrp:t1"),
            "\(table.output)"
        )
        #expect(try server.busyhour("customer", "who").exitCode == 2)
        #expect(try server.busyhour("customer", "who", "--ip", "1.2.3").exitCode == 2)
    }
}
