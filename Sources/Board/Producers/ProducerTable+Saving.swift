import CallEvents
import Columnar

extension ProducerTable {
    var table: SavedTable {
        let all = entries.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
        return SavedTable(
            .producers,
            [
                SavedColumn(1, "id_high", .signed64(Column(all.map { Int64(bitPattern: $0.key.high) }))),
                SavedColumn(2, "id_low", .signed64(Column(all.map { Int64(bitPattern: $0.key.low) }))),
                SavedColumn(3, "epoch", .signed64(Column(all.map { Int64(bitPattern: $0.value.epoch) }))),
                SavedColumn(4, "applied", .signed64(Column(all.map { Int64(bitPattern: $0.value.applied) }))),
                SavedColumn(5, "heard_micros", .signed64(Column(all.map(\.value.heardMicros)))),
            ])
    }

    /// - Parameter saved: nil: statistics of a release without producers.
    init(_ saved: SavedTable?, lost: UInt64) throws(RestoreError) {
        guard let saved else {
            self.init()
            return
        }
        let (high, low) = (try saved.signed64(1), try saved.signed64(2))
        let (epochs, applied, heard) = (try saved.signed64(3), try saved.signed64(4), try saved.signed64(5))
        guard saved.rowCount <= BoardLimits.producers else { throw saved.fault("has too many producers") }
        var entries: [ProducerID: Producer] = [:]
        for row in 0..<saved.rowCount {
            let id = ProducerID(high: UInt64(bitPattern: high[row]), low: UInt64(bitPattern: low[row]))
            let entry = Producer(
                epoch: UInt64(bitPattern: epochs[row]), applied: UInt64(bitPattern: applied[row]),
                heardMicros: heard[row])
            // The producer will be expected to send the number after it.
            guard entry.applied < .max else { throw saved.fault("has a producer at a number that there is not") }
            entries[id] = entry
        }
        self.init(entries, lost: lost)
    }
}
