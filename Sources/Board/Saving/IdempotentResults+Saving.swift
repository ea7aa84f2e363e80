// Results of repeated requests: a retry after a restart gets the first answer. Only successes are stored, and the
// ids of one request are consecutive.

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
        var parts = Column<UInt32>()
        for key in oldestFirst where key.count == 16 {
            guard let result = self[key] else { continue }
            high.append(IdempotentResults.word(key[..<8]))
            low.append(IdempotentResults.word(key[8...]))
            // It implies the number of hashes (`RequestContent`), which are in `contentTable`.
            parts.append(UInt32(clamping: result.content.parts.count))
            switch result.outcome {
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
                SavedColumn(7, "parts", .unsigned32(parts)),
            ])
    }

    /// The hashes of all results' contents, end to end, in the order of `table`.
    var contentTable: SavedTable {
        var hashes = Column<Int64>()
        for key in oldestFirst where key.count == 16 {
            for hash in self[key]?.content.parts.hashes ?? [] { hashes.append(Int64(bitPattern: hash)) }
        }
        return SavedTable(.resultContents, [SavedColumn(1, "hash", .signed64(hashes))])
    }

    /// Instead of a first id: the request was a change, and `ids` is the number of customers changed.
    private static let noID = UInt32.max

    /// - Parameter contents: nil in older files.
    init(_ table: SavedTable, contents: SavedTable?, customers: Int) throws(RestoreError) {
        self.init()
        var contents = try ContentReader(table, contents)
        let (high, low) = (try table.signed64(1), try table.signed64(2))
        let (first, count) = (try table.unsigned32(3), try table.unsigned32(4))
        // Older files have no changes.
        let changes = table.column(5) == nil ? Column<UInt32>() : try table.unsigned32(5)
        let matched = table.column(6) == nil ? Column<UInt32>() : try table.unsigned32(6)
        for row in 0..<min(table.rowCount, BoardLimits.idempotentResults) {
            let key = [high[row], low[row]].flatMap { word in
                withUnsafeBytes(of: word.bigEndian) { Array($0) }
            }
            let content = try contents.next(row)
            if first[row] == IdempotentResults.noID, row < changes.count, row < matched.count {
                let result = ChangeResult(
                    number: changes[row], matched: Int(matched[row]), changed: Int(count[row]))
                self[key] = KeyedResult(.changed(result), content)
                continue
            }
            let ids = Int(first[row])..<Int(first[row]) + Int(count[row])
            guard ids.isEmpty || ids.lowerBound >= 1 && ids.upperBound <= customers + 1 else {
                throw table.fault("names customers that there are not")
            }
            var result = CreateResult()
            result.ids = ids.map { UInt32($0) }
            self[key] = KeyedResult(.created(result), content)
        }
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> Int64 {
        bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
}

/// Reads the contents of results row by row.
private struct ContentReader {
    private let table: SavedTable
    private let parts: Column<UInt32>
    private let hashes: Column<Int64>
    private var place = 0

    init(_ table: SavedTable, _ contents: SavedTable?) throws(RestoreError) {
        self.table = table
        parts = contents == nil || table.column(7) == nil ? Column<UInt32>() : try table.unsigned32(7)
        hashes = try contents?.signed64(1) ?? Column<Int64>()
    }

    mutating func next(_ row: Int) throws(RestoreError) -> RequestContent {
        guard row < parts.count else { return RequestContent() }
        let count = min(Int(parts[row]), BoardLimits.hashedParts + 1)
        guard count <= hashes.count - place,
            let content = RequestContent(
                count: UInt64(parts[row]), hashes: (place..<place + count).map { UInt64(bitPattern: hashes[$0]) })
        else { throw table.fault("has more parts of requests than hashes") }
        place += count
        return content
    }
}
