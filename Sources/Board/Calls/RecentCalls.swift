import CallEvents

/// The most recently finished calls of all customers, for later look-up. The newest ones can be corrected by number.
///
/// They are stored in chunks of some thousand, which are values: saving or searching works on the chunks of one
/// instant, and at most one chunk is copied for it at a time. A batch of finished calls is a chunk as it came (its
/// columns, shared with other owners). The oldest chunks are dropped when the rest is enough.
struct RecentCalls: Sendable {
    /// Older chunks, oldest first; those before `firstSealed` are dropped.
    private var sealed: [FinishedChunk] = []
    private var firstSealed = 0
    /// The chunk that single calls are appended to.
    private var open = FinishedChunk()
    /// Number of calls in the chunks before `open`.
    private var sealedCount = 0
    private var sealedDetailBytes = 0
    /// Calls ever appended: the number of the newest one.
    private(set) var appended: UInt32 = 0

    /// Number of calls to retain.
    let limit: Int
    let codes: OutcomeCodes

    init(_ codes: OutcomeCodes, limit: Int = BoardLimits.keptCalls) {
        self.codes = codes
        self.limit = min(max(1, limit), BoardLimits.finishedCalls)
    }

    /// Number of calls that can be found.
    var count: Int { min(limit, sealedCount + open.calls.count) }

    var byteSize: Int {
        sealed[firstSealed...].reduce(0) { $0 + $1.byteSize } + open.byteSize
            + sealed.capacity * MemoryLayout<FinishedChunk>.stride
    }

    // ---- appending ------------------------------------------------------------------------------------------

    /// Returns the call's number, for corrections: valid as long as the call is retained. Never 0, except once in four
    /// thousand million calls, which cannot be corrected then.
    @inline(__always) @discardableResult
    mutating func append(_ call: RecentCall) -> UInt32 {
        // Half of a chunk's bytes of details are reserved for corrections of its calls.
        let isFull = open.calls.count >= BoardLimits.chunkCalls
        if isFull || open.details.count > BoardLimits.chunkDetailBytes / 2 { seal() }
        open.calls.append(call)
        appended &+= 1
        return appended
    }

    /// Rows of a batch with equally long columns; all of them are right and of customers.
    mutating func append(_ batch: CallRecordBatch, _ rows: some Sequence<Int>, customers: [UInt32]) {
        for row in rows {
            append(batch, row, batch.recent(row, customers: customers, codes), costMicros: batch.cost(row))
        }
    }

    /// A row of a batch with what is known of it besides. Answers its number.
    /// - Parameter costMicros: nil: none was told.
    @discardableResult
    mutating func append(_ batch: CallRecordBatch, _ row: Int, _ call: RecentCall, costMicros: Int64?) -> UInt32 {
        append(call)
        let place = open.calls.count - 1
        if let detail = batch.knownDetail(row) {
            open.setDetails(place, batch.details.bytes[batch.details.range(detail)])
        }
        if let costMicros { open.setCost(place, costMicros) }
        return appended
    }

    /// A whole batch of this kind.
    mutating func append(_ batch: CallRecordBatch, customers: [UInt32]) {
        guard BoardLimits.waitingBatch.contains(batch.count), batch.detail.isEmpty else {
            return append(batch, 0..<batch.count, customers: customers)
        }
        seal()
        var batch = batch
        batch.parties = []
        appended &+= UInt32(batch.count)
        push(FinishedChunk(firstNumber: open.firstNumber, batch: batch, customers: customers))
        open.firstNumber = appended &+ 1
    }

    /// Begins a new chunk.
    @inline(never)
    private mutating func seal() {
        guard !open.calls.isEmpty else { return }
        push(open)
        open = FinishedChunk(firstNumber: appended &+ 1)
        open.calls.reserveCapacity(min(BoardLimits.chunkCalls, limit))
    }

    private mutating func push(_ chunk: FinishedChunk) {
        sealed.append(chunk)
        sealedCount += chunk.count
        sealedDetailBytes += chunk.detailBytes
        while firstSealed < sealed.count - 1, sealedCount - sealed[firstSealed].count >= limit || hasTooManyDetails {
            sealedCount -= sealed[firstSealed].count
            sealedDetailBytes -= sealed[firstSealed].detailBytes
            sealed[firstSealed] = FinishedChunk()
            firstSealed += 1
        }
        if firstSealed >= 64 && firstSealed * 2 >= sealed.count {
            sealed.removeFirst(firstSealed)
            firstSealed = 0
        }
    }

    private var hasTooManyDetails: Bool {
        sealedDetailBytes > max(limit, BoardLimits.chunkCalls) * BoardLimits.detailBytesPerCall
    }

    // ---- correcting -----------------------------------------------------------------------------------------

    /// Corrects a call of which more was observed.
    mutating func correct(_ number: UInt32, _ call: RecentCall) {
        change(number) { chunk, index in
            let detail = chunk.calls[index].detail
            chunk.calls[index] = call
            chunk.calls[index].detail = detail
        }
    }

    /// Removes a call that is not over after all.
    mutating func withdraw(_ number: UInt32) {
        change(number) { $0.calls[$1].customer = TrackedCall.unknown }
    }

    /// A call and its cost; nil: it is not kept any more, or was withdrawn. (The cost is nil where none was told.)
    func call(_ number: UInt32) -> (call: RecentCall, costMicros: Int64?)? {
        guard let (place, index) = place(number) else { return nil }
        let chunk = place.map { sealed[$0] } ?? open
        guard chunk.customer(index) < TrackedCall.otherLeg else { return nil }
        return (chunk.call(index, codes), chunk.toldCost(index))
    }

