// Calls to a customer's numbers, as operators have reported them (Tests/Fixtures/reports): by HEP and by CDRs, and
// through the programs.

import CallEvents
import Feeds
import Foundation
import Testing

@testable import Board

@Suite struct InboundReportTests {
    private let folder = "38-calls-to-a-customers-numbers"

    private static func entries(_ text: String) throws -> [AuthEntry] {
        try text.split(separator: ";").map { try AuthEntry(listed: String($0)) }
    }

    private func check(_ replay: HEPReplay, _ figures: [(String, Double?, Double?)], _ comment: String) throws {
        for (name, helpdesk, transit) in figures {
            let values = [try replay.value(name, row: 0), try replay.value(name, row: 1)]
            #expect(values == [helpdesk, transit], "\(comment): \(name)")
        }
    }

    @Test(arguments: ["to:198.51.100.170", "to:198.51.100.160/28"])
    func byHEP(entry: String) throws {
        var replay = HEPReplay([
            ("Helpdesk Numbers", try Self.entries("ip:198.51.100.170;account:helpdesk;\(entry)")),
            ("Transit Carrier", try Self.entries("ip:203.0.113.170")),
        ])
        for round in ["once", "twice"] {
            let played = try replay.play("reports/\(folder)/capture.hep")
            #expect(played.errors == 0)
            #expect(round == "once" ? played.calls == 19 : played.calls == 0)
            try check(
                replay,
                [
                    ("active", 10, 9), ("inbound_active", 9, 0), ("attempts", 1, 9), ("asr", 100, 100), ("asr_n", 1, 9),
                    ("inbound_attempts", 9, 0), ("inbound_asr", 100, nil), ("inbound_asr_n", 9, 0), ("cps_peak", 1, 1),
                ], "\(entry), \(round)")
        }
        #expect(replay.engine.status(now: 0).unattributed == 0)
        try replay.restart()
        try check(
            replay, [("active", 10, 9), ("inbound_active", 9, 0), ("inbound_attempts", 9, 0)], "\(entry), restarted")
    }

    /// As an operator does it; then three legs towards the customer by CDR, with its account and 0.10 each.
    @Test func throughThePrograms() throws {
        let server = try RunningServer()
        func file(_ name: String) -> String { Fixtures.file("reports/\(folder)/\(name)").path }
        #expect(try server.busyhour("import", file("customers.csv")).exitCode == 0)
        #expect(try server.busyhour("customer", "edit", "Helpdesk Numbers", "--channels", "10").exitCode == 0)
        let heard = try server.busyhour("feed", "hep", file("capture.hep"), "--format", "json")
        #expect(heard.exitCode == 0, "\(heard)")
        func board() throws -> [[String: Any]] {
            let text = try server.busyhour(
                "board", "--window", "all", "--sort", "id", "--columns",
                "name,active,inbound_active,attempts,asr,inbound_attempts,inbound_asr,credit,cost", "--format", "json")
            let json = try JSONSerialization.jsonObject(with: Data(text.output.utf8)) as? [String: Any]
            return json?["rows"] as? [[String: Any]] ?? []
        }
        var rows = try board()
        try #require(rows.count == 2)
        for (name, helpdesk, transit) in [
            ("active", 10.0, 9.0), ("inbound_active", 9, 0), ("attempts", 1, 9), ("asr", 100, 100),
            ("inbound_attempts", 9, 0),
        ] {
            #expect((rows[0][name] as? NSNumber)?.doubleValue == helpdesk, "\(name)")
            #expect((rows[1][name] as? NSNumber)?.doubleValue == transit, "\(name)")
        }
        // All customers are looked at within a second.
        var warnings = ""
        for _ in 0..<200 where !warnings.contains("channels_near_limit") {
            warnings = try server.busyhour("warning", "list", "--format", "json").output
        }
        #expect(warnings.contains("channels_near_limit") && warnings.contains("10 of 10 channels (9 in, 1 out)"))
        let calls = try server.busyhour("calls", "--customer", "Helpdesk Numbers", "--format", "ndjson").output
        let lines = calls.split(separator: "\n")
        #expect(lines.count == 10 && lines.filter { $0.contains("inbound") }.count == 9, "\(lines)")

        let fed = try server.busyhour(
            "feed", "cdr", "--format", "freeswitch-json", "--output", "json", file("to-customer.ndjson"))
        let told = try JSONSerialization.jsonObject(with: Data(fed.output.utf8)) as? [String: Any]
        #expect(fed.exitCode == 0 && told?["calls"] as? Int == 3, "\(fed)")
        rows = try board()
        #expect((rows[0]["inbound_attempts"] as? NSNumber)?.intValue == 12)
        #expect((rows[0]["attempts"] as? NSNumber)?.intValue == 1)
        #expect(rows[0]["credit"] as? String == "999.70" && rows[0]["cost"] as? String == "0.30", "\(rows[0])")
        let ended = try server.busyhour(
            "calls", "--ended", "--where", "direction = 'inbound' AND cost > 0", "--format", "ndjson")
        #expect(ended.output.split(separator: "\n").count == 3)
    }
}
