// Events from SIP messages: which call each belongs to.
//
// A call is found by its key (address of the caller, Call-ID, From tag), and its end by its dialog (Call-ID and both
// tags), for a BYE may come from anywhere. Both may be reused. An INVITE without To tag is of the call with its key
//
//     with a branch that the call knows             within 32 s of the last one (sent again), or until the call is over
//     with another branch, the call unanswered      until 32 s after its failure, or until given up: it continues
//     with another branch, the call answered        until its answer (and what clocks differ by), or its end
//
// (so does one from another address of the same customer, with the same CSeq: the call has that key besides its own)
// and is a new call otherwise: the call before keeps its instance key (`CallTrace`). A response belongs to the call
// that knows its branch.

import CallEvents

extension CallEventBatch {
    /// 0: the source knows no transactions, or the message does not carry its own.
    @inline(__always)
    func branch(_ index: Int) -> UInt64 { transaction.isEmpty ? 0 : transaction[index].branch }
}

extension EngineState {
    /// The call that an event belongs to.
    private enum Belonging {
        case call(UInt32)
        /// A call that begins, or whose first event this is.
        case newCall
        /// A call before the one that has the key now.
        case earlierCall
        /// A call that is over and forgotten.
        case seen
        /// No known call.
        case nothing
    }

    /// - Parameter number: of the call that has the event's key.
    mutating func observeTransaction(
        _ batch: CallEventBatch, _ index: Int, _ number: UInt32?, isSetup: Bool, _ pass: inout EventPass
    ) {
        let dialog = batch.transaction[index].dialog
        if batch.kind[index] == .end && dialog != .none {
            return observeEnd(batch, index, dialog: dialog, pending: number, &pass)
        }
        if batch.kind[index] == .refresh { return observeRefresh(batch, index, dialog == .none ? number : nil, &pass) }
        let number = number ?? byOtherKey(batch, index, &pass)
        let known: UInt32?
        switch belonging(batch, index, number, isSetup: isSetup) {
        case .call(let call): known = call
        case .newCall:
            let hasSibling = isSetup && dialog != .none && !learnInterface(batch, index)
            known = hasSibling ? joinSibling(batch, index, &pass) : nil
        case .earlierCall:
            known = insertEarlier(batch, index)
            // Its key is another call's: without room there is nothing to be done.
            if known == nil {
                pass.summary.ignored += 1
                return
            }
        case .seen:
            pass.summary.duplicates += 1
            return
        case .nothing:
            pass.summary.ignored += 1
            return
        }
        if let known {
            if isSetup { noteBranch(batch, index, known) }
            let branch = batch.branch(index)
            if batch.kind[index] == .failure && branch != 0 && branch != calls.trace(known).branch {
                observeProgress(batch, index, known, &pass.summary)
                return
            }
        }
        observe(batch, index, known, isSetup: isSetup, &pass)
        if batch.kind[index] == .answer && dialog != .none, let call = known ?? calls.find(batch.key[index]) {
            join(batch, index, dialog: dialog, call, &pass)
        }
    }

    /// The call of an event whose key no call has: a branch that its customer's proxy began from another address.
    private mutating func byOtherKey(_ batch: CallEventBatch, _ index: Int, _ pass: inout EventPass) -> UInt32? {
        calls.collect(otherKey: batch.key[index], nowSecond: nowSecond, into: &pass.dialogCalls)
        if pass.dialogCalls.isEmpty { return nil }
        let branch = batch.branch(index)
        return pass.dialogCalls.first { calls[$0].knows(branch: branch) }
            ?? pass.dialogCalls.first { !calls.trace($0).isRetired }
    }

    /// The call that this set-up continues, if both addresses are the same customer's: other senders may use the same
    /// Call-ID, and must not join a customer's attempt.
    private mutating func joinSibling(
        _ batch: CallEventBatch, _ index: Int, _ pass: inout EventPass
    ) -> UInt32? {
        let sibling = batch.transaction[index].dialog
        if let number = calls.find(sibling) {
            pass.dialogCalls = [number]
        } else {
            calls.collect(otherKey: sibling, nowSecond: nowSecond, into: &pass.dialogCalls)
        }
        let micros = batch.timeMicros[index]
        for number in pass.dialogCalls {
            let call = calls[number]
            guard call.isCustomers, !call.isInbound, call.setupMicros != 0, call.setupSequence == batch.sequence[index],
                call.setupMicros - micros <= BoardLimits.earlierCallMicros, micros <= call.endOfAttemptMicros ?? .max,
                call.customer == customer(ofSetup: index, batch, &pass)
            else { continue }
            calls.add(otherKey: batch.key[index], to: number, nowSecond: nowSecond)
            return number
        }
        return nil
    }

    private mutating func belonging(
        _ batch: CallEventBatch, _ index: Int, _ number: UInt32?, isSetup: Bool
    ) -> Belonging {
        let (key, micros, branch) = (batch.key[index], batch.timeMicros[index], batch.branch(index))
        guard let number else {
            if let earlier = calls.findRetired(key, branch: branch, micros: micros) { return .call(earlier) }
            return seen.contains(key, branch: branch, micros: micros) ? .seen : .newCall
        }
        let trace = calls.trace(number)
        let setupMicros = calls.line(number).pointee.setupMicros
        // When a capture is replayed, late answers may have lost their call, and wait in vain; the INVITE was seen.
        if setupMicros == 0 && isSetup {
            if let earlier = calls.findRetired(key, branch: branch, micros: micros) { return .call(earlier) }
            if seen.contains(key, branch: branch, micros: micros) { return .seen }
        }
        if setupMicros == 0 || trace.branch == 0 || branch == 0 { return .call(number) }
        if branch == trace.branch {
            guard isSetup, micros > trace.lastSetupMicros + BoardLimits.retransmissionMicros,
                let end = calls[number].endOfAttemptMicros, micros > end
            else { return .call(number) }
            calls.retire(number)
            return .newCall
        }
        if isSetup { return belonging(setup: batch, index, number, setupMicros) }
        if calls[number].knows(branch: branch) { return .call(number) }
        if let earlier = calls.findRetired(key, branch: branch, micros: micros) { return .call(earlier) }
        if micros + BoardLimits.agentClockMicros < setupMicros {
            return seen.contains(key, branch: branch, micros: micros) ? .seen : .nothing
        }
        return .call(number)
    }

