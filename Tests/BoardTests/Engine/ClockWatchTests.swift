// When the machine's clock counts as behind, and when it has been steady: each border by a microsecond.

import Testing

@testable import Board

@Suite struct ClockWatchTests {
    private let board: Int64 = 1_750_000_000_000_000
    private let behind = BoardLimits.clockBehindMicros
    private let steady = BoardLimits.clockSteadyMicros

    @Test(arguments: [-1, 0, 1] as [Int64]) func behindByMoreThanClocksDiffer(offset: Int64) {
        var watch = ClockWatch()
        var hasHealed = watch.check(now: board - behind - offset, board: board)
        #expect(!hasHealed)
        #expect(watch.isBehind == (offset > 0) && watch.behindMicros == (offset > 0 ? behind + offset : 0))
        // A board without a time is behind nothing.
        hasHealed = watch.check(now: -9 * behind, board: 0)
        #expect(!hasHealed && !watch.isBehind)
    }

    /// A minute of even steps, from the first look on; a step too far or back begins it again.
    @Test func steadyForAMinute() {
        let first = board - 1_000_000_000
        func heals(_ steps: [Int64]) -> Int64? {
            var (watch, now) = (ClockWatch(), first)
            let healsAtOnce = watch.check(now: now, board: board)
            #expect(!healsAtOnce)
            for step in steps {
                now += step
                if watch.check(now: now, board: board) { return now - first }
            }
            return nil
        }
        let most = BoardLimits.clockStepMicros
        #expect(
            heals([most, most - 1]) == nil && heals([most, most - 1, 1]) == steady && heals([most, most]) == steady)
        #expect(heals([most + 1, most, most - 1]) == nil)
        #expect(heals([most + 1, most, most - 1, 1]) == most + 1 + steady)
        #expect(heals([most, -behind, most, behind]) == steady)
        #expect(heals([most, -behind - 1, most, behind + 1]) == nil)
        #expect(heals([most, -behind - 1, most, most - 1]) == nil)
        #expect(heals([most, -behind - 1, most, most]) == most - behind - 1 + steady)
    }

    /// What was counted while it was behind is forgotten when it falls behind again, not while it stays so.
    @Test func callsMeanwhile() {
        var watch = ClockWatch()
        _ = watch.check(now: board - 2 * behind, board: board)
        watch.callsMeanwhile = 7
        _ = watch.check(now: board - 2 * behind + 1, board: board)
        // A jump is no new beginning.
        _ = watch.check(now: board - 40 * behind, board: board)
        #expect(watch.callsMeanwhile == 7)
        _ = watch.check(now: board, board: board)
        _ = watch.check(now: board - 2 * behind, board: board)
        #expect(watch.callsMeanwhile == 0)
    }
}
