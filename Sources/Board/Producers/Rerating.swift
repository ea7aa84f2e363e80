// Calls that were told with other costs than before: what the journal and the history keep of them.

import Columnar

/// Calls of one customer whose costs one batch told again, and whose differences were booked.
public struct Rerating: Equatable, Sendable {
    public var customerID: UInt32
    /// How many calls, at least 1.
    public var calls: UInt32 = 1
    /// What they cost before and cost now, 10^-6 of the customer's currency. Sums that 64 bits do not hold stand at
    /// their end.
    public var beforeMicros: Int64
    public var afterMicros: Int64
    /// Of the only call; empty: it is not known, or there are several.
    public var callID = ""

    public init(customerID: UInt32, beforeMicros: Int64, afterMicros: Int64, callID: String = "") {
        (self.customerID, self.callID) = (customerID, callID)
        (self.beforeMicros, self.afterMicros) = (beforeMicros, afterMicros)
    }

    /// For the customer's history: `cost of call ID rerated: 5.00 -> 4.20, credit +0.80`.
    public var text: String {
        let what =
            calls > 1 ? "cost of \(calls) calls" : callID.isEmpty ? "cost of a call" : "cost of call \(callID)"
        let (difference, isTooMuch) = beforeMicros.subtractingReportingOverflow(afterMicros)
        let shown = [beforeMicros, afterMicros, isTooMuch ? .max : difference].map { Rerating.text(micros: $0) }
        return "\(what) rerated: \(shown[0]) -> \(shown[1]), credit \(difference < 0 ? "" : "+")\(shown[2])"
    }

    /// With two decimals, or as many as it has.
    private static func text(micros: Int64) -> String {
        var fraction = String(micros.magnitude % 1_000_000 + 1_000_000).dropFirst()
        while fraction.count > 2 && fraction.last == "0" { fraction.removeLast() }
        return "\(micros < 0 ? "-" : "")\(micros.magnitude / 1_000_000).\(fraction)"
    }

    /// Bytes of so many in a record, at most.
    package static func bytes(_ count: Int) -> Int {
        count * 26 + min(count, BoardLimits.reratedCallIDs) * BoardLimits.reratedCallIDBytes
    }
}

extension ChangeNote {
    /// What a history of all customers says of calls whose costs were told again; empty: it was something else.
    public var remark: String {
        if reratings.count == 1 { return reratings[0].text }
        let calls = reratings.reduce(0) { $0 + Int($1.calls) }
        return reratings.isEmpty ? "" : "cost of \(calls) calls of \(reratings.count) customers rerated"
    }

    /// What one customer's history says.
    public func remark(customerID: UInt32) -> String {
        reratings.first { $0.customerID == customerID }?.text ?? ""
    }
}

// MARK: - What the batch at hand tells again

/// By customer, and each call once however often it is told.
struct ReratingBook: Sendable {
    private var byRow: [UInt32: Rerating] = [:]
    private var known: Set<UInt32> = []

    /// - Parameters:
    ///   - number: of the finished call.
    ///   - row: the customer's.
    mutating func note(
        _ number: UInt32, row: UInt32, from before: Int64, to after: Int64, callID: ArraySlice<UInt8>
    ) {
        guard var sums = byRow[row] else {
            let isNamed = byRow.count < BoardLimits.reratedCallIDs
            byRow[row] = Rerating(
                customerID: row + 1, beforeMicros: before, afterMicros: after,
                callID: isNamed ? Self.text(callID) : "")
            known.insert(number)
            return
        }
        if known.insert(number).inserted {
            sums.calls &+= 1
            sums.callID = ""
            sums.beforeMicros = Self.sum(sums.beforeMicros, before)
            sums.afterMicros = Self.sum(sums.afterMicros, after)
        } else {
            sums.afterMicros = Self.sum(sums.afterMicros, after - before)
        }
        byRow[row] = sums
    }

    /// What is beyond the limit is cut.
    private static func text(_ callID: ArraySlice<UInt8>) -> String {
        var text = String(decoding: callID.prefix(BoardLimits.reratedCallIDBytes), as: UTF8.self)
        while text.utf8.count > BoardLimits.reratedCallIDBytes { text.removeLast() }
        return text
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooMuch) = left.addingReportingOverflow(right)
        return isTooMuch ? (right < 0 ? .min : .max) : sum
    }

    /// What was noted, with ascending customers, and nothing any more.
    mutating func close() -> [Rerating] {
        if byRow.isEmpty { return [] }
        defer { self = ReratingBook() }
        return byRow.values.sorted { $0.customerID < $1.customerID }
    }
}

// MARK: - Bytes

extension FieldWriter {
    /// Customer 4, calls 4, before 8, after 8, length of the Call-ID 2 and that.
    package mutating func append(_ rerating: Rerating) {
        append(rerating.customerID)
        append(rerating.calls)
        append(rerating.beforeMicros)
        append(rerating.afterMicros)
        append(rerating.callID)
    }
}

extension Rerating {
    package init(_ reader: inout FieldReader) throws(FieldFault) {
        self.init(customerID: try reader.integer(), beforeMicros: 0, afterMicros: 0)
        calls = try reader.integer()
        (beforeMicros, afterMicros) = (try reader.integer(), try reader.integer())
        callID = try reader.text()
        guard customerID > 0, calls > 0 else { throw FieldFault("rerates no call") }
    }
}
