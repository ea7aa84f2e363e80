// The calls in progress or recently ended, copied to be saved, and restored.

import CallEvents
import Columnar

/// The lines of all tracked calls: 64 bytes each are copied, 10 ms for a million.
struct CallTableSnapshot: Sendable {
    fileprivate let lines: [CallLine]
    /// By position in `lines`.
    fileprivate let setbacks: [Int: CallSetback]
    private let traces: CallTraceColumns
    private let claims: CallClaimColumns
    private let sessions: CallSessionColumns

    init(_ calls: borrowing CallTable) {
        var lines: [CallLine] = []
        var setbacks: [Int: CallSetback] = [:]
        var traces = CallTraceColumns()
        var claims = CallClaimColumns()
        var sessions = CallSessionColumns()
        lines.reserveCapacity(calls.count)
        for number in 0..<calls.numberCount {
            let line = calls.line(number).pointee
            if line.key == .none { continue }
            if line.hasSetback { setbacks[lines.count] = calls[number].setback }
            traces.append(calls, number, row: lines.count)
            if let claim = calls.claim(number) { claims.append(claim, row: lines.count) }
            if let session = calls.session(number) { sessions.append(session, row: lines.count) }
            lines.append(line)
        }
        self.lines = lines
        self.setbacks = setbacks
        self.traces = traces
        self.claims = claims
        self.sessions = sessions
    }

    var tables: [SavedTable] { [table] + traces.tables + [claims.table, sessions.table] }

    private var table: SavedTable {
        var columns = CallColumns()
        for (place, line) in lines.enumerated() {
            columns.append(line.call(setbacks[place] ?? CallSetback()), deadlineSecond: line.deadlineSecond)
        }
        return columns.table
    }
}

/// Calls field by field, so that their layout in memory may change.
private struct CallColumns {
    private var keyHigh = Column<Int64>()
    private var keyLow = Column<Int64>()
    /// Set-up, ringing, answer, failure, end, closing: microseconds since 1970.
    private var times = [Column<Int64>](repeating: Column(), count: 6)
    /// Customer, CSeq of the set-up and of the failure, number among the recent calls, deadline in seconds since 1970.
    private var numbers = [Column<UInt32>](repeating: Column(), count: 5)
    /// Codes of failure and answer in the lower 24 bits, causes of failure and end above.
    private var codes = Column<Int64>()
    /// 1: closed answered. 2: the set-up is timed. 4: it comes to its customer. 8: it has a record, too. 16: accounting
    /// rows of another call.
    private var flags = Column<UInt8>()

    private static let timeNames = ["setup", "ring", "answer", "failure", "end", "closed"].map { $0 + "_micros" }
    private static let numberNames = [
        "customer_row", "setup_sequence", "failure_sequence", "recent_number", "deadline_second",
    ]

    init() {}

    mutating func append(_ call: TrackedCall, deadlineSecond: UInt32) {
        keyHigh.append(Int64(bitPattern: call.key.high))
        keyLow.append(Int64(bitPattern: call.key.low))
        let micros = [
            call.setupMicros, call.ringMicros, call.answerMicros, call.failureMicros, call.endMicros,
            call.closedMicros,
        ]
        for (index, time) in micros.enumerated() { times[index].append(time) }
        let values = [
            call.customer, call.setupSequence, call.failureSequence, call.recentNumber, deadlineSecond,
        ]
        for (index, number) in values.enumerated() { numbers[index].append(number) }
        codes.append(
            Int64(call.failureCode) | Int64(call.answerCode) << 16 | Int64(call.failureCause) << 32
                | Int64(call.endCause) << 40)
        flags.append(
            (call.wasClosedAnswered ? 1 : 0) | (call.isSetupTimed ? 2 : 0) | (call.isInbound ? 4 : 0)
                | (call.isTold ? 8 : 0) | (call.isAccount ? 16 : 0))
    }

    var table: SavedTable {
        let times = times.enumerated().map {
            SavedColumn(UInt16(3 + $0.offset), CallColumns.timeNames[$0.offset], .signed64($0.element))
        }
        let numbers = numbers.enumerated().map {
            SavedColumn(UInt16(9 + $0.offset), CallColumns.numberNames[$0.offset], .unsigned32($0.element))
        }
        return SavedTable(
            .calls,
            [SavedColumn(1, "key_high", .signed64(keyHigh)), SavedColumn(2, "key_low", .signed64(keyLow))]
                + times + numbers
                + [SavedColumn(14, "codes", .signed64(codes)), SavedColumn(15, "flags", .unsigned8(flags))])
    }

    // MARK: - Restoring

    init(_ table: SavedTable) throws(RestoreError) {
        keyHigh = try table.signed64(1)
        keyLow = try table.signed64(2)
        for index in times.indices { times[index] = try table.signed64(UInt16(3 + index)) }
        for index in numbers.indices { numbers[index] = try table.unsigned32(UInt16(9 + index)) }
        codes = try table.signed64(14)
        flags = try table.unsigned8(15)
    }

    func deadlineSecond(_ row: Int) -> UInt32 { numbers[4][row] }

    /// Nil if a time is out of range, or the customer is none of `customers`.
    func call(_ row: Int, customers: Int) -> TrackedCall? {
        let key = CallKey(high: UInt64(bitPattern: keyHigh[row]), low: UInt64(bitPattern: keyLow[row]))
        var call = TrackedCall(key: key, customer: numbers[0][row])
        let latest = Int64(1 << 32) * 1_000_000
        guard key != .none, Int(call.customer) < customers || call.customer >= TrackedCall.otherLeg,
            times.allSatisfy({ (0..<latest).contains($0[row]) })
        else { return nil }
        call.setupMicros = times[0][row]
        call.ringMicros = times[1][row]
        call.answerMicros = times[2][row]
        call.failureMicros = times[3][row]
        call.endMicros = times[4][row]
        call.closedMicros = times[5][row]
        call.setupSequence = numbers[1][row]
        call.failureSequence = numbers[2][row]
        call.recentNumber = numbers[3][row]
        call.failureCode = UInt16(truncatingIfNeeded: codes[row])
        call.answerCode = TrackedCall.answerCode(UInt16(truncatingIfNeeded: codes[row] >> 16))
        call.failureCause = UInt8(truncatingIfNeeded: codes[row] >> 32)
        call.endCause = UInt8(truncatingIfNeeded: codes[row] >> 40)
        call.wasClosedAnswered = flags[row] & 1 != 0
        call.isSetupTimed = flags[row] & 2 != 0
        call.isInbound = flags[row] & 4 != 0
        call.isTold = flags[row] & 8 != 0
        call.isAccount = flags[row] & 16 != 0
        return call
    }
}

extension CallTable {
    /// - Parameter nowSecond: deadlines up to this second were met.
    init(_ table: SavedTable, customers: Int, nowSecond: Int64) throws(RestoreError) {
        self.init()
        guard table.rowCount <= BoardLimits.trackedCalls else { throw table.fault("has too many calls") }
        let columns = try CallColumns(table)
        // An empty table has no deadlines: this only sets the clock for later ones.
        _ = nextDue(upTo: nowSecond)
        for row in 0..<table.rowCount {
            guard let call = columns.call(row, customers: customers), find(call.key) == nil else {
                throw table.fault("has a call that cannot be, or one twice")
            }
            let number = insert(call)
            schedule(number, second: Int64(columns.deadlineSecond(row)))
        }
    }
}
