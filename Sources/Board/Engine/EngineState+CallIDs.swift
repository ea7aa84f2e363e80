// Looking calls up by Call-ID. Tracked calls are entered when their details come and taken out when they are forgotten;
// finished ones are entered a run at a time, before somebody asks.

import CallEvents

extension EngineState {
    /// From now on calls are found by their Call-IDs. The first time all calls that are kept are entered: some 50 ms for a
    /// million, once in a server's life, for what is saved says that it was wanted.
    mutating func wantCallIDs() {
        if callIDs.isWanted { return }
        callIDs = CallIDBook(finishedCalls: recent.limit)
        callIDs.isWanted = true
        callIDs.finishedThrough = recent.appended &- UInt32(truncatingIfNeeded: recent.count)
        for number in calls.numbers { enterCallID(number) }
    }

    /// A tracked call's details came.
    mutating func enterCallID(_ number: UInt32) {
        let callID = trackedName(number).callID
        if !callID.isEmpty { callIDs.tracked.insert(number, hash: CallIDBook.hash(callID)) }
    }

    /// What a tracked call is found by; nothing: its Call-ID is not known.
    private func trackedName(_ number: UInt32) -> CallName {
        let recentNumber = calls.line(number).pointee.recentNumber
        return CallName(recentNumber == 0 ? details.packed(number) : recent.packedDetails(recentNumber)[...])
    }

    /// What a row or an event is found by.
    func name(_ details: CallDetailList, _ index: Int?) -> CallName {
        index.map { CallName(details.bytes[details.range($0)]) } ?? CallName()
    }

    /// What is known of a tracked call that is not over.
    func name(ofLive number: UInt32) -> CallName { CallName(details.packed(number)) }

    /// The tracked calls that may have this name.
    func trackedCalls(_ name: CallName) -> [UInt32] {
        var found: [UInt32] = []
        callIDs.tracked.forEach(CallIDBook.hash(name.callID)) { number in
            if trackedName(number).mayBe(name) { found.append(number) }
        }
        return found
    }

    /// The finished calls that may have this name, tracked ones among them.
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

    /// Details of a finished call came after it was entered.
    mutating func enterFinishedCall(_ recentNumber: UInt32) {
        let packed = recent.packedDetails(recentNumber)
        guard let range = PackedCallDetails.callID(packed.span, at: 0) else { return }
        callIDs.finished.insert(CallIDBook.hash(packed[range]), recentNumber)
    }
}
