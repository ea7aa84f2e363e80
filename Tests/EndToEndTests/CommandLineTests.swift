// The real programs, as a person runs them: a server, the command line, a recording, CDRs, the Python client.

import Foundation
import Testing

@Suite struct CommandLineTests {
    private static func customersFile(_ rows: [String]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("customers-\(UUID().uuidString).csv")
        try Data((["name,currency,auth,credit,routes"] + rows).joined(separator: "\n").utf8).write(to: file)
        return file.path
    }

    @Test func aRecordingBecomesTheBoard() throws {
        let server = try RunningServer()
        let expected = try Fixtures.json("hep/sngrep.expected.json")
        let customers = try #require(expected["customers"] as? [String: [String: Any]])
        let names = customers.keys.sorted()
        let file = try Self.customersFile(names.map { "Carrier \($0),EUR,ip:\($0),12.50,standard" })
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(try server.busyhour("import", file).output.hasPrefix("created \(names.count) customers; "))
        let recording = Fixtures.recording("sngrep")[0].path
        let first = try server.json("feed", "hep", recording)
        let attempts = customers.values.reduce(0) { $0 + ($1["attempts"] as? Int ?? 0) }
        #expect(first["calls"] as? Int == attempts && first["late"] as? Int == 0)
        let board = try server.json("board", "--window", "all", "--sort", "id")
        let again = try server.json("feed", "hep", recording)
        #expect(again["calls"] as? Int == 0)
        let after = try server.json("board", "--window", "all", "--sort", "id")
        for answer in [board, after] {
            let rows = try #require(answer["rows"] as? [[String: Any]])
            for (row, name) in zip(rows, names) {
                #expect(row["bids"] as? Int == customers[name]?["attempts"] as? Int)
                #expect(row["answered"] as? Int == customers[name]?["answered"] as? Int)
                #expect(row["credit"] as? String == "12.50")
            }
        }
        let explained = try server.json("explain", "asr", "--customer", "1", "--window", "all")
        #expect(explained["codes"] as? [String: Int] == customers[names[0]]?["finals"] as? [String: Int])
        let status = try server.json("status")
        #expect(status["customers"] as? Int == names.count)
    }

    /// Nothing comes behind it that could tell: the feed says at its end that a rest is missing.
    @Test func theLastMessageOfACaptureIsCut() throws {
        let server = try RunningServer()
        let micros: Int64 = 1_750_000_000_000_000
        let message = "INVITE sip:2@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nCall-ID: 1\r\n"
        let packet = HEPPacketMaker.packet(
            Array(message.utf8), micros: micros, from: "192.0.2.1", to: "192.0.2.2", transport: 6)
        func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cut-\(UUID().uuidString).hep")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(littleEndian(micros) + littleEndian(UInt32(packet.count)) + packet).write(to: file)
        for _ in 0..<2 {
            let fed = try server.json("feed", "hep", file.path)
            #expect(fed["read"] as? Int == 1 && fed["errors"] as? Int == 1, "\(fed)")
            #expect(fed["errors_by_name"] as? [String: Int] == ["sip_rest_missing": 1])
        }
        let feeds = try #require(try server.json("status")["feeds"] as? [[String: Any]])
        let errors = feeds.first { $0["name"] as? String == "hep-file" }?["errors_by_name"] as? [String: Int]
        #expect(errors == ["sip_rest_missing": 2])
    }

    @Test func cdrsBecomeTheBoard() throws {
        let server = try RunningServer()
        let all = try #require(try Fixtures.json("cdr/expected.json")["files"] as? [String: [String: Any]])
        let customers = try #require(all["asterisk-Master.csv"]?["customers"] as? [String: [String: Any]])
        for name in customers.keys.sorted() {
            let added = try server.busyhour("customer", "add", "C \(name)", "--currency", "USD", "--account", name)
            #expect(added.exitCode == 0)
        }
        let sample = Fixtures.file("cdr/asterisk-Master.csv").path
        let summary = try server.json("feed", "cdr", "--format", "asterisk", sample)
        #expect(summary["calls"] as? Int == 430)
        #expect(try server.json("feed", "cdr", "--format", "asterisk", sample)["calls"] as? Int == 0)
        let rows = try #require(try server.json("board", "--window", "all")["rows"] as? [[String: Any]])
        for row in rows {
            let name = row["name"] as? String ?? ""
            let expected = try #require(customers[String(name.dropFirst(2))])
            #expect(row["bids"] as? Int == expected["attempts"] as? Int)
            #expect(row["talk"] as? Double == expected["billsec_sum"] as? Double)
            #expect(row["pdd"] is NSNull, "Asterisk tells no delay")
        }
    }

    @Test func mistakesAreOneLineThatSaysHowToMendThem() throws {
        let server = try RunningServer()
        #expect(try server.busyhour("customer", "add", "Somebody", "--currency", "USD").exitCode == 0)
        let cases: [([String], Int32, String)] = [
            (["board", "--where", "asrr < 4"], 2, "did you mean 'asr'?"), (["board", "--window", "7m"], 2, "15m"),
            (["bord"], 2, "did you mean 'board'?"), (["top"], 2, "needs a terminal"), (["sql"], 1, "not yet"),
            (["customer", "show", "99"], 1, "99"),
            (["customer", "add", "X", "--currency", "XXX"], 1, "ISO 4217"),
            (["feed", "hep", "/nowhere"], 1, "/nowhere"),
            (["feed", "cdr", "--format", "asteriks", "x"], 2, "asterisk"),
            (["explain", "name", "--customer", "1"], 2, "metric"),
        ]
        for (arguments, exitCode, hint) in cases {
            let result = try Programs.run(Programs.url("busyhour"), ["--server", server.rpcAddress] + arguments)
            #expect(result.exitCode == exitCode, "\(arguments): \(result.errors)")
            #expect(result.errors.contains(hint) && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        #expect(try Programs.run(Programs.url("busyhour"), ["--server", "127.0.0.1:1", "status"]).exitCode == 3)
    }

    @Test func thePythonClientReadsTheBoard() throws {
        let server = try RunningServer()
        #expect(try server.busyhour("customer", "add", "Python Test", "--currency", "USD").exitCode == 0)
        let script = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tools/board.py")
        let lines = try String(contentsOf: script, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 61)
        let python = ProcessInfo.processInfo.environment["BUSYHOUR_PYTHON"] ?? "/usr/bin/python3"
        let result = try Programs.run(URL(fileURLWithPath: python), [script.path, server.rpcAddress])
        #expect(result.exitCode == 0 && result.output.contains("Python Test"), "\(result.output) \(result.errors)")
    }
}
