// Sessions and a server's clock that runs ahead and is put right: what that gave up goes on, and what was heard
// meanwhile counts no longer than it would have without.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct SessionClockTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private let engine = makeEngine(customers: 1, now: SessionClockTests.start)

    private func micros(_ seconds: Int64) -> Int64 { Self.start + seconds * 1_000_000 }

    /// - Parameter ahead: of the server's clock, seconds.
    private func send(_ kind: CallEventKind, _ seconds: Int64, _ sequence: UInt32 = 1, ahead: Int64 = 0) {
        var batch = CallEventBatch()
        if kind == .setup { batch.parties = [Party(source: IPAddress("10.0.0.1"))] }
        batch.append(
            kind, key: CallKey(high: 1, low: 9), timeMicros: micros(seconds),
            party: kind == .setup ? 0 : CallEventBatch.noParty, sequence: sequence, code: kind == .answer ? 200 : 0)
        _ = engine.ingest(batch, now: micros(seconds + ahead))
    }

    private func begin(_ session: UInt32) {
        engine.beginListening(now: Self.start)
        send(.setup, 0)
        send(.answer, 0)
        send(.refresh, 0, session)
    }

    /// The clock is right from here on, and the board goes back to it.
    /// - Returns: when it has.
    private func putRight(at seconds: Int64) -> Int64 {
        for step in 0...15 { engine.advance(now: micros(seconds + Int64(step) * 5)) }
        #expect(!engine.clockWatch.isBehind)
        return seconds + 75
    }

    private func active(_ seconds: Int64) -> Int {
        engine.advance(now: micros(seconds))
        let status = engine.status(now: micros(seconds))
        #expect(status.timedOut == (status.activeCalls == 1 ? 0 : 1))
        return status.activeCalls
    }

    @Test func aCallThatTheJumpGaveUpGoesOn() throws {
        begin(1_800)
        // Longer than calls may last that say nothing.
        for seconds in stride(from: Int64(900), through: 18_000, by: 900) { send(.refresh, seconds, 1_800) }
        #expect(active(18_010) == 1)
        #expect(active(18_010 + 7_200) == 0)
        #expect(active(putRight(at: 18_015)) == 1)
        send(.end, 19_000)
        #expect(engine.status(now: micros(19_000)).activeCalls == 0)
        #expect(try engine.value("talk", .all, now: micros(19_000)) == 19_000)
    }

    @Test func aRefreshThatCameMeanwhileCounts() {
        begin(1_800)
        #expect(active(1_700 + 3_600) == 0)
        send(.refresh, 1_720, 1_800, ahead: 3_600)
        let healed = putRight(at: 1_860)
        #expect(healed > 1_866 && active(healed) == 1)
        #expect(active(3_570) == 1)
        #expect(active(3_600) == 0)
    }

    @Test func aRefreshOfTheFutureDoesNotKeepACallForDays() {
        begin(1_800)
        let days: Int64 = 5 * 86_400
        engine.advance(now: micros(days))
        send(.refresh, days + 900, 1_800)
        #expect(active(putRight(at: 1_000)) == 1)
        #expect(active(2_900) == 1)
        #expect(active(3_000) == 0)
    }

    /// Random refreshes and jumps: once the clock is right, the call lives exactly as long as its refreshes say.
    @Test(arguments: Seeds.of(1, 2, 3, 4)) func asWithoutJumps(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        begin(900)
        var now: Int64 = 0
        var expiry: Int64 = 900 + 64
        for step in 0..<60 {
            now += Int64.random(in: 10...900, using: &random)
            if Bool.random(using: &random) {
                let seconds = UInt32.random(in: 90...3_000, using: &random)
                send(.refresh, now, seconds)
                expiry = now + Int64(seconds) + 64
            }
            // One that is over by then may be forgotten for good.
            if now < expiry - 5, Int.random(in: 0..<3, using: &random) == 0 {
                let ahead = Int64.random(in: 6...200_000, using: &random)
                engine.advance(now: micros(now + ahead))
                if Bool.random(using: &random) {
                    now += 5
                    let seconds = UInt32.random(in: 90...3_000, using: &random)
                    send(.refresh, now, seconds, ahead: ahead)
                    expiry = now + Int64(seconds) + 64
                }
                now = putRight(at: now + 5)
            }
            // A second or two about the end it is either.
            if abs(now - expiry) > 5 { #expect(active(now) == (now < expiry ? 1 : 0), "seed \(seed), step \(step)") }
        }
    }
}
