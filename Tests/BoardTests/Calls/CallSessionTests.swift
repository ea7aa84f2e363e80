// What is known of a session depends on the set of messages, not on their order; and where each border of it is.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CallSessionTests {
    private enum Message: CaseIterable { case interval, none, request, answer }

    /// Few instants, so that several messages share one.
    @Test(arguments: Seeds.fixed(0..<40)) func anyOrderIsTheSame(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let start: Int64 = 1_750_000_000_000_000
        var messages: [(message: Message, micros: Int64, seconds: UInt32)] = []
        for _ in 0..<Int.random(in: 1...7, using: &random) {
            let message = Message.allCases.randomElement(using: &random) ?? .interval
            let micros = start + Int64.random(in: 0...4, using: &random) * 1_000_000
            messages.append((message, micros, UInt32.random(in: 1...100_000, using: &random)))
        }
        func session(_ order: [(message: Message, micros: Int64, seconds: UInt32)]) -> CallSession {
            var session = CallSession()
            for (message, micros, seconds) in order {
                switch message {
                case .interval: session.observe(seconds, at: micros)
                case .none: session.observe(0, at: micros)
                case .request: session.observe(CallEventBatch.refreshAsked, at: micros)
                case .answer: session.observeAnswer(at: micros)
                }
            }
            return session
        }
        let expected = session(messages)
        for _ in 0..<20 { #expect(session(messages.shuffled(using: &random)) == expected, "seed \(seed)") }
        #expect(session(messages + messages) == expected, "seed \(seed), twice")
        // The latest answer of any kind says how long it lives; at one instant the longest does.
        let answers = messages.filter { $0.message != .request }
        if let latest = answers.map(\.micros).max() {
            let bounded = answers.filter { $0.micros == latest }.map { answer -> UInt32 in
                answer.message == .interval ? min(max(answer.seconds, 90), 86_400) : 0
            }
            #expect(expected.seconds == bounded.max() && expected.refreshedMicros == latest, "seed \(seed)")
        }
        #expect(expected.askedMicros == messages.filter { $0.message == .request }.map(\.micros).max() ?? 0)
    }

    @Test func shortestAndLongestIntervals() {
        for (seconds, believed) in [
            (1, 90), (89, 90), (90, 90), (91, 91), (86_399, 86_399), (86_400, 86_400), (86_401, 86_400),
        ] {
            var session = CallSession()
            session.observe(UInt32(seconds), at: 5)
            #expect(session.seconds == UInt32(believed))
        }
    }

    /// No time of it may lie beyond the latest one that is accepted.
    @Test func timesThatHaveNotCome() {
        for (refreshed, asked) in [(10, 10), (10, 30), (30, 10), (30, 30), (20, 20), (21, 20), (20, 21)]
            as [(Int64, Int64)]
        {
            let session = CallSession(refreshedMicros: refreshed, askedMicros: asked, seconds: 90)
            let bounded = session.bounded(latestMicros: 20)
            #expect((bounded == nil) == (refreshed <= 20 && asked <= 20))
            let expected = CallSession(refreshedMicros: min(refreshed, 20), askedMicros: min(asked, 20), seconds: 90)
            #expect(bounded ?? session == expected, "\(refreshed) \(asked)")
        }
    }

    /// The end of what may be waited for: by the interval and some grace, or by the longest duration.
    @Test func expiry() {
        let grace = BoardLimits.sessionGraceMicros
        for (refreshed, asked, seconds, expected) in [
            (0, 0, 0, 1_000 + 3_600_000_000), (5_000, 0, 0, 5_000 + 3_600_000_000),
            (5_000, 7_000, 0, 7_000 + 3_600_000_000),
            (5_000, 0, 90, 90_005_000 + grace), (5_000, 90_004_999, 90, 90_005_000 + grace),
            (5_000, 90_005_001, 90, 90_005_001 + grace),
        ] as [(Int64, Int64, UInt32, Int64)] {
            let session = CallSession(refreshedMicros: refreshed, askedMicros: asked, seconds: seconds)
            #expect(session.expiryMicros(answerMicros: 1_000, longestSeconds: 3_600) == expected)
        }
    }
}
