// What the stamps of an agent are worth: clocks that are right, off, set, drifting and jumping, under jitter, bursts
// and late packets.

import CallEvents
import Randomness
import Testing

@testable import Feeds

@Suite struct AgentClockTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let second: Int64 = 1_000_000

    /// The time that is taken for a stamp, less the arrival: of a right or corrected clock the delay, below 0.
    private func time(
        _ clock: inout AgentClock, at arrival: Int64, offset: Int64, delay: Int64 = 0, mayBeLate: Bool = false
    ) -> Int64 {
        let stamp = arrival - delay + offset
        switch clock.observe(stampMicros: stamp, arrivalMicros: arrival, mayBeLate: mayBeLate) {
        case .stamp: return stamp - arrival
        case .corrected: return stamp + (clock.correctionMicros ?? 0) - arrival
        case .arrival: return 0
        }
    }

    /// The first packet is right at once, and so is every other: to as much as the network jitters.
    @Test(arguments: [0, 4, -59, 8, 3_600, -7_200, -61, 400_000_000], Seeds.of())
    func steadyClocks(offsetSeconds: Int64, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var clock = AgentClock()
        let offset = offsetSeconds * Self.second
        let isRight = (-60...5).contains(offsetSeconds)
        var now = Self.start
        for step in 0..<2_000 {
            now += .random(in: 0...500_000, using: &random)
            let delay = Int64.random(in: 0...100_000, using: &random)
            let taken = time(&clock, at: now, offset: offset, delay: delay)
            let error = taken + delay - (isRight ? offset : 0)
            #expect(error.magnitude <= 100_000, "seed \(seed), step \(step)")
            #expect(clock.state == (isRight ? .ok : offset > 0 ? .ahead : .behind), "seed \(seed)")
        }
        #expect(((clock.offsetMicros ?? 0) - offset).magnitude < 20_000, "seed \(seed)")
    }

    /// Durations within an agent are those of its stamps: the correction stays while the clock is steady.
    @Test func theCorrectionIsConstant() {
        var clock = AgentClock()
        var corrections: Set<Int64> = []
        for step in 0..<10_000 {
            // Bursts: a second's packets come together at its end.
            let stamp = Self.start + Int64(step) * 20_000
            let arrival = (stamp / Self.second + 1) * Self.second
            _ = clock.observe(stampMicros: stamp + 3_600 * Self.second, arrivalMicros: arrival, mayBeLate: false)
            if step > 50 { corrections.insert(clock.correctionMicros ?? 0) }
        }
        #expect(corrections.count == 1 && clock.state == .ahead)
    }

    /// A drift of a second a minute, far more than clocks have: followed in steps of about a second, never off by
    /// three.
    @Test(arguments: [1, -1]) func drift(direction: Int64) {
        var clock = AgentClock()
        var (last, steps) = (Int64.max, 0)
        for step in 0..<36_000 {
            let now = Self.start + Int64(step) * 100_000
            let offset = direction * (600 * Self.second + Int64(step) * 100_000 / 60)
            let taken = time(&clock, at: now, offset: offset)
            #expect(taken.magnitude <= 2_600_000, "step \(step): \(taken)")
            if clock.correctionMicros != last { steps += 1 }
            last = clock.correctionMicros ?? 0
        }
        #expect((25...70).contains(steps), "\(steps)")
        #expect(clock.state == (direction > 0 ? .ahead : .behind))
    }

    /// The agent's clock is set: within three packets it is known, and none has a time that is far off.
    @Test(arguments: [
        (0, 3_600), (0, -7_200), (3_600, 0), (-7_200, 0), (3_600, -7_200), (0, 30), (30, 0), (-3_600, -3_630),
    ])
    func theClockIsSet(from: Int64, to: Int64) {
        var clock = AgentClock()
        for step in 0..<200 {
            let offset = (step < 100 ? from : to) * Self.second
            let taken = time(&clock, at: Self.start + Int64(step) * Self.second, offset: offset)
            let isPlain = (-60...5).contains(step < 100 ? from : to)
            #expect((taken - (isPlain ? offset : 0)).magnitude <= 31 * 1_000_000, "step \(step): \(taken)")
        }
        #expect(clock.offsetMicros == to * Self.second)
        #expect(clock.state == ((-60...5).contains(to) ? .ok : to > 0 ? .ahead : .behind))
    }

    /// One wrong stamp among right ones has the time of its arrival, and changes nothing else.
    @Test func oneWrongStamp() {
        var clock = AgentClock()
        for step in 0..<300 {
            let now = Self.start + Int64(step) * Self.second
            let taken = time(&clock, at: now, offset: step == 150 ? 86_400_000_000 : 0)
            #expect(taken == 0)
        }
        #expect(clock.state == .ok && clock.offsetMicros == 0)
    }

    /// Back and forth: it is named, times are those of the arrivals, and after some steady minutes it is a clock as any
    /// other.
    @Test(arguments: [1, 2, 5]) func backAndForth(run: Int) {
        var clock = AgentClock()
        var worst: UInt64 = 0
        for step in 0..<200 {
            let offset = (step / run).isMultiple(of: 2) ? 0 : 3_600 * Self.second
            let taken = time(&clock, at: Self.start + Int64(step) * Self.second, offset: offset)
            if step > 10 * run { worst = max(worst, taken.magnitude) }
        }
        #expect(clock.state == .unsteady && clock.correctionMicros == nil && worst == 0)
        for step in 0..<700 {
            _ = time(&clock, at: Self.start + Int64(200 + step) * Self.second, offset: 3_600 * Self.second)
        }
        #expect(clock.state == .ahead && clock.offsetMicros == 3_600 * Self.second)
    }

    /// Setting a clock takes one jump or two: four within ten minutes are no setting any more.
    @Test(arguments: [599_999_999, 600_000_000] as [Int64]) func fourJumps(lastMicros: Int64) {
        var clock = AgentClock()
        var now = Self.start
        for (jump, micros) in [0, 100 * Self.second, 200 * Self.second, lastMicros].enumerated() {
            // Right, in between, so that each wrong stamp is a jump of its own.
            while now < Self.start + micros {
                #expect(time(&clock, at: now, offset: 0) == 0 && clock.state == .ok)
                now += 10 * Self.second
            }
            _ = time(&clock, at: Self.start + micros, offset: 0)
            #expect(time(&clock, at: Self.start + micros, offset: 3_600 * Self.second) == 0)
            let isUnsteady = jump == 3 && lastMicros < FeedLimits.jumpMemoryMicros
            #expect(clock.state == (isUnsteady ? .unsteady : .ok), "jump \(jump + 1)")
        }
    }

    /// Three stamps prove that a clock was set if all are near each other, not if each is near the one before.
    @Test func straysThatDrift() {
        var clock = AgentClock()
        _ = time(&clock, at: Self.start, offset: 0)
        for (step, drift) in [0, 900_000, 1_800_000, 2_700_000].enumerated() as EnumeratedSequence<[Int64]> {
            let taken = time(
                &clock, at: Self.start + Int64(step + 1) * Self.second, offset: 3_600 * Self.second + drift)
            #expect(taken == 0 && clock.state == .ok, "step \(step)")
        }
        for (step, jitter) in [1_000_000, 0, 500_000].enumerated() as EnumeratedSequence<[Int64]> {
            let now = Self.start + Int64(step + 10) * Self.second
            let offset = 7_200 * Self.second + jitter
            let taken = time(&clock, at: now, offset: offset)
            #expect(taken == (step == 2 ? offset + (clock.correctionMicros ?? 0) : 0), "step \(step)")
        }
        #expect(clock.state == .ahead && clock.correctionMicros == -7_200 * Self.second - 1_000_000)
    }

    /// What may have been held back has to agree for ten seconds: lags of such packets shrink.
    @Test(arguments: [9_999_999, 10_000_000] as [Int64]) func straysThatMayBeLate(afterMicros: Int64) {
        var clock = AgentClock()
        _ = time(&clock, at: Self.start, offset: 0, mayBeLate: true)
        for micros in [0, 1, afterMicros] {
            _ = time(&clock, at: Self.start + micros, offset: -7_200 * Self.second, mayBeLate: true)
            let isProven = micros >= FeedLimits.agreeingMicros
            #expect(clock.state == (isProven ? .behind : .ok), "after \(micros)")
        }
    }

    /// An agent with a right clock lost its connection for five minutes and sends what it kept: those times are right.
    @Test func whatWasKeptBackHasItsTime() {
        var clock = AgentClock()
        func observe(_ stamp: Int64, _ arrival: Int64) -> AgentClock.Reading {
            clock.observe(stampMicros: stamp, arrivalMicros: arrival, mayBeLate: true)
        }
        for step in 0..<60 {
            let now = Self.start + Int64(step) * Self.second
            #expect(observe(now, now) == .stamp)
        }
        for step in 0..<300 {
            // A hundred times as fast as it happened.
            let arrival = Self.start + 360 * Self.second + Int64(step) * 10_000
            #expect(observe(Self.start + Int64(60 + step) * Self.second, arrival) == .stamp)
        }
        for step in 0..<60 {
            let now = Self.start + Int64(364 + step) * Self.second
            #expect(observe(now, now) == .stamp)
        }
        #expect(clock.state == .ok && (clock.offsetMicros ?? 1).magnitude < 1_000_000)
    }

    /// Whatever the stamps and our own clock are: no trap, and a time is that of the stamp, the arrival or both.
    @Test(arguments: Seeds.of()) func anything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var clock = AgentClock()
        for _ in 0..<20_000 {
            let stamp = Int64.random(in: 0...4_294_967_295_000_000, using: &random)
            let arrival =
                Bool.random(using: &random)
                ? stamp + .random(in: -10_000_000...10_000_000, using: &random)
                : [.min, -1, 0, .max, .random(in: .min ... .max, using: &random)].randomElement(using: &random) ?? 0
            _ = clock.observe(stampMicros: stamp, arrivalMicros: arrival, mayBeLate: .random(using: &random))
        }
    }
}
