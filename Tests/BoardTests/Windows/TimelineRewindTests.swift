// A timeline whose clock runs ahead and goes back, and that is saved and restored in between, a few facts at a time:
// its figures are those of one whose clock never jumped.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct TimelineRewindTests {
    private static let customers = 40

    @Test(arguments: Seeds.fixed(1, 2, 3, 4, 5, 6)) func nothingIsLostOnTheWay(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var steady = Self.timeline(factsAtATime: 1_000_000)
        var jumping = Self.timeline(factsAtATime: 13)
        var now: Int64 = 1_763_800_000 + Int64.random(in: 0..<3_600, using: &random)
        steady.fold(nowSecond: now)
        jumping.fold(nowSecond: now)
        for round in 0..<24 {
            func add() {
                for _ in 0..<Int.random(in: 0...60, using: &random) {
                    let fact = RandomFact(now: now, customers: Self.customers, &random)
                    fact.add(to: &steady)
                    fact.add(to: &jumping)
                }
                steady.fold(nowSecond: now)
            }
            add()
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                // As the engine does, when its clock was set wrong and was put right again.
                let ahead = now + Int64.random(in: 6...3_600, using: &random)
                jumping.hold(until: ahead + BoardLimits.clockHoldSeconds)
                jumping.fold(nowSecond: ahead)
                add()
                let rewound = jumping.rewind(to: now, latest: now + 5)
                #expect(rewound.misplacedFacts == 0, "seed \(seed), round \(round)")
            case 1:
                jumping.fold(nowSecond: now)
                jumping = try Self.restored(jumping)
            default: jumping.fold(nowSecond: now)
            }
            try Self.check(&jumping, &steady, "seed \(seed), round \(round)")
            now += Int64.random(in: 0...9, using: &random)
        }
        for hours in [0, 1, 2, 23, 25] as [Int64] {
            steady.fold(nowSecond: now + hours * 3_600)
            jumping.fold(nowSecond: now + hours * 3_600)
            try Self.check(&jumping, &steady, "seed \(seed), \(hours) h later")
        }
    }

    private static func timeline(factsAtATime: Int) -> Timeline {
        var timeline = Timeline(weights: OutcomeWeights(OutcomeTable()), factsAtATime: factsAtATime)
        timeline.grow(to: customers)
        return timeline
    }

    private static func restored(_ timeline: Timeline) throws -> Timeline {
        let snapshot = TimelineSnapshot(timeline)
        var restored = Self.timeline(factsAtATime: 7)
        try restored.restore(snapshot.tables, nowSecond: snapshot.nowSecond, ringStart: snapshot.ringStart)
        restored.ancientBefore = snapshot.ancientBefore
        return restored
    }

    private static func check(_ one: inout Timeline, _ other: inout Timeline, _ comment: String) throws {
        for window in Window.allCases {
            let (left, right) = (figures(&one, window), figures(&other, window))
            for (what, values) in left where values != right[what] {
                Issue.record("\(comment): \(what) in \(window.name)\n\(values)\n\(right[what] ?? [])")
            }
            #expect(delays(one, window) == delays(other, window), "\(comment): delays in \(window.name)")
            for customer in [0, 1, UInt32(customers) - 1] {
                let codes = [one, other].map { $0.codes(customer: customer, in: window).filter { $0.value != 0 } }
                #expect(codes[0] == codes[1], "\(comment): codes of \(customer) in \(window.name)")
            }
        }
    }

    private static func figures(_ timeline: inout Timeline, _ window: Window) -> [String: [Int64]] {
        timeline.refreshPeaks(window)
        var figures: [String: [Int64]] = [:]
        for field in CounterField.allCases {
            figures["\(field)"] = (0..<customers).map {
                window == .all ? timeline.all.count(field, $0) : timeline.sliding[window.rawValue].count(field, $0)
            }
            let totals = window == .all ? timeline.all.totals(field) : timeline.sliding[window.rawValue].totals(field)
            figures["total of \(field)"] = chunks(totals)
        }
        for field in SumField.allCases {
            figures["\(field)"] = (0..<customers).map {
                window == .all ? timeline.all.sum(field, $0) : timeline.sliding[window.rawValue].sum(field, $0)
            }
            let totals = window == .all ? timeline.all.totals(field) : timeline.sliding[window.rawValue].totals(field)
            figures["total of \(field)"] = chunks(totals)
        }
        let peak = window == .all ? timeline.all.peak : timeline.sliding[window.rawValue].peak
        figures["peak"] = (0..<customers).map { Int64(peak[$0]) }
        return figures
    }

    private static func chunks(_ totals: ChunkTotals) -> [Int64] {
        (0..<ChunkSize.chunks(holding: customers)).map { totals[$0] }
    }

    private static func delays(_ timeline: Timeline, _ window: Window) -> [UInt64: Int64] {
        var delays: [UInt64: Int64] = [:]
        timeline.forEachDelay(in: window) { delays[UInt64($0) << 8 | UInt64($1), default: 0] += $2 }
        return delays.filter { $0.value != 0 }
    }
}

/// One fact of any kind. Set-ups are of the last hour, for those that come later count in no peak with the others of
/// their second; nothing is so old that it leaves 24 h by an hour's jump. Some are a little ahead of the clock.
private struct RandomFact {
    private let customer: UInt32
    private let second: UInt32
    private let kind: Int
    private let value: Int32
    private let outcome: OutcomeClass
    private let code: UInt16

    init(now: Int64, customers: Int, _ random: inout SeededGenerator) {
        customer = UInt32.random(in: 0..<UInt32(customers), using: &random)
        kind = Int.random(in: 0..<8, using: &random)
        let ages: [Int64] = kind == 0 ? [3, 50, 900, 3_000] : [3, 50, 900, 3_000, 40_000, 80_000]
        let age = Int64.random(in: -4...(ages.randomElement(using: &random) ?? 3), using: &random)
        second = UInt32(now - age)
        value = Int32.random(in: 0...9_000, using: &random)
        outcome = OutcomeClass.allCases.randomElement(using: &random) ?? .answered
        code = [0, 200, 404, 486, 1_023].randomElement(using: &random) ?? 0
    }

    func add(to timeline: inout Timeline) {
        switch kind {
        case 0: timeline.addSetup(customer: customer, second: second, isBlocked: outcome == .blocked, sign: 1)
        case 1: timeline.addCost(customer: customer, second: second, micros: Int64(value) - 4_000)
        case 2:
            timeline.addOutcome(
                customer: customer, second: second, outcome: outcome, code: code, pddMilliseconds: value - 1, sign: 1)
        case 3:
            timeline.addEnd(
                customer: customer, second: second, talkMilliseconds: value, talked: value % 3 != 0, short: value < 900,
                sign: 1)
        case 4: timeline.addInbound(.inboundSetup, customer: customer, second: second, value: 1)
        case 5: timeline.addInbound(.inboundAnswer, customer: customer, second: second, value: 1)
        case 6: timeline.addInbound(.inboundFailure, customer: customer, second: second, value: -1)
        default:
            timeline.addInbound(.inboundTalk, customer: customer, second: second, value: Int64(value) + 1)
        }
    }
}
