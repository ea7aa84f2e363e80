/// The calls of all customers that finished last, for `explain`: a ring of fixed size.
struct RecentCalls {
    private struct Entry {
        var customer: UInt32
        var call: FinishedCall
    }

    private var ring: [Entry] = []
    private var next = 0

    var byteSize: Int { ring.capacity * MemoryLayout<Entry>.stride }

    mutating func append(customer: UInt32, _ call: FinishedCall) {
        let entry = Entry(customer: customer, call: call)
        if ring.count < BoardLimits.recentCalls {
            ring.append(entry)
        } else {
            ring[next] = entry
            next = (next + 1) % ring.count
        }
    }

    mutating func append(_ call: TrackedCall, outcome: OutcomeClass) {
        let talked = call.isAnswered && call.endMicros != 0
        append(
            customer: call.customer,
            FinishedCall(
                setupMicros: call.setupMicros, ringMicros: call.ringMicros, answerMicros: call.answerMicros,
                endMicros: call.isAnswered
                    ? call.endMicros : call.isFailed ? call.failureMicros : call.closedMicros,
                outcome: outcome.name,
                code: call.isAnswered ? max(200, call.answerCode) : call.isFailed ? call.failureCode : 408,
                q850: call.isAnswered ? call.endCause : call.failureCause,
                talkMilliseconds: talked
                    ? Int64(TrackedCall.milliseconds(from: call.answerMicros, to: call.endMicros)) : 0))
    }

    /// The newest calls of a customer's row, newest first.
    func latest(customer: UInt32, count: Int) -> [FinishedCall] {
        var found: [FinishedCall] = []
        for step in 1...max(1, ring.count) where !ring.isEmpty && found.count < count {
            let entry = ring[(next - step + 2 * ring.count) % ring.count]
            if entry.customer == customer { found.append(entry.call) }
        }
        return found
    }
}
