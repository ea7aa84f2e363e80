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
        var changes = Column<UInt32>()
        var matched = Column<UInt32>()
        for key in oldestFirst where key.count == 16 {
            guard let result = self[key] else { continue }
            high.append(IdempotentResults.word(key[..<8]))
            low.append(IdempotentResults.word(key[8...]))
            switch result {
            case .created(let result):
                first.append(result.ids.first ?? 0)
                count.append(UInt32(clamping: result.ids.count))
                changes.append(0)
                matched.append(0)
            case .changed(let result):
                first.append(IdempotentResults.noID)
                count.append(UInt32(clamping: result.changed))
                changes.append(result.number)
                matched.append(UInt32(clamping: result.matched))
            }
        }
        return SavedTable(
            id: SavedTableID.results.rawValue, name: "results",
            columns: [
                SavedColumn(1, "key_high", .signed64(high)), SavedColumn(2, "key_low", .signed64(low)),
                SavedColumn(3, "first_id", .unsigned32(first)), SavedColumn(4, "ids", .unsigned32(count)),
                SavedColumn(5, "change", .unsigned32(changes)), SavedColumn(6, "matched", .unsigned32(matched)),
            ])
    }

    /// In the place of a first id: the request was a change, `ids` is how many customers it changed.
    private static let noID = UInt32.max

    init(_ table: SavedTable, customers: Int) throws(RestoreError) {
        self.init()
        let (high, low) = (try table.signed64(1), try table.signed64(2))
        let (first, count) = (try table.unsigned32(3), try table.unsigned32(4))
        // Files of before have no changes.
        let changes = table.column(5) == nil ? Column<UInt32>() : try table.unsigned32(5)
        let matched = table.column(6) == nil ? Column<UInt32>() : try table.unsigned32(6)
        for row in 0..<min(table.rowCount, BoardLimits.idempotentResults) {
            let key = [high[row], low[row]].flatMap { word in
                withUnsafeBytes(of: word.bigEndian) { Array($0) }
            }
            if first[row] == IdempotentResults.noID, row < changes.count, row < matched.count {
                self[key] = .changed(
                    ChangeResult(number: changes[row], matched: Int(matched[row]), changed: Int(count[row])))
                continue
            }
            let ids = Int(first[row])..<Int(first[row]) + Int(count[row])
            guard ids.isEmpty || ids.lowerBound >= 1 && ids.upperBound <= customers + 1 else {
                throw table.fault("names customers that there are not")
            }
            var result = CreateResult()
            result.ids = ids.map { UInt32($0) }
            self[key] = .created(result)
        }
    }

    private static func word(_ octets: ArraySlice<UInt8>) -> Int64 {
        octets.reduce(0) { $0 << 8 | Int64($1) }
    }
}
