// Finished calls from the wire's columns to the board's. Columns of the same type are swapped and nothing is
// copied; the batch and the columns are reused for the next request, so that in the long run nothing is allocated.

import CallEvents
import Wire

extension CallRecordBatch {
    /// Takes the calls of `columns`, whose contents are unspecified afterwards.
    /// - Throws: columns whose lengths differ, or an invalid party.
    mutating func take(_ columns: inout IngestCallsColumns) throws(RequestError) {
        let count = columns.party.count
        try Self.check(columns.setupMicros.count, "setup_micros", count, mayBeEmpty: false)
        try Self.check(columns.ringMilliseconds.count, "ring_milliseconds", count)
        try Self.check(columns.answerMilliseconds.count, "answer_milliseconds", count)
        try Self.check(columns.endMilliseconds.count, "end_milliseconds", count)
        try Self.check(columns.talkMilliseconds.count, "talk_milliseconds", count)
        try Self.check(columns.code.count, "code", count)
        try Self.check(columns.costMicros.count, "cost_micros", count)
        try Self.check(columns.keyHigh.count, "key_high", count)
        try Self.check(columns.keyLow.count, "key_low", columns.keyHigh.count, mayBeEmpty: false)
        try parties.take(columns.parties, rows: count)
        swap(&party, &columns.party)
        swap(&setupMicros, &columns.setupMicros)
        swap(&ringMilliseconds, &columns.ringMilliseconds)
        swap(&answerMilliseconds, &columns.answerMilliseconds)
        swap(&endMilliseconds, &columns.endMilliseconds)
        swap(&talkMilliseconds, &columns.talkMilliseconds)
        swap(&costMicros, &columns.costMicros)
        ringMilliseconds.fillEmpty(with: Self.never, count: count)
        answerMilliseconds.fillEmpty(with: Self.never, count: count)
        endMilliseconds.fillEmpty(with: Self.never, count: count)
        talkMilliseconds.fillEmpty(with: Self.never, count: count)
        code.takeCodes(columns.code, count: count)
        q850.takeCauses(columns.code, count: count)
        key.take(high: columns.keyHigh, low: columns.keyLow)
        try details.take(columns.details, rows: count, detail: &detail)
        try take(columns.money, rows: count)
    }

    /// Takes the costs and their currencies.
    private mutating func take(_ money: CallMoneyColumns, rows count: Int) throws(RequestError) {
        currencies = RecordCurrencies()
        costLimitMicros = money.costLimitMicros
        isCostsOnly = money.isCostsOnly
        if money.isEmpty { return }
        guard costLimitMicros >= 0 else {
            throw RequestError(.invalidArgument, "money.cost_limit_micros is below 0; leave it out for no limit")
        }
        try Self.check(money.currency.count, "money.currency", count)
        for (index, code) in money.currencies.enumerated() where !CurrencyCode.isKnown(code) {
            throw RequestError(
                .invalidArgument,
                "money.currencies[\(index)] is '\(code.prefix(16))', which is no currency of ISO 4217; write it as EUR")
        }
        guard let known = RecordCurrencies(codes: money.currencies, ofCall: money.currency) else {
            throw RequestError(
                .invalidArgument,
                "money.currency points to more than the \(money.currencies.count) currencies that are told, or they "
                    + "are more than 255")
        }
        currencies = known
    }

    /// - Parameter mayBeEmpty: an empty column stands for one without values.
    static func check(_ count: Int, _ name: String, _ expected: Int, mayBeEmpty: Bool = true) throws(RequestError) {
        guard count == expected || mayBeEmpty && count == 0 else {
            throw RequestError(
                .invalidArgument, "the column \(name) has \(count) elements where \(expected) are needed")
        }
    }
}

