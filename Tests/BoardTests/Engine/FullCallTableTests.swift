// A table of calls that is full: calls that are over make room, and are known when they come again.

import CallEvents
import Testing

@testable import Board

@Suite struct FullCallTableTests {
    private let start: Int64 = 1_750_000_000_000_000
    private static let limit = 10

    private func engine() -> Engine {
        let engine = makeEngine(customers: 1, now: start)
        engine.state.calls = CallTable(limit: Self.limit)
        return engine
    }

    private func send(
        _ engine: Engine, _ kinds: [CallEventKind], _ key: UInt64, after seconds: Int64, isSIP: Bool
    ) -> IngestSummary {
        var batch = CallEventBatch()
        batch.parties = [Party(source: IPAddress(v4: 0x0A00_0001))]
        for kind in kinds {
            batch.append(
                kind, key: CallKey(high: 1, low: key), timeMicros: start + seconds * 1_000_000,
                party: kind == .setup ? 0 : CallEventBatch.noParty, sequence: 1, code: kind == .failure ? 486 : 200)
            if isSIP { batch.append(transaction: CallTransaction(branch: key)) }
        }
        return engine.ingest(batch, now: start + seconds * 1_000_000)
    }

    private func bids(_ engine: Engine, after seconds: Int64) throws -> Double? {
        try engine.value("bids", .all, now: start + seconds * 1_000_000)
    }

    /// With live calls alone one more is ignored; where some are over they go, and none of them counts again.
    @Test(arguments: 0...10, [false, true]) func callsThatAreOverMakeRoom(over: Int, isSIP: Bool) throws {
        let engine = engine()
        for key in 1...UInt64(Self.limit) {
            #expect(send(engine, [.setup], key, after: 0, isSIP: isSIP).calls == 1)
        }
        for key in 1...UInt64(Self.limit) where key <= over {
            #expect(send(engine, [.failure], key, after: 1, isSIP: isSIP).applied == 1)
        }
        for (place, key) in (100...UInt64(100 + Self.limit)).enumerated() {
            let summary = send(engine, [.setup], key, after: 2, isSIP: isSIP)
            #expect(summary.calls == (place < over ? 1 : 0) && summary.ignored == (place < over ? 0 : 1), "\(place)")
        }
        #expect(engine.state.calls.count == Self.limit)
        engine.state.calls.checkInvariants()
        let status = engine.status(now: start + 2_000_000)
        #expect(status.activeCalls == Self.limit && status.tombstones == 0)
        // The same messages again, as from a capture that is replayed: with room for them, too.
        for key in 1...UInt64(Self.limit) where key <= over {
            let again = send(engine, [.setup, .failure], key, after: 0, isSIP: isSIP)
            #expect(again.calls == 0 && again.duplicates == 2, "\(key)")
        }
        #expect(try bids(engine, after: 3) == Double(Self.limit + over))
    }

    /// Events that wait for their set-ups fill no table for long.
    @Test func orphansGoByThemselves() throws {
        let engine = engine()
        for key in 1...UInt64(Self.limit) { _ = send(engine, [.ring], key, after: 0, isSIP: false) }
        #expect(send(engine, [.setup], 50, after: 1, isSIP: false).ignored == 1)
        // The set-up of one that waits needs no room.
        #expect(send(engine, [.setup], 1, after: 1, isSIP: false).calls == 1)
        let later = BoardLimits.orphanSeconds + 1
        #expect(send(engine, [.setup], 51, after: later, isSIP: false).calls == 1)
        #expect(engine.state.calls.count == 2)
    }

    /// An INVITE that was overtaken by a later one of its key is no call where there is no room. (It took the key of
    /// the later INVITE where a call that was over could make room.)
    @Test(arguments: [(0, false), (1, false), (0, true), (1, true)])
    func anEarlierCallNeedsRoom(free: Int, hasEnded: Bool) throws {
        let engine = engine()
        for key in 1...UInt64(Self.limit - free) {
            _ = send(engine, [.setup], key, after: 1_000, isSIP: true)
        }
        if hasEnded { #expect(send(engine, [.failure], 2, after: 1_000, isSIP: true).applied == 1) }
        var earlier = CallEventBatch()
        earlier.parties = [Party(source: IPAddress(v4: 0x0A00_0001))]
        earlier.append(
            .setup, key: CallKey(high: 1, low: 1), timeMicros: start + 100_000_000, party: 0, sequence: 1)
        earlier.append(transaction: CallTransaction(branch: 77))
        let summary = engine.ingest(earlier, now: start + 1_001_000_000)
        let hasRoom = free > 0 || hasEnded
        #expect(summary.calls == (hasRoom ? 1 : 0) && summary.ignored == (hasRoom ? 0 : 1))
        engine.state.calls.checkInvariants()
        #expect(engine.state.calls.find(CallKey(high: 1, low: 1)) != nil)
        #expect(try bids(engine, after: 1_002) == Double(Self.limit - free + (hasRoom ? 1 : 0)))
    }
}
