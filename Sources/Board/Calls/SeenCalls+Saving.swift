import Columnar

/// The keys that were seen: the older generation, which nobody changes any more, is shared, the younger one copied (at
/// most 64 MB, 15 ms).
struct SeenCallsPicture: Sendable {
    private let young: [UInt64]
    private let old: [UInt64]

    init(_ seen: borrowing SeenCalls) {
        young = SeenCallsPicture.places(seen.young)
        old = SeenCallsPicture.places(seen.old)
    }

    private static func places(_ keys: borrowing KeySet) -> [UInt64] {
        guard let memory = keys.memory else { return [] }
        return Array(UnsafeBufferPointer(start: memory.base, count: memory.count))
    }

    /// Hashes in the order in which they lie, so that filling a set with them goes from end to end.
    var table: SavedTable {
        var hashes = Column<Int64>()
        var areYoung = Column<UInt8>()
        for (isYoung, places) in [(UInt8(0), old), (1, young)] {
            for hash in places where hash != 0 {
                hashes.append(Int64(bitPattern: hash))
                areYoung.append(isYoung)
            }
        }
        return SavedTable(
            .seenCalls, [SavedColumn(1, "hash", .signed64(hashes)), SavedColumn(2, "young", .unsigned8(areYoung))])
    }
}

extension SeenCalls {
    init(_ table: SavedTable) throws(RestoreError) {
        self.init()
        let (hashes, areYoung) = (try table.signed64(1), try table.unsigned8(2))
        guard table.rowCount <= 2 * BoardLimits.seenKeysPerGeneration else { throw table.fault("has too many keys") }
        let youngCount = (0..<table.rowCount).reduce(0) { $0 + (areYoung[$1] != 0 ? 1 : 0) }
        young.reserve(youngCount)
        old.reserve(table.rowCount - youngCount)
        for row in 0..<table.rowCount where hashes[row] != 0 {
            let hash = UInt64(bitPattern: hashes[row])
            if areYoung[row] != 0 { _ = young.insert(hash: hash) } else { _ = old.insert(hash: hash) }
        }
    }
}
