import Columnar

extension RecentCalls {
    /// Calls in the order in which they lie, all of them settled; the numbers `next` and `appended` are saved apart.
    var table: SavedTable {
        var customers = Column<UInt32>()
        var talks = Column<Int32>()
        var times = [Column<Int64>](repeating: Column(), count: 4)
        var codes = Column<UInt32>()
        var outcomes = Column<UInt8>()
        for call in ring {
            customers.append(call.customer)
            talks.append(call.talkMilliseconds)
            let micros = [call.setupMicros, call.ringMicros, call.answerMicros, call.endMicros]
            for (index, time) in micros.enumerated() { times[index].append(time) }
            codes.append(UInt32(call.code) << 8 | UInt32(call.q850))
            outcomes.append(call.outcome.rawValue)
        }
        return SavedTable(
            .recentCalls,
            [
                SavedColumn(1, "customer_row", .unsigned32(customers)),
                SavedColumn(2, "talk_milliseconds", .signed32(talks)),
                SavedColumn(3, "setup_micros", .signed64(times[0])), SavedColumn(4, "ring_micros", .signed64(times[1])),
                SavedColumn(5, "answer_micros", .signed64(times[2])), SavedColumn(6, "end_micros", .signed64(times[3])),
                SavedColumn(7, "code_and_cause", .unsigned32(codes)), SavedColumn(8, "outcome", .unsigned8(outcomes)),
            ])
    }

    init(_ outcomeCodes: OutcomeCodes, _ table: SavedTable, next: Int64, appended: Int64) throws(RestoreError) {
        let (customers, talks) = (try table.unsigned32(1), try table.signed32(2))
        let (setups, rings) = (try table.signed64(3), try table.signed64(4))
        let (answers, ends) = (try table.signed64(5), try table.signed64(6))
        let (codes, outcomes) = (try table.unsigned32(7), try table.unsigned8(8))
        let fault = table.fault("has calls that cannot be")
        guard table.rowCount <= BoardLimits.recentCalls else { throw fault }
        var ring: [RecentCall] = []
        for row in 0..<table.rowCount {
            guard let outcome = OutcomeClass(rawValue: outcomes[row]) else { throw fault }
            ring.append(
                RecentCall(
                    customer: customers[row], setupMicros: setups[row], ringMicros: rings[row],
                    answerMicros: answers[row], endMicros: ends[row], outcome: outcome,
                    code: UInt16(truncatingIfNeeded: codes[row] >> 8), q850: UInt8(truncatingIfNeeded: codes[row]),
                    talkMilliseconds: talks[row]))
        }
        guard let restored = RecentCalls(outcomeCodes, ring: ring, next: next, appended: appended) else { throw fault }
        self = restored
    }
}