    /// An INVITE with another branch than the latest one of the call that has its key.
    private mutating func belonging(
        setup batch: CallEventBatch, _ index: Int, _ number: UInt32, _ setupMicros: Int64
    ) -> Belonging {
        let (key, micros, branch) = (batch.key[index], batch.timeMicros[index], batch.branch(index))
        if micros + BoardLimits.agentClockMicros < setupMicros {
            if let earlier = calls.findRetired(key, branch: branch, micros: micros) { return .call(earlier) }
            if seen.contains(key, branch: branch, micros: micros) { return .seen }
            return setupMicros - micros > BoardLimits.earlierCallMicros ? .earlierCall : .call(number)
        }
        guard let end = calls[number].endOfAttemptMicros, micros > end else { return .call(number) }
        // A retransmission, or a copy by another agent, of a call that began and ended since.
        if seen.contains(key, branch: branch, micros: micros) { return .seen }
        calls.retire(number)
        return .newCall
    }

    /// Creates a call under its instance key, because a later call has its key.
    private mutating func insertEarlier(_ batch: CallEventBatch, _ index: Int) -> UInt32? {
        let key = batch.key[index].instance(branch: batch.branch(index), micros: batch.timeMicros[index])
        if calls.isFull { forgetEndedCalls() }
        guard !calls.isFull else { return nil }
        let number = calls.insert(CallLine(key: key, customer: TrackedCall.unknown))
        calls.markRetired(number)
        return number
    }

    /// When it is forgotten, an attempt is known by each of its branches.
    private mutating func noteBranch(_ batch: CallEventBatch, _ index: Int, _ number: UInt32) {
        let line = calls.line(number)
        let trace = calls.trace(number)
        let branch = batch.branch(index)
        guard trace.branch != 0, branch != trace.branch, !trace.isRetired else { return }
        if batch.sequence[index] > line.pointee.setupSequence {
            _ = seen.insert(line.pointee.key.instance(branch: trace.branch, micros: line.pointee.setupMicros))
        } else {
            _ = seen.insert(batch.key[index].instance(branch: branch, micros: batch.timeMicros[index]))
        }
    }
}

// MARK: - Dialogs

extension EngineState {
    /// An answer created a dialog for a call; its end may have been observed already, on another leg or on none.
    private mutating func join(
        _ batch: CallEventBatch, _ index: Int, dialog: CallKey, _ number: UInt32, _ pass: inout EventPass
    ) {
        calls.add(dialog: dialog, to: number)
        pass.dialogCalls.removeAll(keepingCapacity: true)
        calls.dialogs.collect(dialog, into: &pass.dialogCalls)
        if let pending = calls.find(dialog) { pass.dialogCalls.append(pending) }
        // Nearly always no other leg and no end was observed.
        if pass.dialogCalls.count <= 1 { return }
        var call = calls[number]
        for other in pass.dialogCalls where other != number {
            let line = calls[other]
            if line.endMicros != 0 { call.observeEnd(at: line.endMicros, cause: line.endCause) }
        }
        let before = calls[number]
        guard call != before else { return }
        update(number, from: before, to: call)
        calls.schedule(number, second: nowSecond + BoardLimits.tombstoneSeconds)
    }

    /// Ends every call of a dialog; the end of an unknown dialog is held for a while (`pending`).
    private mutating func observeEnd(
        _ batch: CallEventBatch, _ index: Int, dialog: CallKey, pending: UInt32?, _ pass: inout EventPass
    ) {
        pass.dialogCalls.removeAll(keepingCapacity: true)
        calls.dialogs.collect(dialog, into: &pass.dialogCalls)
        guard !pass.dialogCalls.isEmpty else {
            return observeProgress(batch, index, pending, &pass.summary)
        }
        let before = pass.summary
        for number in pass.dialogCalls where !observeInOrder(batch, index, number, &pass) {
            observeProgress(batch, index, number, &pass.summary)
        }
        pass.summary.countOnce(since: before)
    }
}

extension IngestSummary {
    /// One event for several calls counts once: as applied if it was for any of them, else as a repetition if it was.
    fileprivate mutating func countOnce(since before: IngestSummary) {
        let wasApplied = applied > before.applied
        let wasRepeated = duplicates > before.duplicates
        (applied, duplicates, ignored) = (before.applied, before.duplicates, before.ignored)
        if wasApplied { applied += 1 } else if wasRepeated { duplicates += 1 } else { ignored += 1 }
    }
}

extension TrackedCall {
    /// After this an INVITE belongs to another call; nil: the attempt continues.
    fileprivate var endOfAttemptMicros: Int64? {
        if isAnswered {
            let answered = answerMicros.addingReportingOverflow(BoardLimits.agentClockMicros).partialValue
            return endMicros == 0 ? answered : min(answered, endMicros)
        }
        let over = isFailed ? failureMicros : closedMicros
        return over == 0 ? nil : over.addingReportingOverflow(BoardLimits.retransmissionMicros).partialValue
    }
}
