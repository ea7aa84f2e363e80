// Finished calls, as CDRs and bulk producers give them: all of a call at once. A call with a key is counted once, whatever
// is delivered again.

import CallEvents
import Columnar

extension EngineState {
    mutating func ingest(_ batch: CallRecordBatch, now: Int64) -> IngestSummary {
        if configuration.clock == .wall { moveClock(to: now) }
        var summary = IngestSummary()
        guard batch.hasEqualColumns else {
            summary.invalid = batch.count
            return summary
        }
        var senders = batch.parties.indices.map { sender(batch.parties[$0]) }
        let latest = latestAccepted(now: now)
        let hasKeys = !batch.key.isEmpty
        for index in 0..<batch.count {
            let party = Int(batch.party[index])
            guard party < senders.count, let call = FinishedRecord(batch, index) else {
                summary.invalid += 1
                continue
            }
            guard call.endMicros <= latest else {
                summary.future += 1
                continue
            }
            if hasKeys && isRepeated(batch.key[index]) {
                summary.duplicates += 1
                continue
            }
            if configuration.clock == .events { moveClock(to: call.endMicros) }
            if hasKeys && batch.key[index] != .none { _ = seen.insert(batch.key[index]) }
            guard senders[party].customer < TrackedCall.otherLeg else {
                unattributed.count(batch.parties[party], micros: call.setupMicros)
                summary.unattributed += 1
                continue
            }
            if Timeline.isLate(second: Int64(call.endSecond), nowSecond: nowSecond) { summary.late += 1 }
            summary.applied += 1
            file(call, &senders[party])
            if !batch.costMicros.isEmpty && batch.costMicros[index] != 0 {
                timeline.addCost(
                    customer: senders[party].customer, second: call.endSecond, micros: batch.costMicros[index])
            }
        }
        for sender in senders where sender.hasNewCall {
            customers.lastCallMicros[Int(sender.customer)] = sender.lastCallMicros
        }
        summary.calls = summary.applied
        late += Int64(summary.late)
        future += Int64(summary.future)
        return summary
    }

    private func sender(_ party: Party) -> Sender {
        let row = resolve(party, relayed: false)
        // A record is of a customer's leg: there is no other leg to take it for.
        let customer = row == TrackedCall.otherLeg ? TrackedCall.unattributed : row
        guard customer < TrackedCall.otherLeg else { return Sender(customer: customer) }
        return Sender(
            customer: customer, shortMilliseconds: shortCallMilliseconds(row: Int(customer)),
            lastCallMicros: customers.lastCallMicros[Int(customer)])
    }

    private func isRepeated(_ key: CallKey) -> Bool {
        key != .none && (seen.contains(key) || calls.find(key) != nil)
    }

    @inline(__always)
    private mutating func file(_ call: FinishedRecord, _ sender: inout Sender) {
        let customer = sender.customer
        let outcome =
            call.isAnswered
            ? OutcomeClass.answered
            : outcomes.outcome(code: call.code, q850: call.q850, ringing: call.ringMilliseconds >= 0)
        timeline.addSetup(customer: customer, second: call.setupSecond, isBlocked: outcome == .blocked, sign: 1)
        timeline.addOutcome(
            customer: customer, second: call.outcomeSecond, outcome: outcome, code: call.code,
            pddMilliseconds: call.pddMilliseconds, sign: 1)
        timeline.addEnd(
            customer: customer, second: call.endSecond, talkMilliseconds: call.talkMilliseconds,
            talked: call.isAnswered, short: Int64(call.talkMilliseconds) <= sender.shortMilliseconds, sign: 1)
        if call.setupMicros > sender.lastCallMicros {
            sender.lastCallMicros = call.setupMicros
            sender.hasNewCall = true
        }
        recent.append(
            RecentCall(
                customer: customer, setupMicros: call.setupMicros,
                ringMicros: call.ringMilliseconds < 0 ? 0 : call.setupMicros + Int64(call.ringMilliseconds) * 1_000,
                answerMicros: call.answerMicros, endMicros: call.endMicros, outcome: outcome, code: call.code,
                q850: call.q850, talkMilliseconds: call.talkMilliseconds))
    }
}

