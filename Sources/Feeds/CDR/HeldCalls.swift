import CallEvents

/// Held calls, in the order of their rows.
struct HeldCalls {
    /// Nil: it was removed.
    private var calls: [HeldCall?] = []
    /// Position of the newest call with an id, counted from the first call that was ever held.
    private var newest: [CallKey: Int] = [:]
    /// Positions by the calls' keys.
    private var places: [CallKey: Int] = [:]
    /// Index of the oldest; those before it are emitted.
    private var start = 0
    /// Calls that were removed from the array's beginning.
    private var dropped = 0

    var first: HeldCall? { start < calls.count ? calls[start] : nil }

    /// The index of the newest call with an id. Valid until the next change.
    func index(of id: CallKey) -> Int? { newest[id].flatMap { index(at: $0) } }

    /// The index of the call with a key. Valid until the next change.
    func index(ofKey key: CallKey) -> Int? { places[key].flatMap { index(at: $0) } }

    /// The key of the newest call with an id that was live at a time, within `gap` microseconds.
    func key(of id: CallKey, touching span: CallSpan, gap: Int64) -> CallKey? {
        var place = newest[id]
        for _ in 0..<CDRLimits.heldOfOneID {
            guard let index = place.flatMap({ index(at: $0) }), let held = calls[index] else { return nil }
            if CallSpan(held.call).touches(span, gap: gap) { return held.call.key }
            place = held.former
        }
        return nil
    }

    mutating func append(_ call: HeldCall) {
        let place = dropped + calls.count
        var call = call
        if call.id != .none {
            call.former = newest.updateValue(place, forKey: call.id)
            places[call.call.key] = place
        }
        calls.append(call)
    }

    mutating func merge(_ call: FinishedCall, at index: Int) {
        calls[index]?.merge(call)
    }

    mutating func remove(at index: Int) {
        forget(index)
        calls[index] = nil
        passOverRemoved()
    }

    mutating func removeFirst() {
        forget(start)
        start += 1
        passOverRemoved()
        if start < calls.count, start < CDRLimits.heldRows { return }
        calls.removeFirst(start)
        dropped += start
        start = 0
    }

    /// Records the end of a read.
    mutating func countPoll() {
        for index in start..<calls.count { calls[index]?.polls += 1 }
    }

    func currency(at index: Int) -> RowCurrency? { calls[index]?.call.currency }

    func cost(at index: Int) -> Int64? { calls[index]?.call.costMicros }

    mutating func setCost(_ micros: Int64, at index: Int) { calls[index]?.call.costMicros = micros }

    private func index(at place: Int) -> Int? {
        let index = place - dropped
        return index >= start && index < calls.count && calls[index] != nil ? index : nil
    }

    private mutating func passOverRemoved() {
        while start < calls.count, calls[start] == nil { start += 1 }
    }

    private mutating func forget(_ index: Int) {
        guard let call = calls[index], call.id != .none else { return }
        if newest[call.id] == dropped + index {
            // Older ones were removed earlier, unless this one is taken from among them.
            newest[call.id] = call.former.flatMap { self.index(at: $0) == nil ? nil : $0 }
        }
        if places[call.call.key] == dropped + index { places[call.call.key] = nil }
    }
}

/// A call held until its other rows must have come.
struct HeldCall {
    var call: FinishedCall
    var party: Party
    /// Equal for all rows of one call; `.none` if they cannot be recognized.
    var id: CallKey
    /// Details that find it on the switch, from its first row.
    var details: CallDetails
    /// Position of the previous call with this id, if it was held.
    var former: Int?
    /// Where its first row begins in the file.
    var offset: Int64
    var line: Int
    /// Number of the row (of this file) that brought it.
    var row: Int
    /// Ends of reads since it was held.
    var polls = 0
}

extension HeldCall {
    /// Adds another row of the same call: a carrier dialled next, or a leg of a transfer.
    ///
    /// The call begins with its earliest row and ends with its latest; it is answered if any row is, from the earliest
    /// answer on. Talk times of several answered rows add up, to at most the time from answer to end. The cause of an
    /// unanswered call is that of its last row.
    mutating func merge(_ next: FinishedCall) {
        let shift = call.setupMicros - next.setupMicros
        var first = call
        var second = next
        // The times count from the earlier setup.
        if shift > 0 {
            Self.delay(&first, by: shift)
            first.setupMicros = next.setupMicros
        } else {
            Self.delay(&second, by: -shift)
        }
        let talks = [first, second].filter(\.isAnswered).map { row in
            row.talkMilliseconds == CallRecordBatch.never
                ? UInt64(row.endMilliseconds &- min(row.answerMilliseconds, row.endMilliseconds))
                : UInt64(row.talkMilliseconds)
        }
        var merged = first
        merged.ringMilliseconds = min(first.ringMilliseconds, second.ringMilliseconds)
        merged.answerMilliseconds = min(first.answerMilliseconds, second.answerMilliseconds)
        merged.endMilliseconds = max(first.endMilliseconds, second.endMilliseconds)
        merged.cause = second.isAnswered || !first.isAnswered ? second.cause : first.cause
        if merged.isAnswered {
            let longest = UInt64(merged.endMilliseconds &- min(merged.answerMilliseconds, merged.endMilliseconds))
            let talk = talks.count == 1 ? talks[0] : min(talks.reduce(0, +), longest)
            merged.talkMilliseconds = UInt32(clamping: min(talk, UInt64(CallRecordBatch.never - 1)))
        }
        if merged.currency == .none { merged.currency = next.currency }
        if let cost = next.costMicros {
            merged.costMicros = (call.costMicros ?? 0).addingReportingOverflow(cost).partialValue
        }
        call = merged
    }

    /// Makes the call's times count from a setup that is `micros` earlier.
    private static func delay(_ call: inout FinishedCall, by micros: Int64) {
        let milliseconds = UInt32(clamping: (micros + 500) / 1000)
        func later(_ time: UInt32) -> UInt32 {
            if time >= CallRecordBatch.unknown { return time }
            let (later, overflow) = time.addingReportingOverflow(milliseconds)
            return overflow ? CallRecordBatch.unknown - 1 : min(later, CallRecordBatch.unknown - 1)
        }
        call.ringMilliseconds = later(call.ringMilliseconds)
        call.answerMilliseconds = later(call.answerMilliseconds)
        call.endMilliseconds = later(call.endMilliseconds)
    }
}