extension CallEventBatch {
    /// Takes the events of `columns`, whose contents are unspecified afterwards.
    /// - Throws: columns whose lengths differ, an unknown kind, or an invalid party.
    mutating func take(_ columns: inout IngestEventsColumns) throws(RequestError) {
        let count = columns.kind.count
        try CallRecordBatch.check(columns.keyHigh.count, "key_high", count, mayBeEmpty: false)
        try CallRecordBatch.check(columns.keyLow.count, "key_low", count, mayBeEmpty: false)
        try CallRecordBatch.check(columns.timeMicros.count, "time_micros", count, mayBeEmpty: false)
        try CallRecordBatch.check(columns.party.count, "party", count, mayBeEmpty: false)
        try CallRecordBatch.check(columns.sequence.count, "sequence", count)
        try CallRecordBatch.check(columns.code.count, "code", count)
        kind.removeAll(keepingCapacity: true)
        for number in columns.kind {
            guard let known = CallEventKind(rawValue: number) else {
                let known = CallEventKind.allCases.count
                throw RequestError(.invalidArgument, "kind[\(kind.count)] is \(number); known are 1 to \(known)")
            }
            kind.append(known)
        }
        try parties.take(columns.parties, rows: count)
        swap(&timeMicros, &columns.timeMicros)
        swap(&party, &columns.party)
        swap(&sequence, &columns.sequence)
        sequence.fillEmpty(with: 0, count: count)
        code.takeCodes(columns.code, count: count)
        q850.takeCauses(columns.code, count: count)
        key.take(high: columns.keyHigh, low: columns.keyLow)
        relayed.removeAll(keepingCapacity: true)
        relayed.fillEmpty(with: false, count: count)
        try details.take(columns.details, rows: count, detail: &detail)
    }
}

extension Array {
    /// Replaces the elements by those of a column, each mapped by `change`.
    @inline(__always)
    fileprivate mutating func take(_ column: [UInt32], _ change: (UInt32) -> Element) {
        removeAll(keepingCapacity: true)
        append(addingCapacity: column.count) { (output: inout OutputSpan<Element>) in
            output.withUnsafeMutableBufferPointer { elements, initialized in
                for index in column.indices {
                    // `elements` has room for as many as `column` has.
                    elements.initializeElement(at: index, to: change(column[index]))
                }
                initialized = column.count
            }
        }
    }

    /// Fills a column that was left out with the same value in every row.
    fileprivate mutating func fillEmpty(with value: Element, count: Int) {
        if isEmpty { append(contentsOf: repeatElement(value, count: count)) }
    }
}

extension [UInt16] {
    /// The SIP codes: the low 16 bits.
    fileprivate mutating func takeCodes(_ column: [UInt32], count: Int) {
        take(column) { UInt16(truncatingIfNeeded: $0) }
        fillEmpty(with: 0, count: count)
    }
}

extension [UInt8] {
    /// The Q.850 causes: bits 16 to 23.
    fileprivate mutating func takeCauses(_ column: [UInt32], count: Int) {
        take(column) { UInt8(truncatingIfNeeded: $0 >> 16) }
        fillEmpty(with: 0, count: count)
    }
}

extension [CallKey] {
    /// - Precondition: columns of equal length.
    fileprivate mutating func take(high: [UInt64], low: [UInt64]) {
        removeAll(keepingCapacity: true)
        append(addingCapacity: high.count) { (output: inout OutputSpan<CallKey>) in
            output.withUnsafeMutableBufferPointer { elements, initialized in
                for index in high.indices {
                    // `elements` has room for as many as `high` has.
                    elements.initializeElement(at: index, to: CallKey(high: high[index], low: low[index]))
                }
                initialized = high.count
            }
        }
    }
}

extension PartyList {
    /// - Parameter rows: of the batch. More parties than rows are of no use, and a request must not allocate at will.
    fileprivate mutating func take(_ messages: Parties, rows: Int) throws(RequestError) {
        guard messages.count <= rows else {
            throw RequestError(
                .invalidArgument,
                "\(messages.count) parties for \(rows) calls or events; send those that they point to")
        }
        removeAll(keepingCapacity: true)
        append(customerIDs: messages.customerIDs)
        if messages.others.isEmpty { return }
        for index in indices {
            if let message = messages.others[index] { self[index] = try Party(message, index: index) }
        }
    }
}
