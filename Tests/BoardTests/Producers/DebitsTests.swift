// Costs are taken from credit once, exactly, or the call is refused.

import CallEvents
import Columnar
import Testing

@testable import Board

@Suite struct DebitsTests {
    private let now: Int64 = 1_750_000_000_000_000
    private let id = ProducerID(high: 1, low: 2)

    private func engine(_ credits: [Int64], limit: Int64 = 0) -> Engine {
        var rest = credits[...]
        return makeEngine(customers: credits.count, now: now) {
            $0.creditMicros = rest.popFirst() ?? 0
            $0.debitLimitMicros = limit
        }
    }

    /// Calls of these customers, by id, at these costs.
    private func calls(_ costs: [(customer: UInt32, micros: Int64)], keys: [UInt64] = []) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...9).map { Party(customerID: $0) })
        for (customer, micros) in costs {
            batch.party.append(customer - 1)
            batch.setupMicros.append(now - 60_000_000)
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(1_000)
            batch.endMilliseconds.append(11_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
            batch.costMicros.append(micros)
        }
        batch.key = keys.map { CallKey(high: 1, low: $0) }
        return batch
    }

    private func place(_ numbers: ClosedRange<UInt64>) -> ProducerBatch {
        ProducerBatch(producer: id, epoch: 1, first: numbers.lowerBound, last: numbers.upperBound)
    }

    private func credits(_ engine: Engine) -> [Int64] {
        engine.customers(after: 0, limit: 100).map(\.creditMicros)
    }

    /// A producer goes on naming a deleted customer: these calls are no customer's, as when they are live. (Their costs
    /// ended the process.)
    @Test func whoWasDeletedPaysNothing() throws {
        let engine = engine([100, 50])
        let delete = try engine.prepareDelete(.ids([1]), expectedVersion: 0, who: "", now: now)
        _ = engine.commit(delete, idempotencyKey: [])
        for place in [nil, place(1...2)] {
            let (summary, debits) = engine.ingestAndDebit(
                calls([(1, 30), (2, 7)]), now: now, firstRow: 0, place: place)
            #expect(summary.applied == 1 && summary.unattributed == 1)
            #expect(debits.customerIDs == [2] && debits.micros == [7])
        }
        #expect(engine.ingest(calls([(1, 0), (1, 0)]), now: now).unattributed == 2)
        #expect(engine.status(now: now).unattributedSources.map(\.source) == ["customer:1"])
        let undo = try engine.prepareUndo(customerID: 1, number: 0, who: "", now: now)
        _ = engine.commit(undo, idempotencyKey: [])
        #expect(credits(engine) == [100, 36])
        #expect(try engine.value("bids", .all, customer: 1, now: now) == 0)
    }

    @Test func eachCustomerPaysForHisCalls() throws {
        let engine = engine([100, 50, 0])
        let version = engine.customersVersion
        let (summary, debits) = engine.ingestAndDebit(
            calls([(1, 30), (2, 70), (1, 5), (3, -8), (4, 9)], keys: [1, 2, 3, 4, 5]), now: now, firstRow: 0, place: nil
        )
        // The last is no customer's.
        #expect(summary.applied == 3 && summary.credits == 1 && summary.unattributed == 1)
        #expect(credits(engine) == [65, -20, 8])
        #expect(debits.customerIDs == [1, 2, 3] && debits.micros == [35, 70, -8] && debits.producer == nil)
        #expect(engine.customersVersion != version)
        #expect(engine.customer(id: 1)?.version == 1, "it is no edit")
        #expect(try engine.value("credit", .all, customer: 2, now: now) == -20)
        // The plain way takes nothing.
        _ = engine.ingest(calls([(1, 30)]), now: now)
        #expect(credits(engine) == [65, -20, 8])
    }

    @Test func whatIsACallTwiceIsPaidOnce() {
        let engine = engine([100])
        _ = engine.ingestAndDebit(calls([(1, 10), (1, 10)], keys: [7, 7]), now: now, firstRow: 0, place: nil)
        _ = engine.ingestAndDebit(calls([(1, 10), (1, 1)], keys: [7, 8]), now: now, firstRow: 0, place: nil)
        #expect(credits(engine) == [89])
    }

    @Test func aCreditThatWouldLeaveItsRangeRefusesTheCall() throws {
        let engine = engine([.min + 25, .max - 10], limit: 0)
        let (summary, debits) = engine.ingestAndDebit(
            calls([(1, 20), (1, 10), (2, -11), (1, 5), (2, -10)], keys: [1, 2, 3, 4, 5]), now: now, firstRow: 0,
            place: nil)
        #expect(summary.overflowed == 2 && summary.applied == 2 && summary.credits == 1)
        #expect(summary.refusals.map(\.row) == [1, 2] && summary.refusals.allSatisfy { $0.reason == .overflow })
        #expect(credits(engine) == [.min, .max] && debits.micros == [25, -10])
        #expect(try engine.figures("bids", .all, now: now) == [2, 0])
        // A refused call may come again, and is no repetition then.
        let (again, _) = engine.ingestAndDebit(
            calls([(1, 10)], keys: [2]), now: now, firstRow: 0, place: nil)
        #expect(again.overflowed == 1 && again.duplicates == 0)
        // With the limit they must be an amount as well.
        let limited = self.engine([.max - 100], limit: 100)
        let note = calls([(1, -1)], keys: [9])
        #expect(limited.ingestAndDebit(note, now: now, firstRow: 0, place: nil).0.overflowed == 1)
    }

    @Test func eachSideTakesWhatIsAboveItsMark() throws {
        let engine = engine([1_000])
        let (_, first) = engine.ingestAndDebit(
            calls([(1, 1), (1, 2), (1, 4)]), now: now, firstRow: 0, place: place(1...3))
        engine.noteCounted(place(1...3), now: now)
        #expect(credits(engine) == [993] && first.producer == id && first.through == 3)
        // After a crash the journal has the costs, and the statistics do not have the calls.
        let after = self.engine([1_000])
        #expect(after.debitAgain(first))
        #expect(credits(after) == [993])
        #expect(after.rowsDebited(place(2...5), rows: 4) == 2)
        let (_, second) = after.ingestAndDebit(
            calls([(1, 1), (1, 2), (1, 4), (1, 8)]), now: now, firstRow: 3, place: place(1...4))
        after.noteCounted(place(1...4), now: now)
        #expect(credits(after) == [985] && second.micros == [8] && second.through == 4)
        #expect(try after.figures("bids", .all, now: now) == [4])
        // Where the statistics are ahead nothing was owed.
        #expect(after.rowsDebited(place(3...10), rows: 8) == 2)
    }

    /// A batch that comes again, in part or as a whole, sets no mark back.
    @Test func aMarkDoesNotGoBack() {
        let engine = engine([1_000])
        for (numbers, first) in [(1...70, 0), (1...40, 40), (60...65, 6), (71...71, 0), (70...71, 2)] {
            let batch = self.place(UInt64(numbers.lowerBound)...UInt64(numbers.upperBound))
            let costs = numbers.map { _ in (customer: UInt32(1), micros: Int64(1)) }
            _ = engine.ingestAndDebit(calls(costs), now: now, firstRow: first, place: batch)
            #expect(engine.rowsDebited(self.place(1...100), rows: 100) == (numbers.upperBound < 71 ? 70 : 71))
        }
        #expect(credits(engine) == [1_000 - 71])
    }

    @Test func whatCannotBeIsNotDoneAgain() {
        let engine = engine([100, 200])
        var debits = Debits()
        (debits.customerIDs, debits.micros) = ([1, 3], [10, 10])
        #expect(!engine.debitAgain(debits))
        (debits.customerIDs, debits.micros) = ([1, 2], [10, .min])
        #expect(!engine.debitAgain(debits))
        (debits.customerIDs, debits.micros) = ([1, 2], [10])
        #expect(!engine.debitAgain(debits))
        #expect(credits(engine) == [100, 200])
    }

    @Test func marksAreSavedWithTheCustomers() throws {
        let engine = engine([100])
        _ = engine.ingestAndDebit(calls([(1, 1)]), now: now, firstRow: 0, place: place(1...70))
        let version = engine.customersVersion
        _ = engine.ingestAndDebit(calls([(1, 1)]), now: now, firstRow: 1, place: place(71...90))
        #expect(engine.customersVersion != version, "a mark alone is a change")
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        #expect(after.snapshot().stateHash() == engine.snapshot().stateHash())
        #expect(after.rowsDebited(place(81...100), rows: 20) == 10)
        #expect(credits(after) == [99])
        // Customers that were saved before there were costs.
        let before = Engine(configuration: engine.configuration)
        try before.restore(engine.snapshot().tables().filter { $0.name != "debitMarks" })
        #expect(before.rowsDebited(place(81...100), rows: 20) == 0)
    }

    @Test func theMarksAreBounded() {
        var book = DebitBook()
        for number in 0...UInt64(BoardLimits.producers) {
            var debits = Debits()
            debits.producer = ProducerID(high: number, low: 1)
            (debits.through, debits.takenAtMicros) = (5, Int64(number))
            book.note(debits)
        }
        #expect(book.marks.count == BoardLimits.producers && book.marks[ProducerID(high: 0, low: 1)] == nil)
    }
}
