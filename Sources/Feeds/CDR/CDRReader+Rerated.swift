import CallEvents

/// Rows that tell another cost of a call than a row before them.
extension CDRReader {
    /// Of a known call in a product's own format: each call has only one row, so a second one can change only the cost.
    mutating func tellCostAgain(
        _ call: FinishedCall, _ id: CallKey, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        if let index = held.index(ofKey: call.key) { return try tellHeldCost(call, at: index, layout) }
        guard let cost = call.costMicros, let known = knownCalls[id], known.key == call.key,
            known.costMicros ?? 0 != cost
        else {
            counters.duplicates += 1
            return
        }
        if held.first == nil {
            try give(call, id, line, layout)
        } else {
            // In the order of its row.
            try hold(call, id, line, layout)
        }
    }

    /// Of a call that is held back, one row of which is the whole call.
    mutating func tellHeldCost(_ call: FinishedCall, at index: Int, _ layout: CDRLayout) throws(RowFault) {
        guard let cost = call.costMicros, held.cost(at: index) != cost else {
            counters.duplicates += 1
            return
        }
        try checkCurrency(call, ofHeld: index, layout)
        held.setCost(cost, at: index)
        counters.continued += 1
    }

    /// Of a call whose rows are added up (Asterisk): one of them is told again with a cost that is another by `micros`.
    mutating func reprice(
        _ call: FinishedCall, _ id: CallKey, by micros: Int64, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        if let index = held.index(ofKey: call.key) {
            try checkCurrency(call, ofHeld: index, layout)
            held.setCost(CDRReader.sum(held.cost(at: index), micros), at: index)
            counters.continued += 1
            return
        }
        // The call was given out with the sum of its rows.
        guard let known = knownCalls[id], known.key == call.key else {
            counters.duplicates += 1
            return
        }
        var call = call
        call.costMicros = CDRReader.sum(known.costMicros, micros)
        try hold(call, id, line, layout)
    }

    /// A row without its cost.
    static func hash(_ line: Span<UInt8>, without cost: CDRField) -> CallKey {
        var hash = CDRKeyHash(domain: 0)
        hash.combine(line, CDRField(start: 0, end: cost.start))
        hash.combine(line, CDRField(start: cost.end, end: line.count))
        return hash.finish()
    }

    /// Costs are far from what 64 bits hold: a sum that is not is refused as a cost above every limit.
    private static func sum(_ cost: Int64?, _ micros: Int64) -> Int64 {
        let (sum, isTooMuch) = (cost ?? 0).addingReportingOverflow(micros)
        return isTooMuch ? .max : sum
    }
}
