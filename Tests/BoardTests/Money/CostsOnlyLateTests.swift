// Costs told alone that are refused, or whose calls come later.

import CallEvents
import Testing

@testable import Board

@Suite struct CostsOnlyLateTests {
    private let now = CostRow.start + 300_000_000
    private let engine = makeEngine(customers: 2, now: CostRow.start)

    /// Refused in any way, a row leaves nothing behind: under its key the cost of another call may come.
    @Test(arguments: [false, true]) func aRefusedKeyIsFree(isCostsOnly: Bool) {
        let credit = Int64.min + 6
        let engine = makeEngine(customers: 2, now: CostRow.start) { $0.creditMicros = credit }
        engine.observe("a", key: 1)
        engine.observe("b", key: 2)
        // Whose call the first is only its Call-ID says; of the second the credit cannot be taken.
        let refused = engine.feed(
            [
                CostRow(5, customer: 0, cost: 4, callID: "a", currency: "EUR"), CostRow(6, cost: 7, callID: "a"),
                CostRow(7, customer: 2, cost: 4, callID: "a"),
            ], isCostsOnly: isCostsOnly)
        #expect(refused.otherCurrency == 1 && refused.overflowed == 1 && refused.otherCustomers == 1)
        #expect(refused.applied == 0 && engine.credit() == credit && engine.costs() == [0, 0])
        for key in 5...7 as ClosedRange<UInt64> {
            let mended = engine.feed([CostRow(key, cost: Int64(key) - 4, callID: "b")], isCostsOnly: isCostsOnly)
            #expect(mended.applied == 1 && mended.duplicates == 0, "\(key)")
        }
        let costs = engine.state.recent.latest(customer: 0, count: 9).map { "\($0.details.callID) \($0.costMicros)" }
        #expect(Set(costs) == ["a 0", "b 3"] && engine.credit() == credit - 3)
    }

    /// The whole of a call comes after its cost: it is the customer's last call, as if its cost had come with it.
    @Test(arguments: [false, true]) func theCallAfterItsCost(isByID: Bool) throws {
        let row = CostRow(1, cost: 5, callID: isByID ? "" : "a")
        #expect(engine.feed([row], isCostsOnly: true).costs == 1)
        #expect(try engine.value("last_call", .all, now: now) ?? 0 == 0)
        var whole = row
        (whole.cost, whole.callID) = (nil, "a")
        if !isByID { whole.key = 2 }
        #expect(engine.feed([whole]).calls == 1)
        #expect(try engine.value("last_call", .all, now: now) == Double(CostRow.start))
        // An older one changes nothing of that.
        engine.feed([CostRow(3, cost: 1, callID: "c", at: CostRow.start - 90_000_000)], isCostsOnly: true)
        engine.feed([CostRow(3, cost: nil, callID: "c", at: CostRow.start - 90_000_000)])
        #expect(try engine.value("last_call", .all, now: now) == Double(CostRow.start))
        #expect(try engine.value("attempts", .all, now: now) == 2 && engine.value("cost", .all, now: now) == 6)
    }
}
