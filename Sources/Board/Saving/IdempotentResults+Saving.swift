// Results of repeated requests: a retry after a restart is answered as the first time. Only successes are kept, and the
// ids of one request follow one another.

import Columnar

extension IdempotentResults {
    /// Oldest first.
    var table: SavedTable {
        var high = Column<Int64>()
        var low = Column<Int64>()
        var first = Column<UInt32>()
        var count = Column<UInt32>()
        for key in oldestFirst where key.count == 16 {
            guard let result = self[key] else { continue }
            high.append(IdempotentResults.word(key[..<8]))
            low.append(IdempotentResults.word(key[8...]))
            first.append(result.ids.first ?? 0)
            count.append(UInt32(clamping: result.ids.count))
        }
        return SavedTable(
            id: SavedTableID.results.rawValue, name: "results",
            columns: [
                SavedColumn(1, "key_high", .signed64(high)), SavedColumn(2, "key_low", .signed64(low)),
                SavedColumn(3, "first_id", .unsigned32(first)), SavedColumn(4, "ids", .unsigned32(count)),
            ])
    }

    init(_ table: SavedTable, customers: Int) throws(RestoreError) {
        self.init()
        let (high, low) = (try table.signed64(1), try table.signed64(2))
        let (first, count) = (try table.unsigned32(3), try table.unsigned32(4))
        for row in 0..<min(table.rowCount, BoardLimits.idempotentResults) {
            let ids = Int(first[row])..<Int(first[row]) + Int(count[row])
            guard ids.isEmpty || ids.lowerBound >= 1 && ids.upperBound <= customers + 1 else {
                throw table.fault("names customers that there are not")
            }
            var result = CreateResult()
            result.ids = ids.map { UInt32($0) }
            let key = [high[row], low[row]].flatMap { word in
                withUnsafeBytes(of: word.bigEndian) { Array($0) }
            }
            self[key] = result
        }
    }

    private static func word(_ octets: ArraySlice<UInt8>) -> Int64 {
        octets.reduce(0) { $0 << 8 | Int64($1) }
    }
}
