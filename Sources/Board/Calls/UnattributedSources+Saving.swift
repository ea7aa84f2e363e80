import CallEvents
import Columnar

extension UnattributedSources {
    /// By name; `total` is saved separately.
    var table: SavedTable {
        var attempts = Column<Int64>()
        var times = Column<Int64>()
        var high = Column<Int64>()
        var low = Column<Int64>()
        let sorted = sources.sorted { $0.key < $1.key }
        for (_, source) in sorted {
            attempts.append(source.attempts)
            times.append(source.lastSeenMicros)
            // No source has the address of all zeros.
            high.append(Int64(bitPattern: source.address?.high ?? 0))
            low.append(Int64(bitPattern: source.address?.low ?? 0))
        }
        return SavedTable(
            .sources,
            [
                SavedColumn(1, "source", SavedValues(sorted.map(\.key))),
                SavedColumn(2, "attempts", .signed64(attempts)), SavedColumn(3, "last_seen_micros", .signed64(times)),
                SavedColumn(4, "address_high", .signed64(high)), SavedColumn(5, "address_low", .signed64(low)),
            ])
    }

    init(_ table: SavedTable, total: Int64) throws(RestoreError) {
        self.init()
        let (names, attempts, times) = (try table.text(1), try table.signed64(2), try table.signed64(3))
        let (high, low) = (try table.signed64(4), try table.signed64(5))
        guard table.rowCount <= BoardLimits.unattributedSources else { throw table.fault("has too many sources") }
        for row in 0..<table.rowCount {
            let address = IPAddress(high: UInt64(bitPattern: high[row]), low: UInt64(bitPattern: low[row]))
            sources[names[row]] = Source(
                attempts: attempts[row], lastSeenMicros: times[row],
                address: address.high | address.low == 0 ? nil : address)
        }
        self.total = total
    }
}
