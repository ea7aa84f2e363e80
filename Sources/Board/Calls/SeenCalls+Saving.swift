import Columnar

/// The keys that were seen, copied: two generations of at most 64 MB, and half as much for the numbers of finished
/// calls.
struct SeenCallsSnapshot: Sendable {
    private let young: Generation
    private let old: Generation

    private struct Generation: Sendable {
        let hashes: [UInt64]
        /// As long, or empty.
        let numbers: [UInt32]

        init(_ keys: borrowing KeySet) {
            hashes = keys.memory.map { Array(UnsafeBufferPointer(start: $0.base, count: $0.count)) } ?? []
            numbers = keys.numbers.map { Array(UnsafeBufferPointer(start: $0.base, count: $0.count)) } ?? []
        }
    }

    init(_ seen: borrowing SeenCalls) {
        young = Generation(seen.young)
        old = Generation(seen.old)
    }

    /// Hashes in slot order, so that filling a set with them goes from end to end.
    var table: SavedTable {
        var hashes = Column<Int64>()
        var areYoung = Column<UInt8>()
        var numbers = Column<UInt32>()
        for (isYoung, own) in [(UInt8(0), old), (1, young)] {
            for (place, hash) in own.hashes.enumerated() where hash != 0 {
                hashes.append(Int64(bitPattern: hash))
                areYoung.append(isYoung)
                numbers.append(own.numbers.isEmpty ? 0 : own.numbers[place])
            }
        }
        var columns = [
            SavedColumn(1, "hash", .signed64(hashes)), SavedColumn(2, "young", .unsigned8(areYoung)),
        ]
        if !young.numbers.isEmpty || !old.numbers.isEmpty {
            columns.append(SavedColumn(3, "finished_call", .unsigned32(numbers)))
        }
        return SavedTable(.seenCalls, columns)
    }
}

extension SeenCalls {
    init(_ table: SavedTable) throws(RestoreError) {
        self.init()
        let (hashes, areYoung) = (try table.signed64(1), try table.unsigned8(2))
        // Files of before have no numbers, nor have those of a board that no record came to.
        let numbers = table.column(3) == nil ? nil : try table.unsigned32(3)
        guard table.rowCount <= 2 * BoardLimits.seenKeysPerGeneration else { throw table.fault("has too many keys") }
        let youngCount = (0..<table.rowCount).reduce(0) { $0 + (areYoung[$1] != 0 ? 1 : 0) }
        young.reserve(youngCount)
        old.reserve(table.rowCount - youngCount)
        for row in 0..<table.rowCount where hashes[row] != 0 {
            let hash = UInt64(bitPattern: hashes[row])
            let number = numbers?[row] ?? 0
            if areYoung[row] != 0 {
                _ = young.insert(hash: hash, number: number)
            } else {
                _ = old.insert(hash: hash, number: number)
            }
        }
    }
}
