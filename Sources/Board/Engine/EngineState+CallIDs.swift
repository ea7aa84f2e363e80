// Finding calls by Call-ID. Tracked calls are entered when their details arrive and removed when they are forgotten;
// finished calls are entered a run at a time, before the next look-up.

import CallEvents

extension EngineState {
    /// From now on calls are found by their Call-IDs. The first time all retained calls are entered: some 50 ms for a
    /// million, once in a server's life, for the saved state says that the index is in use.
    mutating func wantCallIDs() {
        if callIDs.isWanted { return }
        callIDs = CallIDBook(finishedCalls: recent.limit)
        callIDs.isWanted = true
        callIDs.finishedThrough = recent.appended &- UInt32(truncatingIfNeeded: recent.count)
        for number in calls.numbers { enterCallID(number) }
    }

    /// A tracked call's details arrived.
    mutating func enterCallID(_ number: UInt32) {
        let callID = trackedName(number).callID
        if !callID.isEmpty { callIDs.tracked.insert(number, hash: CallIDBook.hash(callID)) }
    }

    /// The name by which a tracked call is found; empty: its Call-ID is not known.
    private func trackedName(_ number: UInt32) -> CallName {
        let recentNumber = calls.line(number).pointee.recentNumber
        return CallName(recentNumber == 0 ? details.packed(number) : recent.packedDetails(recentNumber)[...])
    }

    /// The name by which a record or an event finds its call.
    func name(_ details: CallDetailList, _ index: Int?) -> CallName {
        index.map { CallName(details.bytes[details.range($0)]) } ?? CallName()
    }

    /// The name of a tracked call that is not over.
    func name(ofLive number: UInt32) -> CallName { CallName(details.packed(number)) }

    /// The tracked calls that may have this name.
    func trackedCalls(_ name: CallName) -> [UInt32] {
        var found: [UInt32] = []
        callIDs.tracked.forEach(CallIDBook.hash(name.callID)) { number in
            if trackedName(number).mayBe(name) { found.append(number) }
        }
        return found
    }

    /// The finished calls that may have this name, including tracked ones.
    mutating func finishedCalls(_ name: CallName) -> [(number: UInt32, call: RecentCall)] {
        enterFinishedCalls()
        var found: [(number: UInt32, call: RecentCall)] = []
        callIDs.finished.forEach(CallIDBook.hash(name.callID)) { number in
            guard let (call, _) = recent.call(number), CallName(recent.packedDetails(number)[...]).mayBe(name),
                !found.contains(where: { $0.number == number })
            else { return }
            found.append((number, call))
        }
        return found
    }

    private mutating func enterFinishedCalls() {
        guard callIDs.finishedThrough != recent.appended else { return }
        recent.forEach(after: callIDs.finishedThrough) { number, chunk, index in
            guard let range = chunk.callIDRange(index) else { return }
            callIDs.finished.insert(CallIDBook.hash(chunk.details[range]), number)
        }
        callIDs.finishedThrough = recent.appended
    }

    /// Details of a finished call arrived after it was entered.
    mutating func enterFinishedCall(_ recentNumber: UInt32) {
        let packed = recent.packedDetails(recentNumber)
        guard let range = PackedCallDetails.callID(packed.span, at: 0) else { return }
        callIDs.finished.insert(CallIDBook.hash(packed[range]), recentNumber)
    }
}