/// What a batch needs of one of its parties, so that a call does not look at his columns.
private struct Sender {
    /// His row, or `TrackedCall.unattributed`.
    let customer: UInt32
    /// An answered call of at most this length is a short one.
    var shortMilliseconds: Int64 = 0
    /// Set-up of his newest call.
    var lastCallMicros: Int64 = 0
    var hasNewCall = false
}

/// One record of a batch, checked: times in order, within 32 bits of seconds and the longest length.
private struct FinishedRecord {
    let setupMicros: Int64
    let endMicros: Int64
    /// 0: it was not answered.
    let answerMicros: Int64
    /// -1: it did not ring.
    let ringMilliseconds: Int32
    /// 0 where it was not answered.
    let talkMilliseconds: Int32
    let pddMilliseconds: Int32
    let setupSecond: UInt32
    /// Of the answer, or of the final failure.
    let outcomeSecond: UInt32
    let endSecond: UInt32
    let code: UInt16
    let q850: UInt8

    @inline(__always) var isAnswered: Bool { answerMicros != 0 }

    @inline(__always)
    init?(_ batch: CallRecordBatch, _ index: Int) {
        let setup = batch.setupMicros[index]
        let end = batch.endMilliseconds[index]
        let answer = batch.answerMilliseconds[index]
        let isAnswered = answer != CallRecordBatch.never
        guard setup > 0, Int64(end) <= BoardLimits.longestCallMilliseconds, !isAnswered || answer <= end,
            batch.costMicros.isEmpty || batch.costMicros[index].magnitude <= BoardLimits.costMicros.magnitude
        else { return nil }
        let (second, micros) = setup.quotientAndRemainder(dividingBy: 1_000_000)
        // At most 2^31 milliseconds after a second that fits 32 bits: both ends are checked, nothing between is outside.
        guard second + Int64(BoardLimits.longestCallMilliseconds / 1_000) < Int64(UInt32.max) else { return nil }
        let setupSecond = UInt32(truncatingIfNeeded: second)
        let setupMilliseconds = UInt32(truncatingIfNeeded: micros) / 1_000
        // The second of a moment so many milliseconds after the set-up; the set-up's odd microseconds change no second.
        let secondAfter = { (milliseconds: UInt32) in setupSecond &+ (setupMilliseconds &+ milliseconds) / 1_000 }
        self.setupSecond = setupSecond
        endSecond = secondAfter(end)
        outcomeSecond = isAnswered ? secondAfter(answer) : endSecond
        setupMicros = setup
        endMicros = setup + Int64(end) * 1_000
        answerMicros = isAnswered ? setup + Int64(answer) * 1_000 : 0

        let ring = batch.ringMilliseconds[index]
        let isKnown = ring != CallRecordBatch.unknown
        let rang = isKnown && ring != CallRecordBatch.never && ring <= end
        ringMilliseconds = rang ? Int32(truncatingIfNeeded: ring) : -1
        let talk = batch.talkMilliseconds[index]
        talkMilliseconds =
            !isAnswered ? 0 : Int32(clamping: talk == CallRecordBatch.never ? end &- answer : talk)
        // Ring, answer and end are below 2^31 here.
        pddMilliseconds =
            isAnswered && isKnown
            ? Int32(truncatingIfNeeded: rang ? min(ring, answer) : answer) : ringMilliseconds
        code = isAnswered && batch.code[index] == 0 ? 200 : batch.code[index]
        q850 = batch.q850[index]
    }
}

extension CallRecordBatch {
    /// Every column has one element a call; those of costs and keys may be empty.
    fileprivate var hasEqualColumns: Bool {
        let count = count
        return setupMicros.count == count && ringMilliseconds.count == count && answerMilliseconds.count == count
            && endMilliseconds.count == count && talkMilliseconds.count == count && code.count == count
            && q850.count == count && (costMicros.isEmpty || costMicros.count == count)
            && (key.isEmpty || key.count == count)
    }
}
