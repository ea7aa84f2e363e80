// A record and a call that was heard, with one Call-ID: which is taken for which, and who pays.

import CallEvents
import Testing

@testable import Board

@Suite struct JoinTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private let engine = makeEngine(customers: 2, now: JoinTests.start)

    /// A call of a customer that is set up, rings after 1 s, is answered after 3 s, and ended after 63 s where wanted.
    private func observe(
        _ callID: String, customer: Int = 1, key: UInt64 = 1, at setup: Int64 = JoinTests.start, fromTag: UInt32 = 0,
        isEnded: Bool = true
    ) {
        var batch = CallEventBatch()
        batch.parties = [Party(source: IPAddress(v4: 0x0A00_0000 | UInt32(customer)))]
        let key = CallKey(high: 7, low: key)
        batch.append(.setup, key: key, timeMicros: setup, party: 0, sequence: 1)
        batch.describeLast(batch.details.append(CallDetails(callID: callID, fromTag: fromTag)))
        batch.append(.ring, key: key, timeMicros: setup + 1_000_000, sequence: 1)
        batch.append(.answer, key: key, timeMicros: setup + 3_000_000, sequence: 1, code: 200)
        if isEnded { batch.append(.end, key: key, timeMicros: setup + 63_000_000) }
        _ = engine.ingest(batch, now: setup + 64_000_000)
    }

    private func tell(
        _ callID: String, customer: Int? = 1, key: UInt64 = 1, at setup: Int64 = JoinTests.start,
        cost: Int64 = 1_000_000, fromTag: UInt32 = 0, isCostsOnly: Bool = false
    ) -> IngestSummary {
        var batch = CallRecordBatch()
        batch.parties = [
            customer.map { Party(source: IPAddress(v4: 0x0A00_0000 | UInt32($0))) } ?? Party(account: "nobody's")
        ]
        batch.party = [0]
        batch.setupMicros = [setup]
        batch.ringMilliseconds = [2_000]
        batch.answerMilliseconds = [4_000]
        batch.endMilliseconds = [34_000]
        batch.talkMilliseconds = [30_000]
        batch.code = [200]
        batch.q850 = [16]
        batch.costMicros = [cost]
        batch.key = [CallKey(high: 9, low: key)]
        batch.describeLast(batch.details.append(CallDetails(callID: callID, fromTag: fromTag)))
        return engine.ingestAndDebit(batch, now: setup + 70_000_000, firstRow: 0, place: nil).0
    }

    private func figure(_ name: String, customer: Int = 1) throws -> Int {
        Int(try engine.figures(name, .all, now: Self.start + 80_000_000)[customer - 1])
    }

    private func credit(_ customer: Int = 1) -> Int64 {
        engine.customer(id: UInt32(customer))?.creditMicros ?? 0
    }

    @Test func aRowEndsACallWhoseByeWasLost() throws {
        let before = credit()
        observe("a", isEnded: false)
        #expect(try figure("active") == 1)
        let summary = tell("a")
        #expect(summary.joined == 1 && summary.applied == 1 && summary.calls == 0)
        #expect(try figure("active") == 0 && figure("attempts") == 1 && figure("acd_n") == 1)
        let call = try #require(engine.state.recent.latest(customer: 0, count: 1).first)
        // The answer was heard, the talk time is the row's.
        #expect(call.answerMicros == Self.start + 3_000_000 && call.talkMilliseconds == 30_000)
        #expect(call.ringMicros == Self.start + 1_000_000 && call.costMicros == 1_000_000)
        #expect(credit() == before - 1_000_000)
    }

    @Test func whatWasHeardStands() throws {
        observe("a")
        _ = tell("a")
        let call = try #require(engine.state.recent.latest(customer: 0, count: 1).first)
        #expect(call.talkMilliseconds == 60_000 && call.endMicros == Self.start + 63_000_000 && call.q850 == 0)
        #expect(try figure("attempts") == 1 && figure("answered") == 1)
    }

    /// Another leg or attempt of the call: nothing is counted or paid twice, and the cost is that which was told last.
    @Test func aSecondRowOfTheCall() throws {
        let before = credit()
        observe("a")
        #expect(tell("a", key: 1, cost: 0).joined == 1)
        #expect(tell("a", key: 2).joined == 1)
        let third = tell("a", key: 3, cost: 5_000_000)
        #expect(third.joined == 0 && third.duplicates == 0 && third.rerated == 1 && third.applied == 1)
        #expect(tell("a", key: 4, cost: 5_000_000).duplicates == 1 && tell("a", key: 5, cost: 0).duplicates == 1)
        #expect(try figure("attempts") == 1)
        #expect(credit() == before - 5_000_000)
        // The ids of all these rows are known by now.
        #expect(tell("a", key: 4, cost: 6_000_000).rerated == 1 && tell("a", key: 2, cost: 4_000_000).rerated == 1)
        #expect(credit() == before - 4_000_000)
    }

    @Test func aRowThatNamesAnotherCustomer() throws {
        let (first, second) = (credit(1), credit(2))
        observe("a", customer: 1)
        let summary = tell("a", customer: 2)
        #expect(summary.otherCustomers == 1 && summary.otherCustomerRows == [0] && summary.applied == 0)
        #expect(try figure("attempts", customer: 2) == 0)
        #expect(credit(1) == first && credit(2) == second)
        // It is not remembered: with the entries put right it can be fed again.
        #expect(tell("a", customer: 1).joined == 1)
    }

    @Test func aRowThatNamesNobody() throws {
        let before = credit()
        observe("a")
        let summary = tell("a", customer: nil)
        #expect(summary.joined == 1 && summary.unattributed == 0)
        #expect(credit() == before - 1_000_000)
        #expect(tell("b", customer: nil, key: 2).unattributed == 1)
    }

    @Test func aCallIDThatComesBackIsAnotherCall() throws {
        observe("a")
        #expect(tell("a", at: Self.start + 3_600_000_000).joined == 0)
        #expect(try figure("attempts") == 2)
    }

    @Test func fromTagsTellLegsApart() throws {
        observe("a", key: 1, fromTag: 11)
        observe("a", key: 2, at: Self.start + 500_000, fromTag: 12, isEnded: false)
        #expect(tell("a", key: 1, at: Self.start + 500_000, fromTag: 11).joined == 1)
        let live = try #require(engine.liveCalls(customerID: 1, limit: 10, now: Self.start + 80_000_000).calls.first)
        #expect(live.setupMicros == Self.start + 500_000)
        #expect(tell("a", key: 3, fromTag: 13).joined == 0)
        #expect(tell("a", key: 2, fromTag: 12).joined == 1)
        #expect(try figure("attempts") == 3)
    }

    /// Of two customers with one Call-ID each row finds its own.
    @Test func equalCallIDsOfTwoCustomers() throws {
        observe("a", customer: 1, key: 1)
        observe("a", customer: 2, key: 2)
        #expect(tell("a", customer: 2, key: 1).joined == 1)
        #expect(tell("a", customer: 1, key: 2).joined == 1)
        #expect(try figure("attempts", customer: 1) == 1 && figure("attempts", customer: 2) == 1)
    }

    @Test func oneCallIDForAllCalls() throws {
        for key in 1...200 {
            observe("always", key: UInt64(key), at: Self.start + Int64(key) * 1_000_000_000)
            let summary = tell("always", key: UInt64(key), at: Self.start + Int64(key) * 1_000_000_000)
            #expect(summary.joined == 1)
        }
        #expect(try engine.figures("attempts", .all, now: Self.start + 300_000_000_000)[0] == 200)
    }
}
