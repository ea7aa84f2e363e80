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
}
