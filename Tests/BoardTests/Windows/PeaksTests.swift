import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct PeaksTests {
    /// Set-ups of the last hour, some taken back: the peak is the largest net count of a second.
    @Test(arguments: Seeds.fixed(1, 2, 3))
    func thePeakIsTheBusiestSecondOfTheWindow(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let customers = 40
        var timeline = Timeline(weights: OutcomeWeights(OutcomeTable()))
        timeline.grow(to: customers)
        var counts: [Int64: [Int32]] = [:]
        var now: Int64 = 1_763_800_000
        for _ in 0..<30 {
            for _ in 0..<400 {
                let second = now - Int64.random(in: 0...3, using: &generator)
                let customer = Int.random(in: 0..<customers, using: &generator)
                let known = counts[second]?[customer] ?? 0
                let sign: Int32 = known > 0 && Int.random(in: 0..<5, using: &generator) == 0 ? -1 : 1
                timeline.addSetup(customer: UInt32(customer), second: UInt32(second), isBlocked: false, sign: sign)
                counts[second, default: Array(repeating: 0, count: customers)][customer] += sign
            }
            timeline.fold(nowSecond: now)
            for window in Window.allCases {
                timeline.refreshPeaks(window)
                let start = window == .all ? 0 : Timeline.start(of: window, nowSecond: now)
                let expected = (0..<customers).map { customer in
                    counts.filter { $0.key >= start && $0.key <= now }.map { $0.value[customer] }.max() ?? 0
                }
                let peak = window == .all ? timeline.all.peak : timeline.sliding[window.rawValue].peak
                #expect((0..<customers).map { peak[$0] } == expected, "\(window.name) at \(now), seed \(seed)")
            }
            now += [1, 2, 20, 61, 400, 4_000].randomElement(using: &generator) ?? 1
        }
    }

    /// CDRs of a day in any order: most seconds have left the ring when their set-ups come.
    @Test func setupsThatComeHoursLateAreCountedByTheirSecond() {
        var timeline = Timeline(weights: OutcomeWeights(OutcomeTable()))
        timeline.grow(to: 2)
        let now: Int64 = 1_763_800_000
        timeline.addSetup(customer: 0, second: UInt32(now), isBlocked: false, sign: 1)
        for age: Int64 in [20_000, 200_000] {
            for _ in 0..<3 { timeline.addSetup(customer: 1, second: UInt32(now - age), isBlocked: false, sign: 1) }
            timeline.addSetup(customer: 1, second: UInt32(now - age + 1), isBlocked: false, sign: 1)
        }
        timeline.fold(nowSecond: now)
        timeline.refreshPeaks(.oneDay)
        timeline.refreshPeaks(.all)
        #expect(timeline.sliding[Window.oneDay.rawValue].peak[1] == 3)
        #expect(timeline.all.peak[1] == 3 && timeline.all.peak[0] == 1)
    }

    /// A batch of CDRs, some of the last hour and some older, shows the peaks of its calls one by one.
    @Test(arguments: Seeds.fixed(4, 5, 6)) func aBatchOfRecentAndLateSetups(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let now: Int64 = 1_763_800_000
        var (together, alone) = (
            Timeline(weights: OutcomeWeights(OutcomeTable())), Timeline(weights: OutcomeWeights(OutcomeTable()))
        )
        together.fold(nowSecond: now)
        alone.fold(nowSecond: now)
        for round in 0..<6 {
            together.grow(to: 3 + round)
            alone.grow(to: 3 + round)
            // The ring has begun before the first batch.
            together.addSetup(customer: 0, second: UInt32(now), isBlocked: false, sign: 1)
            alone.addSetup(customer: 0, second: UInt32(now), isBlocked: false, sign: 1)
            // The ring begins an hour ago, so one age in three is older.
            let ages: [Int64] = [0, 1, 3_500, 3_700, 20_000, 20_001]
            var (facts, seconds): ([SetupFact], [UInt32]) = ([], [])
            for _ in 0..<30 {
                let customer = UInt32.random(in: 0..<UInt32(3 + round), using: &generator)
                facts.append(SetupFact(customer: customer, isBlocked: false, sign: 1))
                seconds.append(UInt32(now - (ages.randomElement(using: &generator) ?? 0)))
            }
            for (fact, second) in zip(facts, seconds) {
                alone.addSetup(customer: fact.customer, second: second, isBlocked: false, sign: 1)
            }
            let range = (seconds.min() ?? 0)...(seconds.max() ?? 0)
            facts.withUnsafeBufferPointer { facts in
                seconds.withUnsafeBufferPointer { together.add(facts, seconds: $0, in: range) }
            }
            together.fold(nowSecond: now)
            alone.fold(nowSecond: now)
            for window in Window.allCases {
                together.refreshPeaks(window)
                alone.refreshPeaks(window)
                let (one, other) = (
                    window == .all ? together.all.peak : together.sliding[window.rawValue].peak,
                    window == .all ? alone.all.peak : alone.sliding[window.rawValue].peak
                )
                for row in 0..<3 + round {
                    #expect(one[row] == other[row], "\(window.name), round \(round), seed \(seed)")
                }
            }
        }
        #expect(together.all.peak[0] > 1)
    }

    /// Set-ups of the last full second: as they are now, however often it was asked, with customers that come, too.
    @Test func theLastSecondIsCountedAgain() {
        var timeline = Timeline(weights: OutcomeWeights(OutcomeTable()))
        timeline.grow(to: 2)
        let now: Int64 = 1_763_800_000
        func check(_ expected: [Int64]) {
            timeline.countLastSecond()
            #expect(expected.indices.map { timeline.lastSecond[$0] } == expected)
            let listed = timeline.setupsInLastSecond().filter { $0.value != 0 }
            #expect(expected.indices.map { listed[UInt32($0)] ?? 0 } == expected)
        }
        func add(_ customer: UInt32, after: Int64, sign: Int32 = 1) {
            timeline.addSetup(customer: customer, second: UInt32(now + after), isBlocked: false, sign: sign)
            timeline.fold(nowSecond: timeline.nowSecond)
        }
        check([0, 0])
        timeline.fold(nowSecond: now + 1)
        add(0, after: 0)
        check([1, 0])
        add(0, after: 0)
        add(1, after: 0)
        add(1, after: 1)
        check([2, 1])
        add(0, after: 0, sign: -1)
        check([1, 1])
        timeline.grow(to: 5)
        check([1, 1, 0, 0, 0])
        add(4, after: 0)
        check([1, 1, 0, 0, 1])
        // The second is over, and the next one has the rest.
        timeline.fold(nowSecond: now + 2)
        check([0, 1, 0, 0, 0])
        timeline.fold(nowSecond: now + 3)
        check([0, 0, 0, 0, 0])
    }
}
