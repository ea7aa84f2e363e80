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
        let callID = trackedCallID(number)
        if !callID.isEmpty { callIDs.tracked.insert(number, hash: CallIDBook.hash(callID)) }
    }

    /// The whole Call-ID of a tracked call; nothing: it is not known.
    private func trackedCallID(_ number: UInt32) -> ArraySlice<UInt8> {
        let recentNumber = calls.line(number).pointee.recentNumber
        let packed = recentNumber == 0 ? details.packed(number) : recent.packedDetails(recentNumber)[...]
        guard let range = PackedCallDetails.callID(packed.span, at: 0) else { return [] }
        return packed[packed.startIndex + range.lowerBound..<packed.startIndex + range.upperBound]
    }

    /// The Call-ID of a row; nothing: it tells none, or one that was cut.
    func callID(_ details: CallDetailList, _ index: Int?) -> ArraySlice<UInt8> {
        guard let index else { return [] }
        let range = PackedCallDetails.callID(details.bytes.span, at: details.range(index).lowerBound)
        return range.map { details.bytes[$0] } ?? []
    }

    /// The tracked calls with this Call-ID.
    func trackedCalls(callID: ArraySlice<UInt8>) -> [UInt32] {
        var found: [UInt32] = []
        callIDs.tracked.forEach(CallIDBook.hash(callID)) { number in
            if trackedCallID(number) == callID { found.append(number) }
        }
        return found
    }

    /// The finished calls with this Call-ID, tracked ones among them.
    mutating func finishedCalls(callID: ArraySlice<UInt8>) -> [(number: UInt32, call: RecentCall)] {
        enterFinishedCalls()
        var found: [(number: UInt32, call: RecentCall)] = []
        callIDs.finished.forEach(CallIDBook.hash(callID)) { number in
            guard let (call, _) = recent.call(number), recent.has(number, callID: callID),
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
