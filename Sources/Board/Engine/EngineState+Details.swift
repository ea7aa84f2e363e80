// What finds a call on the switch. Details of calls that are not over are stored beside them (`CallDetailTable`), move
// to the finished calls when the call ends, and move back if it is not over after all. Batches without details skip
// this.

import CallEvents

extension EngineState {
    /// Stores the details of some events that were observed.
    mutating func describe(_ batch: CallEventBatch, _ indices: Range<Int>, _ pass: inout EventPass) {
        for index in indices {
            guard index < batch.detail.count, batch.detail[index] < batch.details.count,
                let number = calls.find(batch.key[index]),
                // A message of an earlier call with the same SIP key says nothing about this one.
                calls.knows(number, branch: batch.branch(index))
            else { continue }
            let line = calls.line(number)
            let customer = line.pointee.customer
            guard customer < TrackedCall.otherLeg || customer == TrackedCall.unknown else { continue }
            let range = batch.details.range(Int(batch.detail[index]))
            if callIDs.isWanted && findRecord(number, batch, index, &pass) { continue }
            let prefix = techPrefix(batch, index, pass)
            if prefix == nil && line.pointee.recentNumber == 0 && !details.has(number) {
                // Nearly always there is nothing to complete.
                details.set(number, batch.details.bytes[range])
                if callIDs.isWanted { enterCallID(number) }
                continue
            }
            let isOfEnd = batch.kind[index] == .end
            let recentNumber = line.pointee.recentNumber
            var new = Array(batch.details.bytes[range])
            var old = recentNumber == 0 ? Array(details.packed(number)) : recent.packedDetails(recentNumber)
            if let prefix { (old, new) = EngineState.withoutPrefix(prefix, old: old, new: new) }
            let merged = PackedCallDetails.merge(old, new, isOfEnd: isOfEnd)
            if recentNumber == 0 {
                details.set(number, merged)
            } else {
                recent.setDetails(recentNumber, trimmed(merged, number))
                if callIDs.isWanted {
                    enterCallID(number)
                    enterFinishedCall(recentNumber)
                    if takesCostsOnly { takeCostBeside(number) }
                }
            }
        }
    }

    /// The first details of a call may bring the Call-ID of a call whose record came before.
    /// - Returns: whether there is such a record; nothing more is to be done then.
    private mutating func findRecord(
        _ number: UInt32, _ batch: CallEventBatch, _ index: Int, _ pass: inout EventPass
    ) -> Bool {
        let place = Int(batch.detail[index])
        guard !details.has(number), joinRecord(number, name(batch.details, place), &pass) else {
            return false
        }
        let recentNumber = calls.line(number).pointee.recentNumber
        let heard = Array(batch.details.bytes[batch.details.range(place)])
        let merged = PackedCallDetails.merge(heard, recent.packedDetails(recentNumber), isOfEnd: false)
        recent.setDetails(recentNumber, trimmed(merged, number))
        enterCallID(number)
        enterFinishedCall(recentNumber)
        return true
    }

    /// A call with details is over.
    mutating func moveDetails(_ number: UInt32, toRecent recentNumber: UInt32) {
        guard details.has(number) else { return }
        let packed = details.packed(number)
        if calls.isAnswered(number) && PackedCallDetails.hasFailure(packed) {
            recent.setDetails(recentNumber, PackedCallDetails.withoutFailure(Array(packed)))
        } else {
            recent.setDetails(recentNumber, packed)
        }
        details.remove(number)
        if takesCostsOnly { takeCostBeside(number) }
    }

    /// A call's state changed: its details move to where they belong now.
    mutating func noteDetails(_ number: UInt32, from before: TrackedCall, to call: TrackedCall) {
        switch (before.recentNumber, call.recentNumber) {
        case (0, 0): break
        case (0, let recentNumber):
            if !details.isEmpty { moveDetails(number, toRecent: recentNumber) }
        case (let recentNumber, 0):
            // It is not over after all. A withdrawn call keeps its details as long as it is retained.
            let packed = recent.packedDetails(recentNumber)
            if !packed.isEmpty { details.set(number, packed) }
        case (_, let recentNumber):
            if call.isAnswered && !before.isAnswered {
                let packed = recent.packedDetails(recentNumber)
                if !packed.isEmpty { recent.setDetails(recentNumber, trimmed(packed, number)) }
            }
        }
    }

    /// The details without the reason of a failure that the caller followed to an answer.
    private func trimmed(_ packed: [UInt8], _ number: UInt32) -> [UInt8] {
        calls.isAnswered(number) ? PackedCallDetails.withoutFailure(packed) : packed
    }
}
