// Files are fed while the server or the feeder is killed at random moments: the figures are those of an undisturbed
// feed. And without numbers, what a crash loses is bounded, and told.

import Foundation
import Randomness
import Testing

@Suite struct ExactlyOnceTests {
    /// A CSV whose rows have no id: only their numbers tell whether they were counted.
    private static func calls(_ count: Int, random: inout SeededGenerator) -> String {
        var text = "account,setup_at,end_at,talk,code,cost\n"
        for row in 0..<count {
            let setup = 1_790_000_000 + row / 50
            let isAnswered = Bool.random(using: &random)
            let talk = isAnswered ? Int.random(in: 1...50, using: &random) : 0
            text += "acct-\(Int.random(in: 1...3, using: &random)),\(setup),\(setup + 60),\(talk),"
            text += isAnswered ? "200,0.\(Int.random(in: 10...99, using: &random))\n" : "486,\n"
        }
        return text
    }

    private static let recordings = ["kamailio-a", "kamailio-classic"]

    private static func addCustomers(_ server: RunningServer) throws {
        for number in 1...3 {
            let added = try server.busyhour(
                "customer", "add", "Customer \(number)", "--currency", "EUR", "--account", "acct-\(number)")
            #expect(added.exitCode == 0, "\(added.errors)")
        }
        for set in recordings {
            let expected = try Fixtures.json("hep/\(set).expected.json")
            for address in (expected["customers"] as? [String: Any] ?? [:]).keys.sorted() {
                _ = try server.busyhour("customer", "add", address, "--currency", "USD", "--ip", address)
            }
        }
    }

