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
        let rows = batch.parties.map { party in
            let row = resolve(party, relayed: false)
            // A record is of a customer's leg: there is no other leg to take it for.
            return row == TrackedCall.otherLeg ? TrackedCall.unattributed : row
        }
        let hasKeys = !batch.key.isEmpty
        for index in 0..<batch.count {
            ingest(batch, index, rows, hasKey: hasKeys && batch.key[index] != .none, now: now, &summary)
        }
        late += Int64(summary.late)
        future += Int64(summary.future)
        foldIfInboxIsFull()
        return summary
    }

    @inline(__always)
    private mutating func ingest(
        _ batch: CallRecordBatch, _ index: Int, _ rows: [UInt32], hasKey: Bool, now: Int64,
        _ summary: inout IngestSummary
    ) {
        let party = Int(batch.party[index])
        guard party < rows.count, let call = FinishedRecord(batch, index) else {
            summary.invalid += 1
            return
        }
        guard call.endMicros <= latestAccepted(now: now) else {
            summary.future += 1
            return
        }
        if hasKey && (seen.contains(batch.key[index]) || calls.find(batch.key[index]) != nil) {
            summary.duplicates += 1
            return
        }
        if configuration.clock == .events { moveClock(to: call.endMicros) }
        if hasKey { _ = seen.insert(batch.key[index]) }
        let customer = rows[party]
        guard customer < TrackedCall.otherLeg else {
            unattributed.count(batch.parties[party], micros: call.setupMicros)
            summary.unattributed += 1
            return
        }
        if Timeline.isLate(second: call.endMicros / 1_000_000, nowSecond: nowSecond) { summary.late += 1 }
        summary.calls += 1
        summary.applied += 1
        file(call, customer: customer)
        if !batch.costMicros.isEmpty && batch.costMicros[index] != 0 {
            timeline.add(
                FactEntry(customer: customer, costMicros: batch.costMicros[index]),
                second: EngineState.second(call.endMicros))
        }
    }

    @inline(__always)
    private mutating func file(_ call: FinishedRecord, customer: UInt32) {
        let outcome =
            call.isAnswered
            ? OutcomeClass.answered
            : outcomes.outcome(code: call.code, q850: call.q850, ringing: call.ringMilliseconds >= 0)
        let setupSecond = EngineState.second(call.setupMicros)
        timeline.add(FactEntry(customer: customer, fact: .setup, count: 1), second: setupSecond)
        if outcome == .blocked {
            timeline.add(FactEntry(customer: customer, fact: .blockedSetup, count: 1), second: setupSecond)
        }
        let pdd = call.pddMilliseconds
        timeline.add(
            FactEntry(
                customer: customer,
                fact: .outcome(
                    outcome, code: call.code, pddBucket: pdd >= 0 ? PDDHistogram.bucket(milliseconds: pdd) : 0),
                count: 1, milliseconds: max(0, pdd)),
            second: EngineState.second(call.outcomeMicros))
        let short = call.isAnswered && isShort(call.talkMilliseconds, row: Int(customer))
        timeline.add(
            FactEntry(
                customer: customer, fact: .end(talked: call.isAnswered, short: short), count: 1,
                milliseconds: call.isAnswered ? call.talkMilliseconds : 0),
            second: EngineState.second(call.endMicros))
        let row = Int(customer)
        if call.setupMicros > customers.lastCallMicros[row] { customers.lastCallMicros[row] = call.setupMicros }
        recent.append(
            customer: customer,
            FinishedCall(
                setupMicros: call.setupMicros,
                ringMicros: call.ringMilliseconds < 0 ? 0 : call.setupMicros + Int64(call.ringMilliseconds) * 1_000,
                answerMicros: call.isAnswered ? call.outcomeMicros : 0, endMicros: call.endMicros,
                outcome: outcome.name, code: call.code, q850: call.q850,
                talkMilliseconds: Int64(call.talkMilliseconds)))
    }
}

/// One record of a batch, checked: times in order, within 32 bits of seconds and the longest length.
private struct FinishedRecord {
    let setupMicros: Int64
    /// -1: it did not ring.
    let ringMilliseconds: Int32
    let isAnswered: Bool
    /// Answer, or the final failure.
    let outcomeMicros: Int64
    let endMicros: Int64
    let talkMilliseconds: Int32
    let pddMilliseconds: Int32
    let code: UInt16
    let q850: UInt8

    @inline(__always)
    init?(_ batch: CallRecordBatch, _ index: Int) {
        let setup = batch.setupMicros[index]
        let end = Int64(batch.endMilliseconds[index])
        guard setup > 0, end <= BoardLimits.longestCallMilliseconds else { return nil }
        // No overflow: such a setup is below 2^53 micros, and the longest call is below 2^42.
        guard setup / 1_000_000 <= Int64(UInt32.max), (setup + end * 1_000) / 1_000_000 <= Int64(UInt32.max) else {
            return nil
        }
        let answer = batch.answerMilliseconds[index]
        let ring = batch.ringMilliseconds[index]
        isAnswered = answer != CallRecordBatch.never
        // Answer and ring are not after the end, which fits Int32.
        guard !isAnswered || Int64(answer) <= end else { return nil }
        setupMicros = setup
        endMicros = setup + end * 1_000
        outcomeMicros = isAnswered ? setup + Int64(answer) * 1_000 : endMicros
        let isKnown = ring != CallRecordBatch.unknown
        let rang = isKnown && ring != CallRecordBatch.never && Int64(ring) <= end
        ringMilliseconds = rang ? Int32(ring) : -1
        let talk = batch.talkMilliseconds[index]
        let derived = isAnswered ? end - Int64(answer) : 0
        talkMilliseconds = talk == CallRecordBatch.never ? Int32(derived) : Int32(clamping: talk)
        pddMilliseconds =
            isAnswered && isKnown ? (rang ? Int32(min(ring, answer)) : Int32(answer)) : ringMilliseconds
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
