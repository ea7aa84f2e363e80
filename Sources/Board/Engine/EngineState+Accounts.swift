// Accounting rows of an observed call. They come as events, one per transaction, and give the set-up by its outcome
// only (`CallEventKind.setupUntimed`). Their call is tracked beside the observed one, as another leg, and completes
// that one, as a record does, when it is over. Call-ID and From tag decide each time again which call that is.

import CallEvents

extension EngineState {
    /// - Returns: false: the set-up is of no observed call, and is treated like any other.
    mutating func observeAccount(
        _ batch: CallEventBatch, _ index: Int, _ known: UInt32?, _ pass: inout EventPass
    ) -> Bool {
        let before = known.map { calls[$0] }
        // Its end may have been observed before its set-up.
        guard before == nil || before?.customer == TrackedCall.unknown, let place = batch.knownDetail(index) else {
            return false
        }
        let name = name(batch.details, place)
        if name.isEmpty { return false }
        wantCallIDs()
        var call = before ?? TrackedCall(key: batch.key[index], customer: TrackedCall.otherLeg)
        call.customer = TrackedCall.otherLeg
        call.isAccount = true
        call.observeSetup(at: batch.timeMicros[index], sequence: batch.sequence[index], isTimed: false)
        guard observedCall(name, heard(call), isTimed: true) != nil else { return false }
        guard known != nil || hasRoom(batch, index, &pass.summary) else { return true }
        let number = known ?? calls.insert(call)
        calls[number] = call
        details.set(number, batch.details.bytes[batch.details.range(place)])
        // Once it is forgotten its rows are not taken for another call.
        _ = seen.insert(call.key)
        scheduleNextLook(number, call)
        pass.summary.applied += 1
        pass.summary.joined += 1
        completeByAccount(number, call)
        return true
    }

    /// More rows of a call were observed.
    mutating func completeByAccount(_ number: UInt32, _ call: TrackedCall) {
        guard call.isAccount, call.setupMicros != 0, call.isOver, call.closedMicros == 0 else { return }
        var record = heard(call)
        record.sources = [.told, .untimed]
        let name = name(ofLive: number)
        guard !name.isEmpty, let heard = observedCall(name, record, isTimed: true) else { return }
        complete(heard, by: record, place: place(of: heard, name))
    }

    /// A call is first observed whose accounting rows came before. What they added is taken back where nothing else is
    /// known yet; a finished one is among the recent calls and is found there.
    /// - Parameter heard: with a set-up of its own time.
    mutating func takeAccounts(_ name: CallName, of heard: TrackedCall, _ pass: inout EventPass) {
        for number in trackedCalls(name) {
            let before = calls[number]
            guard before.key != heard.key, before.customer == heard.customer, before.setupMicros != 0,
                !before.isSetupTimed, !before.isInbound,
                self.heard(before).distanceMicros(to: self.heard(heard)) <= BoardLimits.joinMicros
            else { continue }
            if before.recentNumber == 0 {
                recount(self.heard(before), from: before.contribution(table: outcomes), to: Contribution())
                endLive(before, &pass)
                pass.summary.joined += 1
            } else {
                details.set(number, recent.packedDetails(before.recentNumber))
            }
            var call = before
            call.isAccount = true
            call.isTold = false
            call.customer = TrackedCall.otherLeg
            call.recentNumber = 0
            calls[number] = call
            callIDs.tracked.remove(number)
            _ = seen.insert(call.key)
        }
    }
}

extension CallEventBatch {
    /// The position of the event's details; nil: none are known.
    fileprivate func knownDetail(_ index: Int) -> Int? {
        guard index < detail.count, detail[index] < details.count else { return nil }
        return Int(detail[index])
    }
}
