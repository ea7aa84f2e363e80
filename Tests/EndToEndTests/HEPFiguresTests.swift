// Recordings of a real Kamailio and of sngrep through the HEP reader into the board: the figures that SIPp's own logs
// give.

import Board
import CallEvents
import Feeds
import Foundation
import Randomness
import Testing

@Suite struct HEPFiguresTests {
    static let sets = ["kamailio-a", "kamailio-classic", "kamailio-tcp", "sngrep"]

    @Test(arguments: sets)
    func figuresOfEveryCustomer(set: String) throws {
        let expected = try Fixtures.json("hep/\(set).expected.json")
        let customers = try #require(expected["customers"] as? [String: [String: Any]])
        var replay = HEPReplay(customers: customers.keys.sorted())
        let first = try replay.play(set)
        try check(replay, customers, set)
        let attempts = customers.values.reduce(0) { $0 + ($1["attempts"] as? Int ?? 0) }
        #expect(first.calls == attempts)
        let again = try replay.play(set)
        #expect(again.calls == 0, "the same recording again counts no call")
        try check(replay, customers, "\(set), played twice")
        let sources = expected["unknown_sources"] as? [String: [String: Any]] ?? [:]
        let unattributed = replay.engine.status(now: 0).unattributedSources
        for (source, figures) in sources {
            #expect(
                unattributed.first { $0.source == source }?.attempts == (figures["attempts"] as? Int).map(Int64.init))
        }
        let noise = unattributed.filter { sources[$0.source] == nil && $0.source != "127.0.9.10" }
        #expect(noise.isEmpty, "\(set): \(noise)")
    }

    private func check(_ replay: HEPReplay, _ customers: [String: [String: Any]], _ comment: String) throws {
        for (index, name) in customers.keys.sorted().enumerated() {
            let expected = customers[name] ?? [:]
            let explanation = try #require(
                try replay.engine.explain(metric: "asr", customerID: UInt32(index + 1), window: .all, now: 0))
            var codes: [String: Int] = [:]
            for (code, count) in explanation.codes { codes[String(code)] = Int(count) }
            var finals = expected["finals"] as? [String: Int] ?? [:]
            // Calls that never got any answer are given up as 408 sooner or later.
            let silent = (expected["no_final"] as? Int ?? 0)
            if silent > 0, let count = codes["408"], count > finals["408"] ?? 0 { finals["408", default: 0] += silent }
            #expect(codes == finals, "\(comment): finals of \(name)")
            let value = { try replay.value($0, row: index) ?? -1 }
            #expect(try value("bids") == Double(expected["attempts"] as? Int ?? 0), "\(comment): \(name)")
            #expect(try value("answered") == Double(expected["answered"] as? Int ?? 0), "\(comment): \(name)")
            #expect(try value("acd_n") == Double(expected["completed"] as? Int ?? 0), "\(comment): \(name)")
            let pdd = expected["pdd_ms"] as? [String: Double] ?? [:]
            // A call still ringing at the end has a delay already, but no outcome: it is in no figure of outcomes yet.
            let pending = Double(expected["pending_at_end"] as? Int ?? 0)
            let samples = pdd["n"] ?? 0
            #expect((samples - pending...samples).contains(try value("pdd_n")), "\(comment): pdd_n of \(name)")
            if let mean = pdd["mean"] { #expect(abs(try value("pdd") - mean) <= 30, "\(comment): pdd of \(name)") }
            if let acd = (expected["duration_s"] as? [String: Double])?["acd"] {
                #expect(abs(try value("acd") - acd) <= 0.030, "\(comment): acd of \(name)")
            }
            if let peak = (expected["cps_peak"] as? [String: Int])?["aligned_1s"] {
                #expect(abs(try value("cps_peak") - Double(peak)) <= 1, "\(comment): cps_peak of \(name)")
            }
        }
    }

    /// At each checkpoint nothing changes for 120 ms either side.
    @Test(arguments: sets)
    func channelsAtTheCheckpoints(set: String) throws {
        let expected = try Fixtures.json("hep/\(set).expected.json")
        let customers = try #require(expected["customers"] as? [String: [String: Any]])
        let names = customers.keys.sorted()
        var replay = HEPReplay(customers: names)
        var records = try HEPReplay.records(set)[...]
        let times = Set(
            customers.values.flatMap { ($0["checkpoints"] as? [[String: Int]] ?? []).compactMap { $0["at_us"] } })
        var checked = 0
        for time in times.sorted() {
            let due = records.prefix { $0.arrivalMicros <= Int64(time) }
            records = records.dropFirst(due.count)
            replay.play(due)
            for (row, name) in names.enumerated() {
                let points = customers[name]?["checkpoints"] as? [[String: Int]] ?? []
                for point in points where point["at_us"] == time && set != "sngrep" {
                    let active = Int(try replay.value("active", row: row) ?? -1)
                    let channels = point["channels"] ?? 0
                    #expect(
                        (channels - (point["stale"] ?? 0)...channels).contains(active), "\(set): \(name) at \(time)")
                    checked += 1
                }
            }
        }
        #expect(checked > 20 || set == "sngrep")
    }

    /// The figures do not depend on the order of the packets, nor on how often they come.
    @Test(arguments: ["kamailio-a", "kamailio-classic", "sngrep"], Seeds.of())
    func disturbed(set: String, seed: UInt64) throws {
        let expected = try Fixtures.json("hep/\(set).expected.json")
        let customers = try #require(expected["customers"] as? [String: [String: Any]])
        var replay = HEPReplay(customers: customers.keys.sorted())
        try replay.playDisturbed(set, places: 60, seed: seed)
        try check(replay, customers, "\(set), seed \(seed)")
    }

    /// Challenges, forks, re-INVITEs, losses ... : each case has a customer of its own. (`tools/lab/gen_calls.py`)
    @Test func wholeDialogs() throws {
        let cases = try #require(try Fixtures.json("hep/calls.json")["cases"] as? [[String: Any]])
        let names = cases.compactMap { $0["customer"] as? String }
        var replay = HEPReplay(customers: names)
        #expect(try replay.play("calls").calls > cases.count)
        try check(replay, cases: cases, "once")
        #expect(try replay.play("calls").calls == 0)
        try check(replay, cases: cases, "twice")
        #expect(replay.engine.status(now: 0).unattributedSources.isEmpty)
        for seed in Seeds.of(1, 2) {
            var disturbed = HEPReplay(customers: names)
            try disturbed.playDisturbed("calls", places: 20, seed: seed)
            try check(disturbed, cases: cases, "seed \(seed)", isInOrder: false)
        }
    }

    private func check(_ replay: HEPReplay, cases: [[String: Any]], _ round: String, isInOrder: Bool = true) throws {
        for (row, expected) in cases.enumerated() where isInOrder || expected["in_order"] == nil {
            let comment = "\(round): \(expected["name"] ?? ""): \(expected["why"] ?? "")"
            let value = { try replay.value($0, row: row) ?? 0 }
            for (name, column) in [("attempts", "bids"), ("answered", "answered"), ("completed", "acd_n")] {
                #expect(try value(column) == expected[name] as? Double, "\(name), \(comment)")
            }
            #expect(try value("active") == expected["active"] as? Double ?? 0, "\(comment)")
            if let talk = expected["talk_ms"] as? Double {
                #expect(abs(try value("talk") * 1_000 - talk) < 0.5, "\(comment)")
            }
            if let pdd = expected["pdd_ms"] as? Double {
                #expect(abs(try value("pdd") * value("pdd_n") - pdd) < 0.5, "\(comment)")
            }
            let explanation = try #require(
                try replay.engine.explain(metric: "asr", customerID: UInt32(row + 1), window: .all, now: 0))
            let codes = Dictionary(uniqueKeysWithValues: explanation.codes.map { (String($0.code), Int($0.count)) })
            #expect(codes == expected["finals"] as? [String: Int] ?? [:], "\(comment)")
        }
    }

    @Test func oddCases() throws {
        let odd = try Fixtures.json("hep/odd-a.json")
        let cases = try #require(odd["cases"] as? [[String: Any]])
        let sentinel = try #require(odd["sentinel"] as? [String: Any])
        let streams = try #require(odd["tcp"] as? [[String: Any]])
        let names = [sentinel["customer"] as? String ?? ""] + (cases + streams).compactMap { $0["customer"] as? String }
        var replay = HEPReplay(customers: names, authKey: odd["auth_key"] as? String)
        for round in 1...2 {
            _ = try replay.play("odd-a")
            if round == 1 { replay.playStreams(streams) }
            for (row, figures) in ([sentinel] + cases + streams).enumerated() {
                for name in ["attempts", "answered"] {
                    guard let expected = figures[name] as? Int else { continue }
                    let shown = try replay.value(name == "attempts" ? "bids" : name, row: row)
                    #expect(shown == Double(expected), "round \(round): \(figures["name"] ?? "sentinel"): \(name)")
                }
            }
            let acd = try #require(try replay.value("acd", row: 0))
            let pdd = try #require(try replay.value("pdd", row: 0))
            #expect(abs(acd - 2.0) < 0.001, "\(acd)")
            #expect(abs(pdd - 200.0) < 2, "\(pdd)")
        }
    }
}
