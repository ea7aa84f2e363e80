import CallEvents
import Columnar

extension EngineState {
    /// Advances the clock: closes what is overdue and slides the windows. By the events' clock only events advance it.
    mutating func advance(now: Int64) {
        if configuration.clock == .wall {
            watchClock(now: now)
            moveClock(to: now)
        }
        fold()
    }

    /// The newest time that an event may have: a little ahead of the clock, for clocks differ.
    func latestAccepted(now: Int64) -> Int64 {
        let now = min(now, BoardLimits.latestClockMicros)
        let latest: Int64 =
            switch configuration.clock {
            case .wall: max(nowMicros, now) &+ BoardLimits.futureMicros
            case .events: now &+ BoardLimits.eventClockAheadMicros
            }
        return min(latest, BoardLimits.latestClockMicros)
    }

    /// The clock never goes back (except by `goBack`). Fires the deadlines up to the new time in order.
    @inline(__always)
    mutating func moveClock(to micros: Int64) {
        guard micros > nowMicros else { return }
        let micros = min(micros, BoardLimits.latestClockMicros)
        nowMicros = micros
        guard micros >= (nowSecond + 1) * 1_000_000 else { return }
        let second = micros / 1_000_000
        if configuration.clock == .wall && second - nowSecond > BoardLimits.clockBehindMicros / 1_000_000 {
            timeline.hold(until: second + BoardLimits.clockHoldSeconds)
        }
        nowSecond = second
        closeOverdueCalls()
    }

    /// Brings the windows up to date; to be called before any figure is read. Not while a board query reads them:
    /// figures are then as of `asOfMicros`.
    mutating func fold() {
        guard nowMicros > 0 && readers == 0 else { return }
        timeline.fold(nowSecond: nowSecond)
        foldedMicros = nowMicros
    }

    /// The time of the figures that can be read now; 0: no event was observed yet.
    var asOfMicros: Int64 { readers == 0 ? nowMicros : foldedMicros }

    private mutating func closeOverdueCalls() {
        while let due = calls.nextDue(upTo: nowSecond) {
            // Each step needs the memory that the step before prefetched, so many calls take a step together.
            for step in 0..<EngineState.steps(due.count) {
                for place in EngineState.block(step, of: due.count) {
                    calls.prefetchCall(number: due[place])
                    calls.prefetchTrace(due[place])
                }
                for place in EngineState.block(step - 1, of: due.count) {
                    calls.prefetchIndex(calls.line(due[place]).pointee.key)
                    seen.prefetch(calls.seenKey(due[place]))
                }
                for place in EngineState.block(step - 2, of: due.count) { close(due[place]) }
            }
        }
    }

    /// When nothing more was to be waited for. Of an answered call it enters no figure, but says whether a clock that
    /// ran ahead gave it up.
    private func patienceEndMicros(_ number: UInt32, _ call: TrackedCall) -> Int64 {
        guard call.isAnswered else { return call.lastHeardMicros + patienceSeconds(call) * 1_000_000 }
        guard calls.session(number) != nil else { return call.answerMicros + patienceSeconds(call) * 1_000_000 }
        return expirySecond(number, answerMicros: call.answerMicros) * 1_000_000
    }

    /// A deadline has come: the end of a tombstone, of the wait for a set-up, of the patience with a silent call.
    private mutating func close(_ number: UInt32) {
        let line = calls.line(number)
        if line.pointee.phase == .over {
            _ = seen.insert(calls.seenKey(number))
            forget(number)
        } else {
            closeOther(number)
        }
    }

    mutating func forget(_ number: UInt32) {
        if !details.isEmpty { details.remove(number) }
        if callIDs.isWanted { callIDs.tracked.remove(number) }
        calls.remove(number)
    }

    private mutating func closeOther(_ number: UInt32) {
        var call = calls[number]
        if call.setupMicros == 0 || call.customer == TrackedCall.otherLeg {
            forget(number)
        } else if call.isOver {
            _ = seen.insert(calls.seenKey(number))
            forget(number)
        } else if !(call.isAnswered && goesOn(number, call)) {
            let before = call
            giveUp(number, &call)
            update(number, from: before, to: call)
            scheduleNextLook(number, call)
        }
    }

    /// Whether an answered call has lasted as long as it may. (How long one that was not answered may be silent counts
    /// from when it was observed last.)
    func hasExpired(_ number: UInt32, _ call: TrackedCall) -> Bool {
        call.isLive && call.isAnswered && patienceEndMicros(number, call) <= nowMicros
    }

    /// Closes a call that has been silent for too long. It is to be stored afterwards.
    mutating func giveUp(_ number: UInt32, _ call: inout TrackedCall) {
        call.closedMicros = max(1, min(nowMicros, patienceEndMicros(number, call)))
        call.wasClosedAnswered = call.isAnswered
        guard call.isCustomers else { return }
        if call.isAnswered { timedOut += 1 } else { noResponse += 1 }
    }
}
