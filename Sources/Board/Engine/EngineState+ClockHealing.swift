// Going back to the machine's time after it ran ahead and was corrected.
//
// Everything that the board knows has its own time, so it is evaluated again as of the earlier one: the windows are
// rebuilt, deadlines that the jump brought near are put off, and calls that were given up only because of the jump live
// again. What has times still in the future stays in the window `all`; a call with such times is forgotten, so that
// nothing that follows takes back what was never added.

import CallEvents
import Columnar

extension EngineState {
    /// Checks the machine's clock, and goes back to it when it has been steady for long enough.
    mutating func watchClock(now: Int64) {
        guard configuration.clock == .wall, clockWatch.check(now: now, board: nowMicros), readers == 0 else { return }
        goBack(to: now)
    }

    /// Sets the clock to an earlier time.
    mutating func goBack(to now: Int64) {
        guard readers == 0, now > 0, now < nowMicros else { return }
        let second = now / 1_000_000
        let latestMicros = now.addingReportingOverflow(BoardLimits.futureMicros).partialValue
        var healing = ClockHealing()
        healing.micros = nowMicros - now
        healing.callsMeanwhile = clockWatch.callsMeanwhile
        healing.forgottenCalls = putCallsRight(latestMicros: latestMicros)
        let rewound = timeline.rewind(to: second, latest: latestMicros / 1_000_000)
        healing.misplacedFacts = rewound.misplacedFacts
        healing.wholeFromMicros = rewound.wholeFromSecond * 1_000_000
        nowMicros = now
        nowSecond = second
        foldedMicros = now
        putDeadlinesRight()
        putTimesRight(now: now)
        coverage.goBack(to: now, wholeFromMicros: healing.wholeFromMicros)
        forgetQueries()
        let healedCount = clockWatch.healedCount + 1
        clockWatch = ClockWatch()
        clockWatch.healedCount = healedCount
        clockWatch.lastHealing = healing
    }

    /// - Returns: how many live calls were forgotten.
    private mutating func putCallsRight(latestMicros latest: Int64) -> Int {
        var forgotten = 0
        for number in calls.numbers {
            putSessionRight(number, latestMicros: latest)
            if isGivenUpTooEarly(number, latestMicros: latest) { reviveCall(number) }
            let call = calls[number]
            let newest = max(
                max(call.lastHeardMicros, call.answerMicros), max(call.failureMicros, call.endMicros))
            guard newest > latest else { continue }
            if call.isCustomers && call.isLive {
                countLive(call, -1)
                forgotten += 1
            }
            if call.setupMicros != 0 { _ = seen.insert(calls.seenKey(number)) }
            forget(number)
        }
        return forgotten
    }

    /// By the earlier time it is not overdue, or has been refreshed meanwhile.
    private func isGivenUpTooEarly(_ number: UInt32, latestMicros latest: Int64) -> Bool {
        let call = calls[number]
        if call.closedMicros > latest { return true }
        guard call.closedMicros != 0, call.wasClosedAnswered, !call.isTold, calls.session(number) != nil else {
            return false
        }
        return expirySecond(number, answerMicros: call.answerMicros) > latest / 1_000_000
    }

    /// A refresh with a time that has not come was heard before now: whatever it says counts from now on at the latest.
    private mutating func putSessionRight(_ number: UInt32, latestMicros latest: Int64) {
        guard let session = calls.session(number), let right = session.bounded(latestMicros: latest) else { return }
        calls.setSession(number, right)
    }

    /// Given up at a time that has not come.
    private mutating func reviveCall(_ number: UInt32) {
        let before = calls[number]
        var call = before
        call.closedMicros = 0
        call.wasClosedAnswered = false
        if call.isCustomers {
            if before.wasClosedAnswered { timedOut -= 1 } else { noResponse -= 1 }
        }
        update(number, from: before, to: call)
    }

    /// Deadlines count from the time of the last observed event, at most from now.
    private mutating func putDeadlinesRight() {
        calls.forgetDeadlines(now: nowSecond)
        for number in calls.numbers {
            let deadline = Int64(calls.line(number).pointee.deadlineSecond)
            calls.schedule(number, second: min(deadline, nowSecond + patience(number)))
        }
    }

    private func patience(_ number: UInt32) -> Int64 {
        let call = calls[number]
        if call.setupMicros == 0 { return BoardLimits.orphanSeconds }
        // One that was given up may have been so too early; see `memorySeconds`.
        if call.isOver { return call.closedMicros == 0 ? BoardLimits.tombstoneSeconds : memorySeconds(number) }
        guard call.isAnswered, calls.session(number) != nil else { return patienceSeconds(call) }
        return max(1, expirySecond(number, answerMicros: call.answerMicros) - nowSecond)
    }

    private mutating func putTimesRight(now: Int64) {
        for row in 0..<customers.count where customers.lastCallMicros[row] > now {
            customers.lastCallMicros[row] = now
        }
        let nextPurge = now.addingReportingOverflow(BoardLimits.purgeIntervalMicros).partialValue
        nextPurgeMicros = min(nextPurgeMicros, nextPurge)
    }
}

extension Engine {
    /// Whether the machine's clock is behind the board's.
    public var clockWatch: ClockWatch { state.clockWatch }
}

extension Coverage {
    /// - Parameter wholeFromMicros: windows lack part of what is older; 0: nothing is missing.
    mutating func goBack(to now: Int64, wholeFromMicros: Int64) {
        beganMicros = min(beganMicros, now)
        fromMicros = max(min(fromMicros, now), wholeFromMicros)
    }
}
