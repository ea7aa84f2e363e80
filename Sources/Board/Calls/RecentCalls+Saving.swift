import CallEvents
import Columnar

extension RecentCalls {
    /// In the column of outcomes: the call came to its customer.
    fileprivate static let inbound: UInt8 = 0x80

    /// Calls from the oldest to the newest; the number `appended` is saved separately.
    var tables: [SavedTable] {
        var customers = Column<UInt32>()
        var talks = Column<Int32>()
        var times = [Column<Int64>](repeating: Column(), count: 4)
        var codes = Column<UInt32>()
        var outcomes = Column<UInt8>()
        var costs = Column<Int64>()
        var detailLengths = Column<UInt32>()
        var details = Column<UInt8>()
        var sources = Column<UInt8>()
        forEachOldest { chunk, index in
            let call = chunk.call(index, self.codes)
            customers.append(call.customer)
            talks.append(call.talkMilliseconds)
            times[0].append(call.setupMicros)
            times[1].append(call.ringMicros)
            times[2].append(call.answerMicros)
            times[3].append(call.endMicros)
            codes.append(UInt32(call.code) << 8 | UInt32(call.q850))
            outcomes.append(call.outcome.rawValue | (call.isInbound ? RecentCalls.inbound : 0))
            costs.append(chunk.toldCost(index) ?? CallRecordBatch.untoldCost)
            sources.append(call.sources.rawValue)
            let packed = chunk.packedDetails(index)
            detailLengths.append(UInt32(packed.count))
            packed.withUnsafeBufferPointer { details.append(contentsOf: $0) }
        }
        return [
            SavedTable(
                .recentCalls,
                [
                    SavedColumn(1, "customer_row", .unsigned32(customers)),
                    SavedColumn(2, "talk_milliseconds", .signed32(talks)),
                    SavedColumn(3, "setup_micros", .signed64(times[0])),
                    SavedColumn(4, "ring_micros", .signed64(times[1])),
                    SavedColumn(5, "answer_micros", .signed64(times[2])),
                    SavedColumn(6, "end_micros", .signed64(times[3])),
                    SavedColumn(7, "code_and_cause", .unsigned32(codes)),
                    SavedColumn(8, "outcome", .unsigned8(outcomes)),
                    SavedColumn(9, "cost_micros", .signed64(costs)),
                    SavedColumn(10, "detail_bytes", .unsigned32(detailLengths)),
                    SavedColumn(11, "sources", .unsigned8(sources)),
                ]),
            SavedTable(.recentDetails, [SavedColumn(1, "byte", .unsigned8(details))]),
        ]
    }

    /// - Parameters:
    ///   - next: the position of the oldest call, in older tables without details.
    ///   - details: nil in such tables.
    init(
        _ outcomeCodes: OutcomeCodes, limit: Int, _ table: SavedTable, details: SavedTable?, next: Int64,
        appended: Int64, customers customerCount: Int
    ) throws(RestoreError) {
        self.init(outcomeCodes, limit: limit)
        let fault = table.fault("has calls that cannot be")
        let count = table.rowCount
        guard count <= BoardLimits.finishedCalls + BoardLimits.waitingBatch.upperBound,
            next == 0 || (0..<Int64(count)).contains(next)
        else { throw fault }
        let columns = try RecentColumns(table)
        let packed = try details.map { (table) throws(RestoreError) in try table.unsigned8(1) }
        // Calls dropped meanwhile keep their numbers.
        begin(number: UInt32(truncatingIfNeeded: appended &- Int64(count)))
        var place = 0
        for step in 0..<count {
            let row = (step + Int(next)) % count
            guard let call = columns.call(row), call.customer >= TrackedCall.otherLeg || call.customer < customerCount
            else { throw fault }
            append(call)
            let length = columns.detailBytes(row)
            if length == 0 && columns.cost(row) == nil { continue }
            guard let packed, length <= CallDetailLimits.packedBytes, place + length <= packed.count else {
                throw fault
            }
            let bytes = (place..<place + length).map { packed[$0] }
            guard length == 0 || PackedCallDetails.length(bytes.span, at: 0) == length else { throw fault }
            place += length
            restoreLast(bytes, costMicros: columns.cost(row))
        }
    }
}

/// The columns of saved calls; two were added with details, and one with records of observed calls.
private struct RecentColumns {
    private let customers: Column<UInt32>
    private let talks: Column<Int32>
    private let times: [Column<Int64>]
    private let codes: Column<UInt32>
    private let outcomes: Column<UInt8>
    private let costs: Column<Int64>?
    private let detailLengths: Column<UInt32>?
    private let sources: Column<UInt8>?

    init(_ table: SavedTable) throws(RestoreError) {
        customers = try table.unsigned32(1)
        talks = try table.signed32(2)
        times = [try table.signed64(3), try table.signed64(4), try table.signed64(5), try table.signed64(6)]
        codes = try table.unsigned32(7)
        outcomes = try table.unsigned8(8)
        costs = table.column(9) == nil ? nil : try table.signed64(9)
        detailLengths = table.column(10) == nil ? nil : try table.unsigned32(10)
        sources = table.column(11) == nil ? nil : try table.unsigned8(11)
    }

    func call(_ row: Int) -> RecentCall? {
        guard let outcome = OutcomeClass(rawValue: outcomes[row] & ~RecentCalls.inbound) else { return nil }
        return RecentCall(
            customer: customers[row], setupMicros: times[0][row], ringMicros: times[1][row],
            answerMicros: times[2][row], endMicros: times[3][row], outcome: outcome,
            code: UInt16(truncatingIfNeeded: codes[row] >> 8), q850: UInt8(truncatingIfNeeded: codes[row]),
            talkMilliseconds: talks[row], sources: RecentSources(rawValue: (sources?[row] ?? 0) & 63),
            isInbound: outcomes[row] & RecentCalls.inbound != 0)
    }

    /// Nil: none was told. Files of before have 0 for that, too.
    func cost(_ row: Int) -> Int64? {
        guard let costs, costs[row] != CallRecordBatch.untoldCost else { return nil }
        return costs[row]
    }

    func detailBytes(_ row: Int) -> Int { Int(detailLengths?[row] ?? 0) }
}
