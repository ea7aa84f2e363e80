// Rows in any currency, credit notes, repetitions, costs above limits, restarts in between: credit, cost and sums are
// those of the obvious way, which looks at one row after the other and remembers all of them.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct MoneyPropertyTests {
    private static let start: Int64 = 1_763_800_000_000_000
    private static let currencies = ["EUR", "USD", "JPY"]
    private static let customerCount = 6
    private static let credit: Int64 = 5_000_000_000
    private static let limit: Int64 = 2_000_000

    private struct Row {
        /// Index of the customer, or one that is none.
        var customer: Int
        /// Nil: not told.
        var currency: String?
        var micros: Int64
        /// 0: none.
        var key: UInt64
        /// Nil: no cost is told.
        var told: Int64? { micros == CallRecordBatch.untoldCost ? nil : micros }

        init(_ random: inout SeededGenerator) {
            customer = Int.random(in: 0...customerCount, using: &random)
            currency = ([nil, "INR"] + currencies).randomElement(using: &random)!
            // Nearly always the right one.
            if customer < customerCount && Int.random(in: 0..<4, using: &random) > 0 {
                currency = Bool.random(using: &random) ? nil : currencies[customer % 3]
            }
            micros = [
                0, 1, 250_000, limit, limit + 1, 3 * limit, -1, -40_000, -7 * limit, BoardLimits.costMicros + 1,
                -BoardLimits.costMicros - 1, .min + 1, .max, CallRecordBatch.untoldCost,
            ].randomElement(using: &random)!
            key = Int.random(in: 0..<5, using: &random) == 0 ? 0 : UInt64.random(in: 1...400, using: &random)
        }
    }

    /// The obvious way.
    private struct Reference {
        var credit = Array(repeating: MoneyPropertyTests.credit, count: customerCount)
        var cost = Array(repeating: Int64(0), count: customerCount)
        var calls = Array(repeating: Int64(0), count: customerCount)
        var totals: [String: MoneyBookings] = [:]
        var byCustomer: [Int: [String: MoneyBookings]] = [:]
        var keys: Set<UInt64> = []
        /// What the calls of these keys cost, and whose they are.
        var known: [UInt64: (customer: Int, cost: Int64?)] = [:]
        var summary: [String: Int] = [:]

        mutating func take(_ row: Row, ofBatchLimit: Int64) {
            guard row.customer < customerCount else {
                if row.key != 0 && keys.contains(row.key) { return takeAgain(row, ofBatchLimit: ofBatchLimit) }
                summary["unattributed", default: 0] += 1
                if row.key != 0 && row.told ?? 0 >= 0 { keys.insert(row.key) }
                return
            }
            if isRefused(row, customer: row.customer, ofBatchLimit: ofBatchLimit) { return }
            let (own, micros) = (currencies[row.customer % 3], row.told ?? 0)
            if micros < 0 {
                guard keys.insert(row.key).inserted else {
                    summary["duplicates", default: 0] += 1
                    return
                }
                credit[row.customer] -= micros
                note(-micros, \.credited, row.customer, own)
                summary["credits", default: 0] += 1
                return
            }
            if row.key != 0 && !keys.insert(row.key).inserted { return takeAgain(row, ofBatchLimit: ofBatchLimit) }
            if row.key != 0 { known[row.key] = (row.customer, row.told) }
            credit[row.customer] -= micros
            calls[row.customer] += 1
            cost[row.customer] += micros
            if micros > 0 { totals[own, default: MoneyBookings()].booked.add(micros) }
            summary["calls", default: 0] += 1
        }

        private mutating func isRefused(_ row: Row, customer: Int, ofBatchLimit: Int64) -> Bool {
            let (own, micros) = (currencies[customer % 3], row.told ?? 0)
            let limit = min(ofBatchLimit == 0 ? .max : ofBatchLimit, own == "JPY" ? 2 * MoneyPropertyTests.limit : .max)
            var reason: String?
            if let told = row.currency, told != own {
                reason = "other_currency"
            } else if micros > min(limit, BoardLimits.costMicros) || micros < -BoardLimits.costMicros {
                reason = "cost_limit"
            } else if micros < 0 && row.key == 0 {
                reason = "credit_without_id"
            }
            guard let reason else { return false }
            note(micros, \.refused, customer, row.currency ?? own)
            summary[reason, default: 0] += 1
            return true
        }

        /// A row of a known key that is no credit note of a customer.
        private mutating func takeAgain(_ row: Row, ofBatchLimit: Int64) {
            guard let call = known[row.key], let after = row.told, after != call.cost, after > 0 || call.cost != nil,
                (0...BoardLimits.costMicros).contains(after)
            else {
                summary["duplicates", default: 0] += 1
                return
            }
            if row.customer < customerCount && row.customer != call.customer {
                summary["other_customer", default: 0] += 1
                return
            }
            if row.customer == customerCount && isRefused(row, customer: call.customer, ofBatchLimit: ofBatchLimit) {
                return
            }
            let (own, difference) = (currencies[call.customer % 3], after - (call.cost ?? 0))
            known[row.key] = (call.customer, after)
            credit[call.customer] -= difference
            cost[call.customer] += difference
            guard call.cost != nil else {
                totals[own, default: MoneyBookings()].booked.add(difference)
                summary["joined", default: 0] += 1
                return
            }
            note(difference, \.corrected, call.customer, own)
            // What is booked is as the calls cost now.
            totals[own, default: MoneyBookings()].booked.add(difference, times: 0)
            summary["rerated", default: 0] += 1
        }

        private mutating func note(
            _ micros: Int64, _ field: WritableKeyPath<MoneyBookings, MoneyAmount>, _ customer: Int, _ currency: String
        ) {
            totals[currency, default: MoneyBookings()][keyPath: field].add(micros)
            byCustomer[customer, default: [:]][currency, default: MoneyBookings()][keyPath: field].add(micros)
        }
    }

    private static func configuration() -> EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.costLimit.microsByCurrency = ["JPY": 2 * limit]
        return configuration
    }

    private static func engine() -> Engine {
        let engine = Engine(configuration: configuration())
        let drafts = (0..<customerCount).map { number in
            var customer = Customer()
            (customer.name, customer.currency, customer.creditMicros) = ("C\(number)", currencies[number % 3], credit)
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: start)
        return engine
    }

    private static func batch(_ rows: [Row], limit: Int64, _ random: inout SeededGenerator) -> CallRecordBatch {
        var batch = CallRecordBatch()
        let customers = (1...UInt32(customerCount)).map { Party(customerID: $0) }
        batch.parties = PartyList(customers + [Party(account: "nobody")])
        batch.costLimitMicros = limit
        for row in rows {
            batch.currencies.append(row.currency, after: batch.count)
            batch.party.append(UInt32(row.customer))
            batch.setupMicros.append(start - Int64.random(in: 20_000_000...600_000_000, using: &random))
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(1_000)
            batch.endMilliseconds.append(11_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
            batch.costMicros.append(row.micros)
            batch.key.append(row.key == 0 ? .none : CallKey(high: 9, low: row.key))
        }
        return batch
    }

    @Test(arguments: Seeds.fixed(0..<20)) func moneyIsThatOfTheObviousWay(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var engine = Self.engine()
        var reference = Reference()
        var sum = IngestSummary()
        for _ in 0..<12 {
            let rows = (0..<Int.random(in: 1...600, using: &random)).map { _ in Row(&random) }
            let limit = Bool.random(using: &random) ? Self.limit : 0
            let batch = Self.batch(rows, limit: limit, &random)
            #expect(rows.indices.allSatisfy { batch.currencies.code(ofCall: $0) == rows[$0].currency })
            let (summary, debits) = engine.ingestAndDebit(batch, now: Self.start, firstRow: 0, place: nil)
            #expect(debits.micros.allSatisfy { $0 != 0 })
            sum += summary
            for row in rows { reference.take(row, ofBatchLimit: limit) }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let after = Engine(configuration: Self.configuration())
                try after.restore(engine.snapshot().tables())
                try after.restoreStatistics(engine.statistics(now: Self.start).tables())
                engine = after
            }
        }
        try compare(engine, reference, "seed \(seed)")
        let told = [
            "calls": sum.calls, "duplicates": sum.duplicates, "unattributed": sum.unattributed, "credits": sum.credits,
            "other_currency": sum.otherCurrency, "cost_limit": sum.aboveLimit,
            "credit_without_id": sum.creditsWithoutID, "rerated": sum.rerated, "joined": sum.joined,
            "other_customer": sum.otherCustomers,
        ].filter { $0.value > 0 }
        #expect(told == reference.summary && sum.invalid == 0, "seed \(seed)")
        #expect(
            MoneyRefusal.Reason.allCases.allSatisfy { reason in
                sum.refusals.count { $0.reason == reason } <= IngestLimits.namedRows
            })
    }

    private func compare(_ engine: Engine, _ reference: Reference, _ comment: String) throws {
        let customers = engine.customers(after: 0, limit: 100)
        #expect(customers.map(\.creditMicros) == reference.credit, "credit, \(comment)")
        #expect(try engine.figures("bids", .all, now: Self.start) == reference.calls, "bids, \(comment)")
        let totals = Dictionary(uniqueKeysWithValues: engine.moneyTotals.map { ($0.currency, $0.sums) })
        #expect(totals == reference.totals, "totals, \(comment)")
        for number in 0..<Self.customerCount {
            let money = try #require(engine.money(customerID: UInt32(number + 1), now: Self.start))
            #expect(money.sums.first?.currency == Self.currencies[number % 3])
            #expect(money.sums.first?.sums.booked.micros == reference.cost[number], "cost of \(number), \(comment)")
            let hour = try engine.value("cost", .oneHour, customer: number + 1, now: Self.start)
            #expect(hour == Double(reference.cost[number]), "cost of \(number) in the hour, \(comment)")
            let listed = engine.state.recent.latest(customer: UInt32(number), count: .max)
            #expect(
                listed.reduce(0) { $0 + $1.costMicros } == reference.cost[number], "calls of \(number), \(comment)")
            let id = UInt32(number + 1)
            let reratings = engine.history(customerID: id, before: 0, limit: 1_000).flatMap(\.note.reratings)
                .filter { $0.customerID == id }
            let corrected = reference.byCustomer[number]?[Self.currencies[number % 3]]?.corrected.micros ?? 0
            #expect(
                reratings.reduce(0) { $0 + $1.afterMicros - $1.beforeMicros } == corrected,
                "history of \(number), \(comment)")
            var shown: [String: MoneyBookings] = [:]
            for own in money.sums {
                var sums = own.sums
                sums.booked = MoneyAmount()
                if !sums.isZero { shown[own.currency] = sums }
            }
            #expect(shown == reference.byCustomer[number] ?? [:], "sums of \(number), \(comment)")
        }
    }
}
