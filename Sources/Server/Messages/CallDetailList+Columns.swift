// Details of calls from the wire's columns to a batch's.

import CallEvents
import Wire

extension CallDetailList {
    /// Takes the details of some rows, and stores their indices in the batch's `detail` column.
    /// - Parameter rows: of the batch.
    /// - Throws: columns whose lengths differ, rows out of range or not ascending, texts that end before they begin.
    mutating func take(
        _ columns: borrowing CallDetailColumns, rows: Int, detail: inout [UInt32]
    ) throws(RequestError) {
        removeAll(keepingCapacity: true)
        detail.removeAll(keepingCapacity: true)
        if columns.isEmpty { return }
        let count = columns.row.count
        try CallRecordBatch.check(columns.textEnd.count, "details.text_end", 4 * count, mayBeEmpty: false)
        try CallRecordBatch.check(columns.source.count, "details.source", 16 * count)
        try CallRecordBatch.check(columns.destination.count, "details.destination", 16 * count)
        try CallRecordBatch.check(columns.fromTag.count, "details.from_tag", count)
        var start = 0
        for index in 0..<count {
            let row = Int(columns.row[index])
            guard row < rows, row >= detail.count else {
                throw RequestError(
                    .invalidArgument,
                    "details.row[\(index)] is \(row); rows must ascend, and there are \(rows) calls or events")
            }
            var texts: [Range<Int>] = []
            for place in 4 * index..<4 * index + 4 {
                let end = Int(columns.textEnd[place])
                guard end >= start, end <= columns.texts.count else {
                    throw RequestError(
                        .invalidArgument,
                        "details.text_end[\(place)] is \(end); ends must ascend up to \(columns.texts.count)")
                }
                texts.append(start..<end)
                start = end
            }
            detail.append(contentsOf: repeatElement(CallDetailList.none, count: row - detail.count))
            detail.append(
                append(
                    columns.texts.span, callID: texts[0], calling: texts[1], called: texts[2], reason: texts[3],
                    source: Self.address(columns.source, index), destination: Self.address(columns.destination, index),
                    fromTag: columns.fromTag.isEmpty ? 0 : columns.fromTag[index]))
        }
    }

    private static func address(_ column: [UInt8], _ index: Int) -> IPAddress? {
        if column.isEmpty { return nil }
        func number(_ start: Int) -> UInt64 {
            column[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let address = IPAddress(high: number(16 * index), low: number(16 * index + 8))
        return address == IPAddress(high: 0, low: 0) ? nil : address
    }
}
