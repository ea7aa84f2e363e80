// Recordings of a real Kamailio and of sngrep, and the hand-made odd cases, through the feed into the plainest tracker:
// the figures are exactly those of SIPp's own logs.

import CallEvents
import Feeds
import Testing

@Suite struct RecordingTests {
    @Test(arguments: [("kamailio-a", 12), ("kamailio-classic", 4), ("kamailio-tcp", 4), ("sngrep", 4)])
    func figuresOfEveryCustomer(set: String, customers: Int) throws {
        let truth = try Recording.truth("\(set).expected.json", as: RecordingTruth.self)
        #expect(truth.customers.count >= customers)
        let (tracker, counters) = try play(Recording.records(set), isStream: set == "kamailio-tcp")
        #expect(counters.messages + counters.notCalls + counters.errors == counters.packets)
        let figures = tracker.figures
        for (name, expected) in truth.customers {
            let found = figures[name] ?? PlainTracker.Figures()
            #expect(found.attempts == expected.attempts, "\(name)")
            #expect(found.answered == expected.answered, "\(name)")
            #expect(found.finals == expected.finals, "\(name)")
            #expect(found.completed == expected.completed, "\(name)")
            #expect(found.unanswered == expected.noFinal + expected.pendingAtEnd, "\(name)")
        }
        for (name, expected) in truth.unknownSources {
            #expect(figures[name]?.attempts == expected.attempts, "\(name)")
            #expect(figures[name]?.finals == expected.finals, "\(name)")
        }
        // 127.0.9.10 sends garbage; all other sources are customers, strangers, or pass calls on.
        let known = Set(truth.customers.keys).union(truth.unknownSources.keys).union(["127.0.9.10"])
        // (What they pass on before that is known may look direct: the first call of kamailio-tcp changes from IPv6 to
        // IPv4.)
        let unexplained = tracker.directSources.subtracting(known).subtracting(tracker.relayedSources)
        #expect(unexplained.isEmpty, "taken for callers: \(unexplained)")
        #expect(tracker.relayedSources.contains("127.0.0.1"))
        #expect(tracker.relayedSources.isDisjoint(with: known.subtracting(["::1"])))
    }

    /// Half of these are HEP in HEP: what matters is that nothing of it is taken for a call.
    @Test func sipgrepExcerpt() throws {
        let (tracker, counters) = try play(Recording.records("sipgrep-excerpt"))
        #expect(counters.packets == 160)
        #expect(counters.messages + counters.notCalls + counters.errors == 160)
        #expect(tracker.directSources.allSatisfy { $0.hasPrefix("127.0.1.") || $0.hasPrefix("127.0.9.") })
    }

    @Test func oddCases() throws {
        let truth = try Recording.truth("odd-a.json", as: OddTruth.self)
        let (tracker, counters) = try play(Recording.records("odd-a"), authKey: truth.authKey)
        #expect(counters.messages + counters.notCalls + counters.errors == counters.packets)
        let figures = tracker.figures
        #expect(figures[truth.sentinel.customer]?.attempts == truth.sentinel.attempts)
        #expect(figures[truth.sentinel.customer]?.answered == truth.sentinel.answered)
        #expect(truth.cases.count == 76)
        for odd in truth.cases {
            let found = figures[odd.customer] ?? PlainTracker.Figures()
            if let attempts = odd.attempts { #expect(found.attempts == attempts, "\(odd.name)") }
            if let answered = odd.answered { #expect(found.answered == answered, "\(odd.name)") }
        }
    }

    /// The names of the errors that the odd cases make are what the status shows: they are stable.
    @Test func errorsOfTheOddCases() throws {
        let truth = try Recording.truth("odd-a.json", as: OddTruth.self)
        let (_, counters) = try play(Recording.records("odd-a"), authKey: truth.authKey)
        let names = Set(counters.errorsByName.keys)
        #expect(
            names == [
                "hep_magic", "hep_version", "hep_length", "hep_chunk", "hep_address", "hep_auth", "hep_compressed",
                "hep_payload_missing", "sip_start_line", "sip_status", "sip_call_id", "sip_cseq",
            ])
        #expect(counters.errors == counters.errorsByName.values.reduce(0, +))
    }

    @Test func oddStreams() throws {
        let truth = try Recording.truth("odd-a.json", as: OddTruth.self)
        #expect(truth.tcp.count == 9)
        for stream in truth.tcp {
            var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: truth.authKey)
            var framing = HEPStream()
            var isOpen = true
            for piece in stream.pieces where isOpen {
                isOpen = (try? framing.receive(piece.span.bytes, into: &feed, arrivalMicros: 1)) != nil
            }
            var tracker = PlainTracker()
            tracker.add(feed.take())
            let attempts = tracker.figures[stream.customer]?.attempts ?? 0
            if let expected = stream.attempts { #expect(attempts == expected, "\(stream.name)") }
            let cannotGoOn = ["garbage first", "garbage after a packet", "length 5"].contains(stream.name)
            #expect(isOpen != cannotGoOn, "\(stream.name)")
        }
    }

    private func play(
        _ records: [HEPCapture.Record], authKey: String? = nil, isStream: Bool = false
    ) throws -> (PlainTracker, HEPFeed.Counters) {
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: authKey)
        var tracker = PlainTracker()
        for record in records {
            if isStream {
                // A record is what one read of one of several connections gave: whole packets.
                var stream = HEPStream()
                try stream.receive(record.bytes.span.bytes, into: &feed, arrivalMicros: record.arrivalMicros)
            } else {
                feed.receive(record.bytes.span.bytes, arrivalMicros: record.arrivalMicros)
            }
            tracker.add(feed.take())
        }
        return (tracker, feed.counters)
    }
}
