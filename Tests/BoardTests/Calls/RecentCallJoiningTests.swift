// A call that was heard and its record: every value that either may have, and which of them stands.

import CallEvents
import Testing

@testable import Board

@Suite struct RecentCallJoiningTests {
    private static let outcomes = OutcomeTable()
    private let start: Int64 = 1_750_000_000_000_000

    private func call(
        ring: Int64 = 0, answer: Int64 = 0, end: Int64 = 0, code: UInt16 = 200, q850: UInt8 = 0, talk: Int32 = 0,
        setup: Int64 = 0, _ sources: RecentSources
    ) -> RecentCall {
        func micros(_ after: Int64) -> Int64 { after == 0 ? 0 : start + after }
        return RecentCall(
            customer: 0, setupMicros: start + setup, ringMicros: micros(ring), answerMicros: micros(answer),
            endMicros: micros(end),
            outcome: answer != 0 ? .answered : Self.outcomes.outcome(code: code, q850: q850, ringing: ring != 0),
            code: code, q850: q850, talkMilliseconds: talk, sources: sources)
    }

    private func completed(_ heard: RecentCall, by record: RecentCall) -> RecentCall {
        heard.completed(by: record, Self.outcomes)
    }

    /// A final answer that was heard stands, unless it makes the caller go on.
    @Test func everyCode() {
        let record = call(ring: 1_500, answer: 2_000, end: 9_000, q850: 16, talk: 7, .told)
        for code in UInt16(300)...699 {
            for sources in [RecentSources.heard, [.heard, .givenUp]] {
                let found = completed(call(end: 1_000, code: code, sources), by: record)
                let goesOn = code == 401 || code == 407 || code < 400 || sources.contains(.givenUp)
                #expect(found.isAnswered == goesOn && found.code == (goesOn ? 200 : code), "\(code)")
                #expect(found.endMicros == start + (goesOn ? 9_000 : 1_000), "\(code)")
                #expect(found.talkMilliseconds == (goesOn ? 7 : 0) && found.q850 == (goesOn ? 16 : 0), "\(code)")
                #expect(found.sources == (goesOn ? [.heard, .told] : sources.union(.told)), "\(code)")
                #expect(found.ringMicros == (goesOn ? start + 1_500 : 0), "\(code)")
            }
        }
    }

    /// The end of an answered call whose end was not heard.
    @Test func theEndOfTheRecord() {
        for (mine, its) in [(0, 0), (0, 16), (31, 16), (31, 0)] as [(UInt8, UInt8)] {
            let heard = call(answer: 3_000, q850: mine, .heard)
            for end in [0, 2_999, 3_000, 3_001, 9_000] as [Int64] {
                for isAnswered in [true, false] {
                    let record = call(
                        answer: isAnswered ? 2_000 : 0, end: end, code: isAnswered ? 200 : 486, q850: its, talk: 5,
                        .told)
                    let found = completed(heard, by: record)
                    #expect(found.answerMicros == start + 3_000 && found.code == 200 && found.outcome == .answered)
                    if end == 0 {
                        #expect(found.endMicros == 0 && found.talkMilliseconds == 0 && found.q850 == mine)
                        continue
                    }
                    // No call ends before it is answered: clocks differ.
                    #expect(found.endMicros == start + max(end, 3_000), "\(end)")
                    let own = Int32((max(end, 3_000) - 3_000 + 500) / 1_000)
                    #expect(found.talkMilliseconds == (isAnswered ? 5 : own), "\(end)")
                    #expect(found.q850 == (mine == 0 ? its : mine))
                }
            }
            // One whose end was heard keeps it.
            let whole = call(answer: 3_000, end: 8_000, q850: mine, talk: 5, .heard)
            let found = completed(whole, by: call(answer: 2_000, end: 9_000, q850: its, talk: 7, .told))
            #expect(found.endMicros == start + 8_000 && found.talkMilliseconds == 5 && found.q850 == mine)
        }
    }

    /// What a set-up by its outcome lacks, the record gives; never the other way round.
    @Test func theSetupOfTheRecord() {
        for (mine, its) in [(false, false), (false, true), (true, false), (true, true)] {
            let heard = call(answer: 3_000, setup: 900, mine ? [.accounted, .untimed] : .heard)
            let record = call(ring: 700, answer: 3_000, end: 9_000, its ? [.told, .untimed] : .told)
            let found = completed(heard, by: record)
            let takes = mine && !its
            #expect(found.setupMicros == start + (takes ? 0 : 900))
            #expect(found.ringMicros == (takes ? start + 700 : 0))
            #expect(found.sources.contains(.untimed) == (mine && its))
        }
        // Whether it rang decides what a code means.
        let failed = call(end: 5_000, code: 480, [.accounted, .untimed])
        #expect(failed.outcome == .rejected)
        #expect(completed(failed, by: call(ring: 700, end: 5_000, code: 480, .told)).outcome == .noAnswer)
        #expect(completed(failed, by: call(end: 5_000, code: 480, .told)).outcome == .rejected)
    }
}
