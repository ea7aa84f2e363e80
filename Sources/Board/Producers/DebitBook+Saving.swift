import CallEvents
import Columnar

extension DebitBook {
    var table: SavedTable {
        let all = marks.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
        return SavedTable(
            .debitMarks,
            [
                SavedColumn(1, "id_high", .signed64(Column(all.map { Int64(bitPattern: $0.key.high) }))),
                SavedColumn(2, "id_low", .signed64(Column(all.map { Int64(bitPattern: $0.key.low) }))),
                SavedColumn(3, "through", .signed64(Column(all.map { Int64(bitPattern: $0.value.through) }))),
                SavedColumn(4, "moved_at_micros", .signed64(Column(all.map(\.value.movedAtMicros)))),
            ])
    }

    /// - Parameter saved: nil: customers of a release without costs.
    init(_ saved: SavedTable?) throws(RestoreError) {
        self.init()
        guard let saved else { return }
        let (high, low) = (try saved.signed64(1), try saved.signed64(2))
        let (through, moved) = (try saved.signed64(3), try saved.signed64(4))
        guard saved.rowCount <= BoardLimits.producers else { throw saved.fault("has too many producers") }
        var marks: [ProducerID: DebitMark] = [:]
        for row in 0..<saved.rowCount {
            let id = ProducerID(high: UInt64(bitPattern: high[row]), low: UInt64(bitPattern: low[row]))
            marks[id] = DebitMark(through: UInt64(bitPattern: through[row]), movedAtMicros: moved[row])
        }
        self.init(marks: marks)
    }
}
