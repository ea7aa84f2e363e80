// Which call an INVITE is of, at each border of time: sent again, continued, of a new call, or of an earlier one.

import CallEvents
import Testing

@testable import Board

@Suite struct TransactionTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let key = CallKey(high: 1, low: 1)
    /// The limits as docs and comments tell them, in microseconds.
    private static let retransmission: Int64 = 32_000_000
    private static let clocks: Int64 = 2_000_000
    private static let earlier: Int64 = 64_000_000

    private let engine = makeEngine(customers: 1, now: TransactionTests.start)

    @discardableResult
    private func send(
        _ kind: CallEventKind, at micros: Int64, branch: UInt64 = 1, sequence: UInt32 = 1, code: UInt16 = 0
    ) -> IngestSummary {
        var batch = CallEventBatch()
        batch.parties = [Party(source: IPAddress(v4: 0x0A00_0001))]
        batch.append(
            kind, key: Self.key, timeMicros: micros, party: kind == .setup ? 0 : CallEventBatch.noParty,
            sequence: sequence, code: code)
        batch.append(transaction: CallTransaction(branch: branch))
        return engine.ingest(batch, now: max(micros, engine.nowMicros))
    }

    private func bids() throws -> Int { Int(try engine.figures("bids", .all, now: engine.nowMicros)[0]) }

    /// The same branch: within 32 s of the last INVITE, or until the call is over and 32 s more after a failure.
    @Test(arguments: [-1, 0, 1] as [Int64], [false, true]) func theSameBranchAgain(offset: Int64, isAnswered: Bool)
        throws
    {
        send(.setup, at: Self.start)
        if isAnswered {
            send(.answer, at: Self.start + 1_000_000, code: 200)
        } else {
            send(.failure, at: Self.start + 1_000_000, code: 486)
        }
        // It is over by now, or 2 s after its answer, for clocks differ.
        let over = isAnswered ? 1_000_000 + Self.clocks : 1_000_000 + Self.retransmission
        let border = Self.start + max(over, Self.retransmission)
        send(.setup, at: border + offset)
        #expect(try bids() == (offset > 0 ? 2 : 1))
    }

    /// Retransmissions move the 32 s on.
    @Test func sentAgainAndAgain() throws {
        send(.setup, at: Self.start)
        send(.answer, at: Self.start + 1_000_000, code: 200)
        for step in 1...5 as ClosedRange<Int64> { send(.setup, at: Self.start + step * Self.retransmission) }
        #expect(try bids() == 1)
        send(.setup, at: Self.start + 6 * Self.retransmission + 1)
        #expect(try bids() == 2)
    }

    /// Another branch: it continues an attempt that failed within 32 s, or was answered within what clocks differ by.
    @Test(arguments: [-1, 0, 1] as [Int64]) func anotherBranch(offset: Int64) throws {
        for (kind, code, patience) in [
            (CallEventKind.failure, 503, Self.retransmission), (.answer, 200, Self.clocks),
        ] as [(CallEventKind, UInt16, Int64)] {
            let test = TransactionTests()
            test.send(.setup, at: Self.start)
            test.send(kind, at: Self.start + 1_000_000, code: code)
            test.send(.setup, at: Self.start + 1_000_000 + patience + offset, branch: 2)
            #expect(try test.bids() == (offset > 0 ? 2 : 1), "\(kind)")
            test.engine.state.calls.checkInvariants()
        }
        // An end before that is the border.
        let test = TransactionTests()
        test.send(.setup, at: Self.start)
        test.send(.answer, at: Self.start + 1_000_000, code: 200)
        test.send(.end, at: Self.start + 1_500_000)
        test.send(.setup, at: Self.start + 1_500_000 + offset, branch: 2)
        #expect(try test.bids() == (offset > 0 ? 2 : 1))
    }

    /// With neither an answer nor a failure it continues, however long it waits, until it is given up and 32 s more.
    @Test func anotherBranchOfACallThatWaits() throws {
        send(.setup, at: Self.start)
        send(.setup, at: Self.start + 31_000_000, branch: 2)
        send(.setup, at: Self.start + 60_000_000, branch: 3)
        #expect(try bids() == 1)
        let given = Self.start + 60_000_000 + BoardLimits.silentSetupSeconds * 1_000_000
        engine.advance(now: given + 1_000_000)
        #expect(engine.status(now: given + 1_000_000).noResponse == 1)
        send(.setup, at: given + Self.retransmission, branch: 4)
        #expect(try bids() == 1)
        engine.advance(now: given + 3 * Self.retransmission)
        send(.setup, at: given + 4 * Self.retransmission, branch: 5)
        #expect(try bids() == 2)
    }

    /// An INVITE that comes after a later one of its key: up to 64 s before that it is of the same attempt.
    @Test(arguments: [-1, 0, 1] as [Int64]) func anEarlierInvite(offset: Int64) throws {
        let late = Self.start + 500_000_000
        send(.setup, at: late)
        let summary = send(.setup, at: late - Self.earlier - offset, branch: 2)
        let isEarlier = offset > 0
        #expect(try bids() == (isEarlier ? 2 : 1) && summary.calls == (isEarlier ? 1 : 0))
        engine.state.calls.checkInvariants()
        // Its responses find it by its branch, and the later ones theirs.
        send(.failure, at: late - Self.earlier - offset + 1, branch: 2, code: 404)
        send(.answer, at: late + 1_000_000, branch: 1, code: 200)
        let now = engine.nowMicros
        #expect(try engine.figures("answered", .all, now: now) == [1])
        #expect(try engine.figures("failed", .all, now: now) == [isEarlier ? 1 : 0])
        // All of it again changes nothing, also when it is over and forgotten.
        for later in [0, 2_000_000_000] as [Int64] {
            engine.advance(now: now + later)
            send(.setup, at: late - Self.earlier - offset, branch: 2)
            send(.failure, at: late - Self.earlier - offset + 1, branch: 2, code: 404)
            send(.setup, at: late)
            #expect(try bids() == (isEarlier ? 2 : 1), "\(later)")
        }
    }
}
