// Facts at each border of each window: the first second in it and the one before, the present second and the next.

import Columnar
import Testing

@testable import Board

@Suite struct WindowBorderTests {
    /// At the begin of a slot, within it and at its last second, for facts that were there in time and for late ones.
    @Test(arguments: Window.sliding, [false, true]) func firstAndLastSeconds(window: Window, isLate: Bool) {
        let slot = window.slotSeconds
        for place in [0, 1, slot / 2, slot - 1] where place < slot {
            // A multiple of a day's slots and of all others.
            let now: Int64 = 1_763_798_400 / 86_400 * 86_400 + 2 * 86_400 + place
            let start = now - place + slot - window.seconds
            let seconds = [start - 1, start, start + 1, now - 1, now, now + 1, now + 2]
            var timeline = Timeline(weights: OutcomeWeights(OutcomeTable()))
            timeline.grow(to: 1)
            if isLate { timeline.fold(nowSecond: now) }
            for second in seconds {
                if !isLate { timeline.fold(nowSecond: min(second, now)) }
                timeline.addSetup(customer: 0, second: UInt32(second), isBlocked: false, sign: 1)
                timeline.addOutcome(
                    customer: 0, second: UInt32(second), outcome: .busy, code: 486, pddMilliseconds: 10, sign: 1)
            }
            for clock in [now, now + 1, now + slot, now + window.seconds, now + window.seconds + slot] {
                timeline.fold(nowSecond: clock)
                let first = Timeline.start(of: window, nowSecond: clock)
                let expected = Int64(seconds.filter { (first...clock).contains($0) }.count)
                let found = timeline.sliding[window.rawValue].count(.bids, 0)
                #expect(found == expected, "\(window.name), \(place), clock \(clock - now)")
                timeline.refreshPeaks(window)
                #expect(timeline.sliding[window.rawValue].peak[0] == (expected > 0 ? 1 : 0))
                let codes = timeline.codes(customer: 0, in: window)[486] ?? 0
                #expect(codes == expected, "\(window.name), \(place), clock \(clock - now)")
                var delays: Int64 = 0
                timeline.forEachDelay(in: window) { delays += $2 }
                #expect(delays == expected)
                let all = Int64(seconds.filter { $0 <= clock }.count)
                #expect(timeline.all.count(.bids, 0) == all && timeline.codes(customer: 0, in: .all)[486] == all)
            }
        }
    }

    @Test func startsOfWindows() {
        for window in Window.sliding {
            let slot = window.slotSeconds
            #expect(window.seconds == 60 * slot)
            for now in [0, 1, slot - 1, slot, 1_763_800_123] as [Int64] {
                let start = Timeline.start(of: window, nowSecond: now)
                #expect((start + window.seconds) % slot == 0 && start + window.seconds > now)
                #expect(start + window.seconds - slot <= now, "\(window.name) \(now)")
            }
            // Below 0 slots begin where they do above.
            #expect(Timeline.floor(-1, slot) == -slot && Timeline.floor(-slot, slot) == -slot)
        }
        let now: Int64 = 1_763_800_123
        let start = Timeline.start(of: .oneDay, nowSecond: now)
        #expect(Timeline.isLate(second: start - 1, nowSecond: now) && !Timeline.isLate(second: start, nowSecond: now))
    }
}
