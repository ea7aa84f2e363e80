// From a figure to the calls behind it, through the programs: HEP and every CDR format bring what finds a call on the
// switch.

import Foundation
import Testing

@Suite struct FindableCallsTests {
    /// A call of a sample as the switch knows it.
    private struct Known {
        var format: String
        var file: String
        var callID: String
        var customer: String
        var calling: String?
        var called: String
        var code: Int
        var reason: String?
        var source: String?
    }

    private static let samples = [
        Known(
            format: "freeswitch-json", file: "freeswitch-json-00.ndjson", callID: "994bba3395f44c239ddc@198.51.100.7",
            customer: "gamma_voip", calling: "15558876147", called: "1212555776862", code: 486, reason: "USER_BUSY",
            source: "198.51.100.7"),
        Known(
            format: "freeswitch-csv", file: "freeswitch-example.csv", callID: "93b7c098-b4aa-4276-ab2d-7b363772cf45",
            customer: "alpha", calling: "15554858288", called: "44207208235", code: 200, reason: "NORMAL_CLEARING"),
        Known(
            format: "asterisk", file: "asterisk-Master.csv", callID: "1748934029.100", customer: "Żeta-Tel",
            calling: "15555048428", called: "1212555825269", code: 200, reason: "ANSWERED"),
        Known(
            format: "cgrates-csv", file: "cgrates.csv", callID: "af6d0d0d-a8f4-4344-82e0-3532d4232564",
            customer: "beta-tel", called: "4930491295", code: 200),
        Known(
            format: "cgrates-json", file: "cgrates-json.ndjson", callID: "a72ac7f0-f47f-45d7-b159-85c92b1fbd91",
            customer: "gamma_voip", called: "97144459564", code: 603),
        Known(
            format: "kamailio-acc", file: "kamailio-acc.log", callID: "1-27301@127.0.1.3", customer: "127.0.1.3",
            calling: "15556227074", called: "1197147117297", code: 410, reason: "Gone", source: "127.0.1.3"),
    ]

    /// One customer for each account and address of the samples and the recording.
    private static func addCustomers(_ server: RunningServer) throws {
        let all = try #require(try Fixtures.json("cdr/expected.json")["files"] as? [String: [String: Any]])
        var names = Set<String>()
        for file in all.values { names.formUnion((file["customers"] as? [String: Any] ?? [:]).keys) }
        let recorded = try #require(try Fixtures.json("hep/sngrep.expected.json")["customers"] as? [String: Any])
        names.formUnion(recorded.keys)
        let rows = names.sorted().map { name in
            let isAddress = name.contains(":") || name.split(separator: ".").count == 4
            return "\"C \(name)\",EUR,\(isAddress ? "ip:\(name)" : "account:\(name)")"
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("customers-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data((["name,currency,auth"] + rows).joined(separator: "\n").utf8).write(to: file)
        #expect(try server.busyhour("import", file.path).output.hasPrefix("created \(names.count) customers; "))
    }

    private static func json(_ result: Programs.Result) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
    }

    private static func find(_ server: RunningServer, _ condition: String) throws -> [[String: Any]] {
        try server.json("calls", "--ended", "--where", condition, "--limit", "10")["calls"] as? [[String: Any]] ?? []
    }

    @Test func everyFormatBringsThem() throws {
        let server = try RunningServer(["--clock", "events"])
        try Self.addCustomers(server)
        for known in Self.samples {
            let sample = Fixtures.file("cdr/" + known.file).path
            // One file ends within a row, which is refused.
            let fed = try Self.json(
                server.busyhour("--format", "json", "feed", "cdr", "--format", known.format, sample))
            #expect((fed["calls"] as? Int ?? 0) > 90, "\(known.file): \(fed)")
            let found = try Self.find(server, "call_id = '\(known.callID)'")
            #expect(found.count == 1, "\(known.file): \(known.callID)")
            guard let call = found.first else { continue }
            #expect(call["name"] as? String == "C " + known.customer, "\(known.file)")
            #expect(call["calling"] as? String == known.calling, "\(known.file)")
            #expect(call["called"] as? String == known.called, "\(known.file)")
            #expect(call["code"] as? Int == known.code, "\(known.file)")
            #expect(call["reason"] as? String == known.reason, "\(known.file)")
            #expect(call["source"] as? String == known.source, "\(known.file)")
            // By the number that a customer tells on the telephone, and by what the board showed.
            let byNumber = try Self.find(server, "called = '\(known.called)' AND code = \(known.code)")
            #expect(byNumber.contains { $0["call_id"] as? String == known.callID }, "\(known.file)")
        }
        let status = try server.json("status")
        #expect((status["finished_calls"] as? Int ?? 0) > 1_000 && status["details_refused"] as? Int == 0)
    }

    @Test func aRecordingBringsThem() throws {
        let server = try RunningServer(["--clock", "events"])
        try Self.addCustomers(server)
        #expect(try server.busyhour("feed", "hep", Fixtures.recording("sngrep")[0].path).exitCode == 0)
        let failed = try Self.find(server, "code = 486")
        let call = try #require(failed.first)
        let id = try #require(call["call_id"] as? String)
        for key in ["calling", "called", "source", "destination", "reason"] {
            #expect((call[key] as? String)?.isEmpty == false, "\(key)")
        }
        #expect(try Self.find(server, "call_id = '\(id)'").count == 1)
        let explained = try server.json(
            "explain", "asr", "--customer", "\(call["customer"] as? Int ?? 0)", "--window", "all")
        let recent = try #require(explained["recent"] as? [[String: Any]])
        #expect(!recent.isEmpty && recent.allSatisfy { ($0["call_id"] as? String)?.isEmpty == false })
        // By the board's clock, which stands where the recording ended.
        let late = try Self.find(server, "code = 486 AND ended_at > now() - 24h")
        #expect(!late.isEmpty)
        #expect(try server.busyhour("calls", "--ended", "--where", "codes = 4").exitCode == 2)
    }

    /// Numbers are masked for every client, wherever they are shown and in filters.
    @Test func numbersAreMaskedBySetting() throws {
        for (setting, called) in [("last:4", "119714711****"), ("all", "*************")] {
            let server = try RunningServer(["--clock", "events", "--mask-numbers", setting])
            try Self.addCustomers(server)
            let sample = Fixtures.file("cdr/kamailio-acc.log").path
            _ = try server.json("feed", "cdr", "--format", "kamailio-acc", sample)
            let call = try #require(try Self.find(server, "call_id = '1-27301@127.0.1.3'").first)
            #expect((call["called"] as? String)?.filter(\.isNumber) == called.filter(\.isNumber), "\(call)")
            #expect(try Self.find(server, "called = '1197147117297'").isEmpty, "\(setting)")
            let customer = "\(call["customer"] as? Int ?? 0)"
            let explained = try server.busyhour("explain", "asr", "--customer", customer, "--window", "all")
            #expect(explained.output.contains("27301@127.0.1.3") && !explained.output.contains("1197147117297"))
            #expect(try !server.busyhour("calls", "--ended", "--limit", "1000").output.contains("1197147117297"))
        }
    }
}