    /// All figures of all customers, in the windows `all` and 1h, as texts.
    private static func figures(_ server: RunningServer) throws -> [String] {
        try ["all", "1h"].map { window in
            var board = try server.json(
                "board", "--window", window, "--limit", "100", "--columns",
                "name,bids,attempts,answered,failed,acd_n,talk,pdd_n,pdd,cost,credit,cps_peak,causes,active")
            for key in ["as_of", "window_start", "window_end"] { board[key] = nil }
            let bytes = try JSONSerialization.data(withJSONObject: board, options: [.sortedKeys, .prettyPrinted])
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The first lines that differ.
    private static func difference(_ left: [String], _ right: [String]) -> String {
        let lines = { (texts: [String]) in texts.flatMap { $0.split(separator: "\n") } }
        return zip(lines(left), lines(right)).filter { $0 != $1 }.prefix(10).map { "\($0)  | \($1)" }
            .joined(separator: "\n")
    }

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("once-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test(arguments: [["cdr"], ["hep"]]) func killedAtRandomMoments(what: [String]) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appendingPathComponent("calls.csv")
        try Self.calls(60_000, random: &random).write(to: input, atomically: true, encoding: .utf8)
        let recordings = Self.recordings.flatMap(Fixtures.recording).map(\.path)
        let feed = what == ["cdr"] ? ["feed", "cdr", "--format", "csv", input.path] : ["feed", "hep"] + recordings
        let undisturbed: [String]
        do {
            let server = try RunningServer(dataDirectory: folder.appendingPathComponent("calm"))
            try Self.addCustomers(server)
            let fed = try server.start(feed, state: folder.appendingPathComponent("calm-state"))
            fed.waitUntilExit()
            #expect(fed.terminationStatus == 0)
            undisturbed = try Self.figures(server)
        }
        let data = folder.appendingPathComponent("data")
        let state = folder.appendingPathComponent("state")
        var server = try RunningServer(dataDirectory: data)
        let port = server.rpcPort
        try Self.addCustomers(server)
        var kills = 0
        var feeder = try server.start(feed, state: state)
        // The more was killed, the longer the pause, so that it ends; the first is short, so that something is killed.
        while true {
            let pause = UInt32.random(in: 20_000...(250_000 << min(kills / 4, 4)), using: &random)
            usleep(kills == 0 ? min(pause, 30_000) : pause)
            if !feeder.isRunning {
                // It found no server at all when it began: the command has to be given again.
                guard feeder.terminationStatus == 3, kills < 200 else { break }
                feeder = try server.start(feed, state: state)
                continue
            }
            kills += 1
            if Bool.random(using: &random) {
                server.stop(by: SIGKILL)
                server = try RunningServer(dataDirectory: data, rpcPort: port)
            } else {
                kill(feeder.processIdentifier, SIGKILL)
                feeder.waitUntilExit()
                feeder = try server.start(feed, state: state)
            }
        }
        #expect(feeder.terminationStatus == 0, "seed \(seed)")
        // What the feeder has been told is counted is on the disk.
        server.stop(by: SIGKILL)
        server = try RunningServer(dataDirectory: data, rpcPort: port)
        let after = try Self.figures(server)
        let comment = "seed \(seed), \(kills) kills\n" + Self.difference(after, undisturbed)
        #expect(after == undisturbed, "\(comment)")
        #expect(kills > 0, "seed \(seed)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: state.path + "/busyhour").isEmpty)
    }

    /// What switches told by HEP since the last saving is lost in a crash; from when on windows are whole is told.
    @Test func withoutNumbersACrashIsTold() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let packets = try HEPReplay.records("sngrep").map(\.bytes)
        let half = packets.count / 2
        var before = 0
        do {
            let server = try RunningServer(["--clock", "wall"], dataDirectory: folder)
            try Self.addCustomers(server)
            try Self.send(packets[..<half], to: server)
            // All is heard, and a saving began after that.
            let heard = try #require(Self.date(try Self.status(server) { Self.heard($0) == half }["now"]))
            _ = try Self.status(server) { Self.date($0["statistics_saved"]).map { $0 > heard } ?? false }
            before = try Self.bids(server)
            try Self.send(packets[half...], to: server)
            _ = try Self.status(server) { Self.heard($0) == packets.count }
            #expect(try server.json("board", "--window", "all")["coverage_from"] is NSNull)
            server.stop(by: SIGKILL)
        }
        let killed = Date()
        let again = try RunningServer(["--clock", "wall"], dataDirectory: folder)
        let listening = Date()
        #expect(before > 0)
        #expect(try Self.bids(again) >= before)
        for window in ["1m", "15m", "all"] {
            let board = try again.json("board", "--window", window)
            let from = try #require(Self.date(board["coverage_from"]), "\(window)")
            #expect(from > killed.addingTimeInterval(-1) && from < listening.addingTimeInterval(1), "\(window)")
            let table = try again.busyhour("board", "--window", window)
            #expect(table.output.contains("  whole from "), "\(table.output)")
        }
        #expect(try again.json("status")["coverage_from"] is String)
    }

    private static func send(_ packets: some Sequence<[UInt8]>, to server: RunningServer) throws {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(server.hepPort).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        for packet in packets {
            let sent = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(socket, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(sent == packet.count)
        }
    }

    /// Asks until it is as wanted; the last one after twenty thousand questions.
    private static func status(
        _ server: RunningServer, until isWanted: ([String: Any]) -> Bool
    ) throws -> [String: Any] {
        var status: [String: Any] = [:]
        for _ in 0..<20_000 {
            status = try server.json("status")
            if isWanted(status) { return status }
        }
        Issue.record("it did not come about: \(status)")
        return status
    }

    private static func heard(_ status: [String: Any]) -> Int {
        let feeds = status["feeds"] as? [[String: Any]] ?? []
        return feeds.first { $0["name"] as? String == "hep-udp" }?["received"] as? Int ?? 0
    }

    private static func bids(_ server: RunningServer) throws -> Int {
        let board = try server.json("board", "--window", "all", "--columns", "bids")
        return (board["total"] as? [String: Any])?["bids"] as? Int ?? 0
    }

    private static func date(_ value: Any?) -> Date? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return (value as? String).flatMap { formatter.date(from: $0) ?? ISO8601DateFormatter().date(from: $0) }
    }
}
