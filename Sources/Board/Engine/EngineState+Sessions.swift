// Refreshes of sessions. They change no figure by themselves: they decide when a call is given up, or revived.

import CallEvents

extension EngineState {
    /// A refresh of every call of its dialog; without a dialog, of the call with its key. Unknown calls ignore it:
    /// their next refresh comes in time.
    mutating func observeRefresh(_ batch: CallEventBatch, _ index: Int, _ number: UInt32?, _ pass: inout EventPass) {
        pass.dialogCalls.removeAll(keepingCapacity: true)
        if let number {
            pass.dialogCalls.append(number)
        } else if !batch.transaction.isEmpty {
            calls.dialogs.collect(batch.transaction[index].dialog, into: &pass.dialogCalls)
        }
        var (isCustomers, isNew) = (false, false)
        for number in pass.dialogCalls {
            let customer = calls.line(number).pointee.customer
            if refresh(number, by: batch.sequence[index], at: batch.timeMicros[index]) { isNew = true }
            if customer < TrackedCall.otherLeg { isCustomers = true }
        }
        if !isCustomers {
            pass.summary.ignored += 1
        } else if isNew {
            pass.summary.applied += 1
        } else {
            pass.summary.duplicates += 1
        }
    }

    /// - Returns: whether it changed anything.
    private mutating func refresh(_ number: UInt32, by seconds: UInt32, at micros: Int64) -> Bool {
        let known = calls.session(number)
        // A call that never gave its session's length is like all others.
        if known == nil && (seconds == 0 || seconds == CallEventBatch.refreshAsked) { return false }
        var session = known ?? CallSession()
        session.observe(seconds, at: micros)
        guard session != known else { return false }
        calls.setSession(number, session)
        guard calls.isAnswered(number) else { return true }
        let call = calls[number]
        // A call with a record is over.
        guard call.endMicros == 0, !call.isTold else { return true }
        let expiry = expirySecond(number, answerMicros: call.answerMicros)
        if call.closedMicros != 0 {
            guard expiry > nowSecond else { return true }
            revive(number, call)
        }
        calls.schedule(number, second: expiry)
        return true
    }

    /// A call that was given up continues.
    private mutating func revive(_ number: UInt32, _ before: TrackedCall) {
        var call = before
        reopen(&call, wasCustomers: before.isCustomers)
        update(number, from: before, to: call)
    }

    /// When an answered call is given up, by its session or by the longest duration.
    func expirySecond(_ number: UInt32, answerMicros: Int64) -> Int64 {
        let session = calls.session(number) ?? CallSession()
        return session.expiryMicros(
            answerMicros: answerMicros, longestSeconds: configuration.longestCallSeconds) / 1_000_000 + 1
    }

    /// An answered call's deadline has come; with a session it may have moved.
    /// - Returns: whether the call continues.
    mutating func goesOn(_ number: UInt32, _ call: TrackedCall) -> Bool {
        guard calls.session(number) != nil else { return false }
        let expiry = expirySecond(number, answerMicros: call.answerMicros)
        guard expiry > nowSecond else { return false }
        calls.schedule(number, second: expiry)
        return true
    }

    /// How long a given-up call is remembered for its end. A session may have been ended too early because its
    /// refreshes were not mirrored: then as long as the call might have lasted without one.
    func memorySeconds(_ number: UInt32) -> Int64 {
        calls.session(number) == nil
            ? BoardLimits.tombstoneSeconds : max(BoardLimits.tombstoneSeconds, configuration.longestCallSeconds)
    }
}
