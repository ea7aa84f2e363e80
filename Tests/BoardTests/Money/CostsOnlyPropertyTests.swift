// Random calls that are heard, told whole, or both, or neither, and their costs told alone and again, in any order,
// with restarts: attempts, talk time, credit, costs and what the history says are those of the obvious way, which looks
// at each call by itself.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CostsOnlyPropertyTests {
    private static let customers = 3
    private static let now = CostRow.start + 600_000_000

    /// One thing that is told of a call.
    private enum Telling {
        case events(Int, [CallEventKind])
        case whole(Int, cost: Int64?)
        /// Under the id of the whole row, or under another, or with the Call-ID alone.
        case cost(Int, Int64, isOtherKey: Bool)

        var call: Int {
            switch self {
            case .events(let call, _), .whole(let call, _), .cost(let call, _, _): call
            }
        }
    }

    private struct Call {
        var customer: Int
        var setupMicros: Int64
        var isHeard: Bool
        var isTold: Bool
        var isAnswered: Bool
        /// In the order in which they are told.
        var costs: [Int64] = []
    }

    /// Everything of a call is told in some order; events in theirs.
    private static func tellings(_ calls: [Call], _ random: inout SeededGenerator) -> [Telling] {
        var all: [(at: Int64, Telling)] = []
        for (number, call) in calls.enumerated() {
            if call.isHeard {
                let kinds: [CallEventKind] =
                    call.isAnswered ? [.setup, .ring, .answer, .end] : [.setup, .ring, .failure]
                var at = Int64.random(in: 0..<1_000, using: &random)
                var rest = kinds[...]
                while !rest.isEmpty {
                    let count = Int.random(in: 1...rest.count, using: &random)
                    all.append((at, .events(number, Array(rest.prefix(count)))))
                    rest = rest.dropFirst(count)
                    at += Int64.random(in: 1..<300, using: &random)
                }
            }
            if call.isTold {
                let cost = Bool.random(using: &random) ? nil : Int64.random(in: 1...9, using: &random) * 100
                for _ in 0..<Int.random(in: 1...2, using: &random) {
                    all.append((Int64.random(in: 0..<1_500, using: &random), .whole(number, cost: cost)))
                }
            }
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let cost = Int64.random(in: 1...9, using: &random) * 100
                let telling = Telling.cost(number, cost, isOtherKey: Bool.random(using: &random))
                all.append((Int64.random(in: 0..<1_500, using: &random), telling))
            }
        }
        return all.sorted { $0.at < $1.at }.map(\.1)
    }

    private static func row(_ number: Int, _ call: Call, cost: Int64?, isOtherKey: Bool) -> CostRow {
        CostRow(
            UInt64(number + 1) + (isOtherKey ? 100_000 : 0), customer: call.customer, cost: cost,
            callID: "c\(number)", at: call.setupMicros, isAnswered: call.isAnswered)
    }

    @Test(arguments: Seeds.fixed(0..<20)) func moneyAndNothingElse(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var calls = (0..<60).map { _ in
            Call(
                customer: Int.random(in: 1...Self.customers, using: &random),
                setupMicros: CostRow.start + Int64.random(in: 0..<400_000_000, using: &random),
                isHeard: Bool.random(using: &random), isTold: Bool.random(using: &random),
                isAnswered: Bool.random(using: &random))
        }
        let tellings = Self.tellings(calls, &random)
        var engine = makeEngine(customers: Self.customers, now: CostRow.start)
        var summary = IngestSummary()
        for round in 0..<2 {
            for telling in tellings {
                let call = calls[telling.call]
                switch telling {
                case .events(let number, let kinds):
                    engine.observe(
                        "c\(number)", customer: call.customer, key: UInt64(number + 1), at: call.setupMicros, kinds,
                        now: Self.now)
                case .whole(let number, let cost):
                    summary += engine.feed([Self.row(number, call, cost: cost, isOtherKey: false)], now: Self.now)
                    if let cost { calls[number].costs.append(cost) }
                case .cost(let number, let cost, let isOtherKey):
                    let row = Self.row(number, call, cost: cost, isOtherKey: isOtherKey)
                    summary += engine.feed([row], isCostsOnly: true, now: Self.now)
                    calls[number].costs.append(cost)
                }
                if Int.random(in: 0..<40, using: &random) == 0 { engine = try engine.restarted() }
            }
            try check(engine, calls, "seed \(seed), round \(round)")
        }
        // Of each call each cost that is not that before it.
        let changes = calls.map { call in zip(call.costs, call.costs.dropFirst()).count { $0 != $1 } }
        #expect(summary.rerated == changes.reduce(0, +), "seed \(seed)")
        #expect(summary.refused == 0 && summary.unattributed == 0 && summary.invalid == 0 && summary.future == 0)
    }

    private func check(_ engine: Engine, _ calls: [Call], _ comment: String) throws {
        for customer in 1...Self.customers {
            let own = calls.filter { $0.customer == customer }
            let known = own.filter { $0.isHeard || $0.isTold }
            let cost = own.reduce(0) { $0 + ($1.costs.last ?? 0) }
            let figures: [(String, Double)] = [
                ("attempts", Double(known.count)), ("answered", Double(known.count { $0.isAnswered })),
                ("talk", Double(60 * known.count { $0.isAnswered })), ("active", 0), ("cost", Double(cost)),
            ]
            for window in [Window.oneHour, .all] {
                for (name, expected) in figures {
                    let value = try engine.value(name, window, customer: customer, now: Self.now)
                    #expect(value == expected, "\(comment): \(name) of \(customer)")
                }
            }
            #expect(engine.credit(customer) == -cost, "\(comment): credit of \(customer)")
            let costs = known.map { $0.costs.last ?? 0 }
            #expect(engine.costs(customer).sorted() == costs.sorted(), "\(comment): list of \(customer)")
            let corrected = own.reduce(0) { $0 + ($1.costs.last ?? 0) - ($1.costs.first ?? 0) }
            let money = try #require(engine.money(customerID: UInt32(customer), now: Self.now)).sums[0].sums
            #expect(money.corrected.micros == corrected && money.booked.micros == cost, "\(comment): \(customer)")
            let id = UInt32(customer)
            let history = engine.history(customerID: id, before: 0, limit: 10_000).flatMap(\.note.reratings)
            #expect(history.reduce(0) { $0 + $1.afterMicros - $1.beforeMicros } == corrected, "\(comment): \(customer)")
        }
        // Costs stand where their calls end: later no window has any.
        var later = Window.sliding.map { ($0, Self.now + 26 * 3_600_000_000) }
        later.removeAll { $0.0 == .all }
        let after = try engine.restarted()
        for (window, micros) in later {
            for customer in 1...Self.customers {
                #expect(try after.value("cost", window, customer: customer, now: micros) == 0, "\(comment)")
            }
        }
    }
}
