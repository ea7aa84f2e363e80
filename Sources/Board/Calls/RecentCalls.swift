import CallEvents

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
///
/// A batch of finished calls is kept as it came (its columns, shared with whoever has them) and taken apart when somebody
/// asks: of a stream of batches most are pushed out before.
struct RecentCalls {
    /// Batches whose calls are all to be remembered, not yet in the ring.
    private struct Waiting {
        var batch: CallRecordBatch
        /// A customer's row for each party.
        var customers: [UInt32]
    }

    private(set) var ring: [RecentCall] = []
    private(set) var next = 0
    /// Calls appended ever, those that wait included.
    private(set) var appended: UInt32 = 0

    private var waiting: [Waiting] = []
    /// Calls that wait; at most `BoardLimits.recentCalls` and a batch.
    private var waitingCount = 0
    private let codes: OutcomeCodes

    init(_ codes: OutcomeCodes) { self.codes = codes }

    /// As `ring`, `next` and `appended` were; nil: there is no such place.
    init?(_ codes: OutcomeCodes, ring: [RecentCall], next: Int64, appended: Int64) {
        guard ring.count <= BoardLimits.recentCalls, next == 0 || (0..<Int64(ring.count)).contains(next) else {
            return nil
        }
        self.init(codes)
        self.ring = ring
        self.next = Int(next)
        self.appended = UInt32(truncatingIfNeeded: appended)
    }

    var byteSize: Int {
        // A call of a batch takes 31 octets, and each batch its parties.
        ring.capacity * MemoryLayout<RecentCall>.stride + waitingCount * 31
            + waiting.reduce(0) { $0 + $1.customers.capacity * 4 }
    }

    // ---- remembering ----------------------------------------------------------------------------------------

    /// The call's number, for corrections: it stands for the call until as many others came as the ring holds. Never 0, but
    /// once in four thousand million calls, which cannot be corrected then.
    @inline(__always) @discardableResult
    mutating func append(_ call: RecentCall) -> UInt32 {
        if !waiting.isEmpty { settle() }
        put(call)
        appended &+= 1
        return appended
    }

    /// Rows of a batch with equally long columns; all of them are right and of customers.
    mutating func append(_ batch: CallRecordBatch, _ rows: some Sequence<Int>, customers: [UInt32]) {
        for row in rows { append(batch.recent(row, customers: customers, codes)) }
    }

    /// A whole batch of this kind.
    mutating func append(_ batch: CallRecordBatch, customers: [UInt32]) {
        guard BoardLimits.waitingBatch.contains(batch.count) else {
            return append(batch, 0..<batch.count, customers: customers)
        }
        var batch = batch
        batch.parties = []
        waiting.append(Waiting(batch: batch, customers: customers))
        waitingCount += batch.count
        appended &+= UInt32(batch.count)
        while let first = waiting.first, waitingCount - first.batch.count >= BoardLimits.recentCalls {
            waitingCount -= first.batch.count
            waiting.removeFirst()
            // These alone would push out all that is there.
            ring.removeAll(keepingCapacity: true)
            next = 0
        }
    }

    /// Puts what waits into the ring.
    mutating func settle() {
        var skipped = max(0, waitingCount - BoardLimits.recentCalls)
        for each in waiting {
            let first = min(skipped, each.batch.count)
            skipped -= first
            for row in first..<each.batch.count { put(each.batch.recent(row, customers: each.customers, codes)) }
        }
        waiting = []
        waitingCount = 0
    }

    @inline(__always)
    private mutating func put(_ call: RecentCall) {
        if ring.count < BoardLimits.recentCalls {
            ring.append(call)
        } else {
            ring[next] = call
            next = next + 1 == ring.count ? 0 : next + 1
        }
    }

    /// More was heard of a call.
    mutating func correct(_ number: UInt32, _ call: RecentCall) {
        if let place = place(number) { ring[place] = call }
    }

    /// A call is not over after all.
    mutating func withdraw(_ number: UInt32) {
        if let place = place(number) { ring[place].customer = TrackedCall.unknown }
    }

    private mutating func place(_ number: UInt32) -> Int? {
        guard number != 0 else { return nil }
        if !waiting.isEmpty { settle() }
        let age = Int(appended &- number)
        guard age < ring.count else { return nil }
        return (next - 1 - age + 2 * ring.count) % ring.count
    }

    // ---- asking ---------------------------------------------------------------------------------------------

    /// The newest calls of a customer's row, newest first.
    mutating func latest(customer: UInt32, count: Int) -> [FinishedCall] {
        settle()
        var found: [FinishedCall] = []
        for step in 1...max(1, ring.count) where !ring.isEmpty && found.count < count {
            let call = ring[(next - step + 2 * ring.count) % ring.count]
            if call.customer == customer { found.append(call.shown) }
        }
        return found
    }
}

extension CallRecordBatch {
    /// A row as it is remembered.
    fileprivate func recent(_ row: Int, customers: [UInt32], _ codes: OutcomeCodes) -> RecentCall {
        let record = record(row)
        let failed = codes.outcome(code: record.code, q850: record.q850, rang: record.rang)
        return record.recent(
            customer: customers[Int(party[row])], outcome: record.isAnswered ? .answered : failed)
    }
}
