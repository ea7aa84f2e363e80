// One call of which two sources tell: what was heard live, and a record. The table of which figure stands is in
// `docs/two-sources.md`; this is it in code, and nowhere else.

import CallEvents

extension RecentCall {
    var isAnswered: Bool { answerMicros != 0 }

    /// The call as observed, completed by a record or by an earlier join of both.
    ///
    /// Observed values win: customer, set-up, ringing, the final answer. The record supplies what was not observed: the
    /// end of an answered call with its talk time, or the outcome of a call without an observed final answer, or with
    /// only one that makes the caller try again (401, 407, 3xx).
    func completed(by record: RecentCall, _ outcomes: borrowing OutcomeTable) -> RecentCall {
        var call = self
        call.sources.formUnion(.told)
        if sources.contains(.untimed) && !record.sources.contains(.untimed) {
            // Accounting rows give the set-up by its outcome.
            call.setupMicros = record.setupMicros
            call.ringMicros = record.ringMicros
            call.sources.remove(.untimed)
            if !isAnswered { call.outcome = outcomes.outcome(code: code, q850: q850, ringing: call.ringMicros != 0) }
        }
        if isAnswered {
            if endMicros == 0 { call.takeEnd(of: record) }
            return call
        }
        guard sources.contains(.givenUp) || asksToGoOn else { return call }
        if call.ringMicros == 0, record.ringMicros != 0, !record.sources.contains(.untimed) {
            // As a delay: the clocks of two hosts differ.
            call.ringMicros = call.setupMicros &+ (record.ringMicros &- record.setupMicros)
        }
        call.answerMicros = record.answerMicros
        call.endMicros = record.endMicros
        call.talkMilliseconds = record.talkMilliseconds
        call.code = record.code
        call.q850 = record.q850
        call.outcome =
            record.isAnswered
            ? .answered : outcomes.outcome(code: record.code, q850: record.q850, ringing: call.ringMicros != 0)
        call.sources.remove(.givenUp)
        return call
    }

    private mutating func takeEnd(of record: RecentCall) {
        guard record.endMicros != 0 else { return }
        endMicros = max(record.endMicros, answerMicros)
        talkMilliseconds =
            record.isAnswered
            ? record.talkMilliseconds : TrackedCall.milliseconds(from: answerMicros, to: endMicros)
        if q850 == 0 { q850 = record.q850 }
    }

    private var asksToGoOn: Bool { code == 401 || code == 407 || (300...399).contains(code) }

    /// What it adds to its customer's figures: the same as its events or its record added.
    var contribution: Contribution {
        var result = Contribution()
        guard setupMicros != 0 else { return result }
        result.setupMicros = setupMicros
        result.outcome = outcome
        result.code = code
        let isTimed = !sources.contains(.untimed)
        if isAnswered {
            result.outcomeMicros = max(answerMicros, setupMicros)
            let heard = ringMicros == 0 ? answerMicros : min(ringMicros, answerMicros)
            if isTimed { result.pddMilliseconds = TrackedCall.milliseconds(from: setupMicros, to: heard) }
            guard endMicros != 0 else { return result }
            result.endMicros = max(endMicros, result.outcomeMicros)
            result.talkMilliseconds = talkMilliseconds
        } else {
            result.outcomeMicros = max(endMicros, setupMicros)
            if isTimed, ringMicros != 0, ringMicros <= endMicros {
                result.pddMilliseconds = TrackedCall.milliseconds(from: setupMicros, to: ringMicros)
            }
            result.endMicros = result.outcomeMicros
        }
        return result
    }

    /// The second that its cost is counted in: of its end, or of its answer where the end is not known.
    var costSecond: UInt32 {
        let added = contribution
        return EngineState.second(added.endMicros != 0 ? added.endMicros : added.outcomeMicros)
    }
}