    /// Sets a call's cost, 10^-6 of the customer's currency.
    mutating func setCost(_ number: UInt32, _ micros: Int64) { change(number) { $0.setCost($1, micros) } }

    /// Details of a call; empty: none are known, or the call is no longer retained.
    func packedDetails(_ number: UInt32) -> [UInt8] {
        guard let (chunk, index) = place(number) else { return [] }
        return Array((chunk.map { sealed[$0] } ?? open).packedDetails(index))
    }

    mutating func setDetails(_ number: UInt32, _ packed: some Collection<UInt8>) {
        change(number) { $0.setDetails($1, packed) }
    }

    private mutating func change(_ number: UInt32, _ change: (inout FinishedChunk, Int) -> Void) {
        guard let (chunk, index) = place(number) else { return }
        guard let chunk else { return change(&open, index) }
        // Records are never corrected.
        guard sealed[chunk].batch == nil else { return }
        let before = sealed[chunk].detailBytes
        change(&sealed[chunk], index)
        sealedDetailBytes += sealed[chunk].detailBytes - before
    }

    /// The chunk, nil for the open one, and the position in it.
    private func place(_ number: UInt32) -> (chunk: Int?, index: Int)? {
        guard number != 0 else { return nil }
        let age = Int(appended &- number)
        if age < open.calls.count { return (nil, open.calls.count - 1 - age) }
        guard age < count else { return nil }
        var (low, high) = (firstSealed, sealed.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(appended &- sealed[middle].firstNumber) >= age { low = middle } else { high = middle }
        }
        let index = Int(number &- sealed[low].firstNumber)
        return low < sealed.count && index < sealed[low].count ? (low, index) : nil
    }

    // ---- reading --------------------------------------------------------------------------------------------

    /// Passes calls to `take`, newest first, until it returns false.
    func forEachNewest(within: Int = .max, _ take: (FinishedChunk, Int) -> Bool) {
        var rest = min(limit, within)
        for place in stride(from: sealed.count, through: firstSealed, by: -1) {
            let chunk = place == sealed.count ? open : sealed[place]
            for index in stride(from: chunk.count - 1, through: 0, by: -1) {
                if rest == 0 { return }
                rest -= 1
                if chunk.isShown(index) && !take(chunk, index) { return }
            }
        }
    }

    /// The newest calls of a customer's row, newest first.
    /// - Parameter within: how many of all calls are searched.
    func latest(
        customer: UInt32, count: Int, within: Int = .max, where isWanted: (_ isInbound: Bool) -> Bool = { _ in true }
    ) -> [FinishedCall] {
        var found: [FinishedCall] = []
        if count <= 0 { return found }
        forEachNewest(within: within) { chunk, index in
            if chunk.customer(index) == customer && isWanted(chunk.call(index, codes).isInbound) {
                found.append(shown(chunk, index))
            }
            return found.count < count
        }
        return found
    }

    /// Whether the newest calls of a customer were told by records alone, after they had ended; false where there are
    /// none.
    /// - Parameters:
    ///   - count: how many of its calls are looked at.
    ///   - within: how many calls of all customers.
    func cameAsRecords(customer: UInt32, count: Int, within: Int) -> Bool {
        var (seen, heard) = (0, false)
        forEachNewest(within: within) { chunk, index in
            guard chunk.customer(index) == customer else { return true }
            seen += 1
            let sources = chunk.call(index, codes).sources
            heard = sources.contains(.heard) || sources.contains(.accounted) || !sources.contains(.told)
            return !heard && seen < count
        }
        return seen > 0 && !heard
    }

    func shown(_ chunk: FinishedChunk, _ index: Int) -> FinishedCall {
        let call = chunk.call(index, codes)
        var shown = call.shown
        shown.customerID = call.customer + 1
        shown.costMicros = chunk.cost(index)
        shown.details = chunk.details(index)
        return shown
    }

    /// Passes the retained calls with a number after this one to `take`, oldest first.
    func forEach(after number: UInt32, _ take: (UInt32, FinishedChunk, Int) -> Void) {
        // `sealed` are in the order of their numbers, followed by `open`.
        let wanted = min(Int(appended &- number), sealedCount + open.calls.count)
        // The first of them is mostly in the open chunk: the others are not touched, for a look-up follows each row.
        var (first, covered) = (sealed.count, open.calls.count)
        while covered < wanted {
            first -= 1
            covered += sealed[first].count
        }
        var skipped = covered - wanted
        for place in first...sealed.count {
            let chunk = place == sealed.count ? open : sealed[place]
            for index in skipped..<chunk.count {
                take(chunk.firstNumber &+ UInt32(truncatingIfNeeded: index), chunk, index)
            }
            skipped = 0
        }
    }

    // ---- saving ---------------------------------------------------------------------------------------------

    /// Passes all retained calls to `take`, withdrawn ones too, oldest first.
    func forEachOldest(_ take: (FinishedChunk, Int) -> Void) {
        var skipped = sealedCount + open.calls.count - count
        for place in firstSealed...sealed.count {
            let chunk = place == sealed.count ? open : sealed[place]
            for index in min(skipped, chunk.count)..<chunk.count { take(chunk, index) }
            skipped = max(0, skipped - chunk.count)
        }
    }

    /// The next call gets the number after this one; the table is still empty.
    mutating func begin(number: UInt32) {
        appended = number
        open.firstNumber = number &+ 1
    }

    /// What is known besides of the call that was appended last.
    mutating func restoreLast(_ packed: [UInt8], costMicros: Int64?) {
        open.setDetails(open.calls.count - 1, packed)
        if let costMicros { open.setCost(open.calls.count - 1, costMicros) }
    }
}
