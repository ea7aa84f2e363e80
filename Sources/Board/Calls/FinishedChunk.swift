import CallEvents

/// Consecutively finished calls: rows of their own, or a batch as it came.
struct FinishedChunk: Sendable {
    /// The number of the first call, see `RecentCalls.appended`.
    var firstNumber: UInt32 = 1
    var calls: [RecentCall] = []
    /// Packed details of `calls`; a call's `detail` is its position here plus one.
    var details: [UInt8] = []
    /// Costs of `calls`, 10^-6 of the customer's currency, or `CallRecordBatch.untoldCost`; may be shorter.
    var costs: [Int64] = []

    /// Instead of `calls`: a batch without details whose calls are unpacked on demand.
    var batch: CallRecordBatch?
    /// One customer row per party of the batch.
    var customers: [UInt32] = []

    var count: Int { batch?.count ?? calls.count }

    /// Bytes of details.
    var detailBytes: Int { details.count }

    var byteSize: Int {
        // A call of a batch takes 31 bytes.
        guard let batch else {
            return calls.capacity * MemoryLayout<RecentCall>.stride + details.capacity + costs.capacity * 8
        }
        return batch.count * 31 + customers.capacity * 4
    }

    /// - Parameter codes: give the outcomes of a batch's calls.
    @inline(__always)
    func call(_ index: Int, _ codes: OutcomeCodes) -> RecentCall {
        guard let batch else { return calls[index] }
        return batch.recent(index, customers: customers, codes)
    }

    @inline(__always)
    func customer(_ index: Int) -> UInt32 {
        guard let batch else { return calls[index].customer }
        return customers[Int(batch.party[index])]
    }

    /// Whether there is a call to be shown: it was not withdrawn, and is more than a cost.
    @inline(__always)
    func isShown(_ index: Int) -> Bool {
        customer(index) < TrackedCall.otherLeg && (batch != nil || !calls[index].isCostOnly)
    }

    func details(_ index: Int) -> CallDetails {
        guard let range = detailRange(index) else { return CallDetails() }
        return PackedCallDetails.read(details.span, range)
    }

    /// The packed details; empty: none are known.
    func packedDetails(_ index: Int) -> ArraySlice<UInt8> {
        detailRange(index).map { details[$0] } ?? []
    }

    /// The range of the call's whole Call-ID in `details`; nil: unknown.
    func callIDRange(_ index: Int) -> Range<Int>? {
        guard batch == nil, calls[index].detail != 0 else { return nil }
        return PackedCallDetails.callID(details.span, at: Int(calls[index].detail) - 1)
    }

    private func detailRange(_ index: Int) -> Range<Int>? {
        // Batches stored whole have none.
        let place = batch == nil ? Int(calls[index].detail) : 0
        guard place != 0, let length = PackedCallDetails.length(details.span, at: place - 1) else { return nil }
        return place - 1..<place - 1 + length
    }

    /// 10^-6 of the customer's currency; 0: none was told, too.
    func cost(_ index: Int) -> Int64 { toldCost(index) ?? 0 }

    /// The same; nil: none was told.
    func toldCost(_ index: Int) -> Int64? {
        if let batch { return batch.cost(index) }
        return index >= costs.count || costs[index] == CallRecordBatch.untoldCost ? nil : costs[index]
    }

    /// Sets packed details of one of `calls`. In place if they are no longer than the earlier ones.
    mutating func setDetails(_ index: Int, _ packed: some Collection<UInt8>) {
        if packed.isEmpty {
            calls[index].detail = 0
            return
        }
        if let range = detailRange(index), packed.count <= range.count {
            details.replaceSubrange(range.lowerBound..<range.lowerBound + packed.count, with: packed)
            return
        }
        guard details.count + packed.count <= BoardLimits.chunkDetailBytes else { return }
        calls[index].detail = UInt32(truncatingIfNeeded: details.count + 1)
        details.append(contentsOf: packed)
    }

    mutating func setCost(_ index: Int, _ micros: Int64) {
        if costs.count <= index {
            costs.append(contentsOf: repeatElement(CallRecordBatch.untoldCost, count: index + 1 - costs.count))
        }
        costs[index] = micros
    }
}

extension CallRecordBatch {
    /// The position of the row's details; nil: none are known.
    @inline(__always)
    func knownDetail(_ row: Int) -> Int? {
        guard row < detail.count, detail[row] < details.count else { return nil }
        return Int(detail[row])
    }

    /// A row as the recent calls store it.
    func recent(_ row: Int, customers: [UInt32], isInbound: Bool = false, _ codes: OutcomeCodes) -> RecentCall {
        recent(row, customer: customers[Int(party[row])], isInbound: isInbound, codes)
    }

    func recent(_ row: Int, customer: UInt32, isInbound: Bool = false, _ codes: OutcomeCodes) -> RecentCall {
        let record = record(row)
        let failed = codes.outcome(code: record.code, q850: record.q850, rang: record.rang)
        return record.recent(
            customer: customer, outcome: record.isAnswered ? .answered : failed, isInbound: isInbound)
    }
}
