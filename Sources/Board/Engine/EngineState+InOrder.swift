// Events in order, of calls observed from their set-up: nearly all. The call's phase decides what such an event adds to
// the figures, so nothing that was added before need be taken back, and one cache line holds all of it. Everything out
// of order is left to `EngineState+Events`, which comes to the same figures (see `Contribution`) in every order.

import CallEvents

extension EngineState {
    /// The set-up of a customer's call that is not tracked.
    @inline(__always)
    mutating func begin(_ batch: CallEventBatch, _ index: Int, _ customer: UInt32, _ pass: inout EventPass) {
        let key = batch.key[index]
        guard hasRoom(batch, index, &pass.summary) else { return }
        let micros = batch.timeMicros[index]
        let number = calls.insert(
            CallLine(
                key: key, customer: customer, setupMicros: micros, sequence: batch.sequence[index],
                isSetupTimed: batch.kind[index] == .setup))
        if !batch.transaction.isEmpty {
            calls.setTrace(number, CallTrace(branch: batch.branch(index), lastSetupMicros: micros))
        }
        timeline.addSetup(customer: customer, second: EngineState.second(micros), isBlocked: false, sign: 1)
        pass.began(Int(batch.party[index]), setupMicros: micros)
        pass.summary.calls += 1
        pass.summary.applied += 1
        calls.schedule(number, second: nowSecond + BoardLimits.silentSetupSeconds)
    }

    /// Observes what follows a set-up. False, and nothing is changed: it is out of order.
    @inline(__always)
    mutating func observeInOrder(
        _ batch: CallEventBatch, _ index: Int, _ number: UInt32, _ pass: inout EventPass
    ) -> Bool {
        let line = calls.line(number)
        let micros = batch.timeMicros[index]
        let patience: Int64
        switch (line.pointee.phase, batch.kind[index]) {
        case (.waiting, .ring):
            let known = line.pointee.ringMicros
            guard known == 0 else {
                // It is announced or queued: the call is still in progress, though no figure changes.
                guard micros >= known else { return false }
                pass.summary.duplicates += 1
                observeAgain(number, at: micros)
                return true
            }
            line.pointee.ringMicros = micros
            patience = BoardLimits.silentRingingSeconds
        case (.waiting, .answer):
            // The failure of an earlier INVITE would have to move.
            guard !line.pointee.hasFailureInPlace else { return false }
            answer(line, at: micros, code: batch.code[index])
            patience = configuration.longestCallSeconds
        case (.waiting, .failure):
            // The failure of an INVITE that the caller followed by another.
            guard batch.sequence[index] >= line.pointee.setupSequence else { return false }
            let outcome = outcomes.outcome(
                code: batch.code[index], q850: batch.q850[index], ringing: line.pointee.ringMicros != 0)
            // Our own switch blocked it: that changes what its set-up added.
            guard outcome != .blocked else { return false }
            fail(line, at: micros, outcome: outcome, code: batch.code[index], cause: batch.q850[index])
            line.pointee.setFailure(
                at: micros, sequence: batch.sequence[index], code: batch.code[index], cause: batch.q850[index])
            if !details.isEmpty { moveDetails(number, toRecent: line.pointee.recentNumber) }
            pass.endedCustomers.append(line.pointee.customer)
            patience = BoardLimits.tombstoneSeconds
        case (.talking, .end):
            end(line, at: micros, cause: batch.q850[index])
            if !details.isEmpty { moveDetails(number, toRecent: line.pointee.recentNumber) }
            pass.endedCustomers.append(line.pointee.customer)
            patience = BoardLimits.tombstoneSeconds
        case (.over, .end):
            // The answer to a BYE, or the BYE on another leg: the earliest end counts (`TrackedCall.observeEnd`).
            guard line.pointee.isEnded(before: micros) else { return false }
            pass.summary.duplicates += 1
            return true
        default: return false
        }
        pass.summary.applied += 1
        calls.schedule(number, second: nowSecond + patience)
        return true
    }

    /// A call is still in progress although it is not answered.
    private mutating func observeAgain(_ number: UInt32, at micros: Int64) {
        var trace = calls.trace(number)
        guard micros > max(trace.provisionalMicros, calls.line(number).pointee.ringMicros) else { return }
        trace.provisionalMicros = micros
        calls.setTrace(number, trace)
        calls.schedule(number, second: nowSecond + BoardLimits.silentRingingSeconds)
    }

    @inline(__always)
    private mutating func answer(_ line: UnsafeMutablePointer<CallLine>, at micros: Int64, code: UInt16) {
        line.pointee.setAnswer(at: micros, code: code)
        line.pointee.phase = .talking
        let setup = line.pointee.setupMicros
        let ring = line.pointee.ringMicros
        timeline.addOutcome(
            customer: line.pointee.customer, second: EngineState.second(max(micros, setup)), outcome: .answered,
            code: code == 0 ? 200 : code,
            pddMilliseconds: line.pointee.isSetupTimed
                ? TrackedCall.milliseconds(from: setup, to: ring == 0 ? micros : min(ring, micros)) : -1,
            sign: 1)
    }

    @inline(__always)
    private mutating func fail(
        _ line: UnsafeMutablePointer<CallLine>, at micros: Int64, outcome: OutcomeClass, code: UInt16, cause: UInt8
    ) {
        let customer = line.pointee.customer
        let setup = line.pointee.setupMicros
        let ring = line.pointee.ringMicros
        let second = EngineState.second(max(micros, setup))
        timeline.addOutcome(
            customer: customer, second: second, outcome: outcome, code: code,
            pddMilliseconds: line.pointee.isSetupTimed && ring != 0 && ring <= micros
                ? TrackedCall.milliseconds(from: setup, to: ring) : -1,
            sign: 1)
        timeline.addEnd(customer: customer, second: second, talkMilliseconds: -1, talked: false, short: false, sign: 1)
        finish(
            line, answerMicros: 0, endMicros: micros, outcome: outcome, code: code, cause: cause, talkMilliseconds: 0)
    }

    @inline(__always)
    private mutating func end(_ line: UnsafeMutablePointer<CallLine>, at micros: Int64, cause: UInt8) {
        line.pointee.setEnd(at: micros, cause: cause)
        let customer = line.pointee.customer
        let answer = line.pointee.answerMicros
        let talk = TrackedCall.milliseconds(from: answer, to: micros)
        timeline.addEnd(
            customer: customer, second: EngineState.second(max(micros, answer, line.pointee.setupMicros)),
            talkMilliseconds: talk, talked: true, short: isShort(talk, row: Int(customer)), sign: 1)
        finish(
            line, answerMicros: answer, endMicros: micros, outcome: .answered,
            code: line.pointee.answerCode == 0 ? 200 : line.pointee.answerCode, cause: cause, talkMilliseconds: talk)
    }

    @inline(__always)
    private mutating func finish(
        _ line: UnsafeMutablePointer<CallLine>, answerMicros: Int64, endMicros: Int64, outcome: OutcomeClass,
        code: UInt16, cause: UInt8, talkMilliseconds: Int32
    ) {
        line.pointee.phase = .over
        line.pointee.recentNumber = recent.append(
            RecentCall(
                customer: line.pointee.customer, setupMicros: line.pointee.setupMicros,
                ringMicros: line.pointee.ringMicros, answerMicros: answerMicros, endMicros: endMicros,
                outcome: outcome, code: code, q850: cause, talkMilliseconds: talkMilliseconds,
                sources: .heard(isSetupTimed: line.pointee.isSetupTimed, isGivenUp: false)))
    }
}
