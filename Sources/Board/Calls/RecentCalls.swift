/// A call that is over, as it is remembered: 48 octets. Times are microseconds since 1970; 0: it did not happen.
struct RecentCall {
    var customer: UInt32
    var talkMilliseconds: Int32
    var setupMicros: Int64
    var ringMicros: Int64
    var answerMicros: Int64
    var endMicros: Int64
    var code: UInt16
    var q850: UInt8
    var outcome: OutcomeClass

    init(
        customer: UInt32, setupMicros: Int64, ringMicros: Int64, answerMicros: Int64, endMicros: Int64,
        outcome: OutcomeClass, code: UInt16, q850: UInt8, talkMilliseconds: Int32
    ) {
        self.customer = customer
        self.talkMilliseconds = talkMilliseconds
        self.setupMicros = setupMicros
        self.ringMicros = ringMicros
        self.answerMicros = answerMicros
        self.endMicros = endMicros
        self.code = code
        self.q850 = q850
        self.outcome = outcome
    }

    init(_ call: TrackedCall, outcome: OutcomeClass) {
        let talked = call.isAnswered && call.endMicros != 0
        self.init(
            customer: call.customer, setupMicros: call.setupMicros, ringMicros: call.ringMicros,
            answerMicros: call.answerMicros,
            endMicros: call.isAnswered ? call.endMicros : call.isFailed ? call.failureMicros : call.closedMicros,
            outcome: outcome,
            code: call.isAnswered ? max(200, call.answerCode) : call.isFailed ? call.failureCode : 408,
            q850: call.isAnswered ? call.endCause : call.failureCause,
            talkMilliseconds: talked ? TrackedCall.milliseconds(from: call.answerMicros, to: call.endMicros) : 0)
    }

    var shown: FinishedCall {
        FinishedCall(
            setupMicros: setupMicros, ringMicros: ringMicros, answerMicros: answerMicros, endMicros: endMicros,
            outcome: outcome.name, code: code, q850: q850, talkMilliseconds: Int64(talkMilliseconds))
    }
}

/// The calls of all customers that finished last, for `explain`: a ring of fixed size. The newest ones can be corrected by
/// the number that they got.
struct RecentCalls {
    var ring: [RecentCall] = []
    var next = 0
    /// Calls appended ever.
    var appended: UInt32 = 0

    var byteSize: Int { ring.capacity * MemoryLayout<RecentCall>.stride }

    /// The call's number, for corrections: it stands for the call until as many others came as the ring holds. Never 0, but
    /// once in four thousand million calls, which cannot be corrected then.
    @inline(__always) @discardableResult
    mutating func append(_ call: RecentCall) -> UInt32 {
        if ring.count < BoardLimits.recentCalls {
            ring.append(call)
        } else {
            ring[next] = call
            next = next + 1 == ring.count ? 0 : next + 1
        }
        appended &+= 1
        return appended
    }

    /// As many calls as the ring holds, at most.
    mutating func append(_ calls: UnsafeBufferPointer<RecentCall>) {
        var rest = calls[...]
        if ring.count < BoardLimits.recentCalls {
            let first = rest.prefix(BoardLimits.recentCalls - ring.count)
            ring.append(contentsOf: first)
            rest = rest.dropFirst(first.count)
        }
        while !rest.isEmpty {
            let part = rest.prefix(ring.count - next)
            ring.withUnsafeMutableBufferPointer { ring in
                // `part` is as long as what is left of the ring, at most, and lies elsewhere.
                _ = ring[next...].update(fromContentsOf: part)
            }
            next = (next + part.count) % ring.count
            rest = rest.dropFirst(part.count)
        }
        appended &+= UInt32(calls.count)
    }

    /// More was heard of a call.
    mutating func correct(_ number: UInt32, _ call: RecentCall) {
        if let place = place(number) { ring[place] = call }
    }

    /// A call is not over after all.
    mutating func withdraw(_ number: UInt32) {
        if let place = place(number) { ring[place].customer = TrackedCall.unknown }
    }

    private func place(_ number: UInt32) -> Int? {
        let age = Int(appended &- number)
        guard number != 0, age < ring.count else { return nil }
        return (next - 1 - age + 2 * ring.count) % ring.count
    }

    /// The newest calls of a customer's row, newest first.
    func latest(customer: UInt32, count: Int) -> [FinishedCall] {
        var found: [FinishedCall] = []
        for step in 1...max(1, ring.count) where !ring.isEmpty && found.count < count {
            let call = ring[(next - step + 2 * ring.count) % ring.count]
            if call.customer == customer { found.append(call.shown) }
        }
        return found
    }
}
