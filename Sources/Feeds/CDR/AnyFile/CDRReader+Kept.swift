import CallEvents

/// Which of several rows of one id is the call (`csv`).
extension CDRReader {
    /// Reads a row whose call is known.
    ///
    /// The call stays at its first row's place until `CDRLimits.heldRows` more calls have come. If the call was emitted
    /// before, a row that differs is emitted as well: the server knows it by its key, and books the difference.
    mutating func tellAgain(
        _ call: FinishedCall, _ id: CallKey, _ former: Int, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        guard format != .csv || options.keep != .first else {
            counters.duplicates += 1
            return
        }
        if format != .csv { return try tellCostAgain(call, id, line, layout) }
        if let index = records.index(of: former) {
            let kept = records.call(at: index)
            if kept.isRepeated(by: call) {
                counters.duplicates += 1
                return
            }
            let replaces = isBetter(call, than: kept)
            if replaces {
                let party = try partyIndex(line, layout, call.partyKey)
                records.replace(at: index, by: call, party: party, line, fields, layout.details)
            }
            if let known = knownCalls[id], known.key == call.key {
                var both = known.extended(by: CallSpan(call))
                if replaces { both.costMicros = call.costMicros }
                knownCalls.store(both, for: id)
            }
            counters.continued += 1
        } else if let known = knownCalls[id], known.key == call.key, !known.isRepeated(by: call) {
            try give(call, id, line, layout)
        } else {
            counters.duplicates += 1
        }
    }

    private func isBetter(_ call: FinishedCall, than kept: FinishedCall) -> Bool {
        switch options.keep {
        case .first: false
        case .last: true
        case .answered: call.isAnswered || !kept.isAnswered
        }
    }

    /// The index of a row's party in the batch.
    mutating func partyIndex(
        _ line: Span<UInt8>, _ layout: CDRLayout, _ key: CallKey
    ) throws(RowFault) -> UInt32 {
        if let known = records.party(key) { return known }
        return records.add(try party(line, layout, key), key: key)
    }
}

extension FinishedCall {
    /// Whether another row says the same, up to the rounding of exports.
    fileprivate func isRepeated(by other: FinishedCall) -> Bool {
        guard isAnswered == other.isAnswered, cause == other.cause, (costMicros ?? 0) == (other.costMicros ?? 0) else {
            return false
        }
        return CallSpan(self).hasTimes(of: CallSpan(other))
    }
}

extension CallSpan {
    fileprivate func isRepeated(by call: FinishedCall) -> Bool {
        let other = CallSpan(call)
        return (costMicros ?? 0) == (other.costMicros ?? 0) && hasTimes(of: other)
    }

    /// From the earlier set-up to the later end.
    fileprivate func extended(by other: CallSpan) -> CallSpan {
        var both = self
        both.setupMicros = min(setupMicros, other.setupMicros)
        both.endMicros = max(endMicros, other.endMicros)
        return both
    }

    /// The same begin and end, within a second.
    fileprivate func hasTimes(of other: CallSpan) -> Bool {
        abs(setupMicros - other.setupMicros) <= 1_000_000 && abs(endMicros - other.endMicros) <= 1_000_000
    }
}
