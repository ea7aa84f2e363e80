// Calls that say how long they live: kept beyond the longest duration while they are refreshed, and given up in time
// when they are not.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct SessionTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let dialog = CallKey(high: 5, low: 5)
    private static let key = CallKey(high: 1, low: 9)

    /// - Parameter isSIP: with transactions, by dialogs; else as a program tells it, by the call's key.
    private static func send(
        _ engine: Engine, _ kind: CallEventKind, _ seconds: Double, _ sequence: UInt32 = 1, isSIP: Bool = true,
        late: Double = 0
    ) -> IngestSummary {
        var batch = CallEventBatch()
        if kind == .setup { batch.parties = [Party(source: IPAddress("10.0.0.1"))] }
        let isOfDialog = isSIP && (kind == .refresh || kind == .end)
        let micros = start + Int64(seconds * 1_000_000)
        batch.append(
            kind, key: isOfDialog ? dialog : key, timeMicros: micros,
            party: kind == .setup ? 0 : CallEventBatch.noParty, sequence: sequence, code: kind == .answer ? 200 : 0)
        if isSIP {
            batch.append(
                transaction: CallTransaction(
                    branch: isOfDialog ? 0 : 2, dialog: isOfDialog || kind == .answer ? dialog : .none))
        }
        return engine.ingest(batch, now: micros + Int64(late * 1_000_000))
    }

    /// An answered call of `session` seconds that began at 0.
    private static func call(_ session: UInt32, isSIP: Bool = true) -> Engine {
        let engine = makeEngine(customers: 1, now: start)
        _ = send(engine, .setup, 0, isSIP: isSIP)
        _ = send(engine, .answer, 0, isSIP: isSIP)
        #expect(send(engine, .refresh, 0, session, isSIP: isSIP).applied == 1)
        return engine
    }

    private static func check(
        _ engine: Engine, at seconds: Double, active: Double, timedOut: Int64 = 0, talk: Double = 0,
        _ comment: Comment? = nil
    ) throws {
        let now = start + Int64(seconds * 1_000_000)
        engine.advance(now: now)
        #expect(try engine.value("active", .all, now: now) == active, comment)
        #expect(engine.status(now: now).timedOut == timedOut, comment)
        #expect(engine.status(now: now).activeCalls == Int(active), comment)
        #expect(try engine.value("talk", .all, now: now) == talk, comment)
        #expect(try engine.value("answered", .all, now: now) == 1, comment)
    }

    @Test(arguments: [true, false]) func endsWhenItIsNotRefreshed(isSIP: Bool) throws {
        let engine = Self.call(1_800, isSIP: isSIP)
        try Self.check(engine, at: 1_860, active: 1)
        try Self.check(engine, at: 1_870, active: 0, timedOut: 1)
        _ = Self.send(engine, .end, 9_000, isSIP: isSIP)
        try Self.check(engine, at: 9_000, active: 0, timedOut: 0, talk: 9_000, "the end came late")
    }

    /// A correction that arrives after a call was given up is no sign of life.
    @Test(arguments: [0, 1_800] as [UInt32], [true, false])
    func staysGivenUpAtALateCorrection(session: UInt32, isSIP: Bool) throws {
        let engine = makeEngine(customers: 1, now: Self.start)
        _ = Self.send(engine, .setup, 0, isSIP: isSIP)
        _ = Self.send(engine, .answer, 10, isSIP: isSIP)
        if session > 0 { _ = Self.send(engine, .refresh, 10, session, isSIP: isSIP) }
        let over = session == 0 ? 14_420.0 : 1_890
        try Self.check(engine, at: over, active: 0, timedOut: 1)
        #expect(Self.send(engine, .ring, 5, isSIP: isSIP, late: over - 4).applied == 1)
        for after in [1.0, 2, 600] { try Self.check(engine, at: over + after, active: 0, timedOut: 1, "\(after)") }
    }

    @Test(arguments: [true, false]) func livesWhileItIsRefreshed(isSIP: Bool) throws {
        let engine = Self.call(1_800, isSIP: isSIP)
        for number in 1...40 {
            let at = Double(number) * 900
            // Every other one is lost.
            if number % 2 == 0 { #expect(Self.send(engine, .refresh, at, 1_800, isSIP: isSIP).applied == 1) }
            try Self.check(engine, at: at + 1, active: 1, "\(at)")
        }
        #expect(Self.send(engine, .refresh, 36_000, 1_800, isSIP: isSIP).duplicates == 1)
        _ = Self.send(engine, .end, 36_900, isSIP: isSIP)
        try Self.check(engine, at: 36_900, active: 0, talk: 36_900)
    }

    @Test func withoutASessionAsEver() throws {
        let engine = makeEngine(customers: 1, now: Self.start)
        _ = Self.send(engine, .setup, 0)
        _ = Self.send(engine, .answer, 0)
        // What says no time makes no session.
        for seconds in [0, CallEventBatch.refreshAsked] {
            #expect(Self.send(engine, .refresh, 3_600, seconds).duplicates == 1)
        }
        try Self.check(engine, at: 14_398, active: 1)
        try Self.check(engine, at: 14_402, active: 0, timedOut: 1)
        try Self.check(engine, at: 15_100, active: 0, timedOut: 1)
        #expect(Self.send(engine, .refresh, 15_200, 1_800).ignored == 1, "it is forgotten")
    }

    @Test func anotherIntervalHoldsFromThereOn() throws {
        let engine = Self.call(7_200)
        _ = Self.send(engine, .refresh, 3_600, 600)
        _ = Self.send(engine, .refresh, 1_800, 7_200, late: 1_810)
        try Self.check(engine, at: 4_260, active: 1)
        try Self.check(engine, at: 4_270, active: 0, timedOut: 1)
    }

    @Test func aSessionThatDoesNotExpireAnyMore() throws {
        let engine = Self.call(1_800)
        _ = Self.send(engine, .refresh, 900, 0)
        try Self.check(engine, at: 15_000, active: 1)
        try Self.check(engine, at: 15_302, active: 0, timedOut: 1, "the longest duration from there")
        // A re-INVITE is answered without an interval.
        let other = Self.call(1_800)
        _ = Self.send(other, .answer, 900)
        try Self.check(other, at: 15_000, active: 1)
    }

    /// What was given up lives again by whatever is heard of its dialog, and dies again.
    @Test func itLivesAgain() throws {
        let engine = Self.call(600)
        try Self.check(engine, at: 700, active: 0, timedOut: 1)
        #expect(Self.send(engine, .refresh, 800, CallEventBatch.refreshAsked).applied == 1)
        try Self.check(engine, at: 801, active: 1)
        try Self.check(engine, at: 870, active: 0, timedOut: 1, "the answer did not come")
        _ = Self.send(engine, .refresh, 10_000, 600)
        try Self.check(engine, at: 10_001, active: 1)
        try Self.check(engine, at: 10_700, active: 0, timedOut: 1)
        _ = Self.send(engine, .refresh, 10_100, 600, late: 700)
        try Self.check(engine, at: 10_801, active: 0, timedOut: 1, "it says nothing new of now")
        _ = Self.send(engine, .end, 11_000)
        try Self.check(engine, at: 11_000, active: 0, talk: 11_000)
        #expect(Self.send(engine, .refresh, 11_001, 600).applied == 1)
        try Self.check(engine, at: 11_002, active: 0, talk: 11_000, "an end is an end")
    }

    @Test func intervalsAreBelievedWithinBounds() throws {
        let short = Self.call(1)
        try Self.check(short, at: 150, active: 1)
        try Self.check(short, at: 156, active: 0, timedOut: 1)
        let long = Self.call(.max - 1)
        try Self.check(long, at: 86_400, active: 1)
        try Self.check(long, at: 86_470, active: 0, timedOut: 1)
    }

    @Test func itOutlivesARestart() throws {
        var engine = Self.call(1_800)
        for at in [900.0, 1_800, 2_700, 40_000] {
            let statistics = engine.statistics(now: Self.start + Int64(at * 1_000_000))
            let after = Engine(configuration: engine.configuration)
            try after.restore(engine.snapshot().tables())
            try after.restoreStatistics(statistics.tables())
            engine = after
            if at == 1_800 { _ = Self.send(engine, .refresh, at, 30_000) }
        }
        try Self.check(engine, at: 40_001, active: 0, timedOut: 1)
    }
}
