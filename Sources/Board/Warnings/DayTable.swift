// What `asr_drop` knows of a customer's day beyond the windows: the hours before the last one, how steady its ASR is,
// and whether its calls are observed live.

/// Of one customer.
struct DayRow: Equatable, Sendable {
    /// What the last two and four hours have before the last one, in whole slots of 24 h.
    var twoHours = AnswerCount()
    var fourHours = AnswerCount()
    /// How much more its ASR varies from slot to slot than that of others; 1: as much.
    var spread: Float = 1
    /// The last second with a live call; 0: never.
    var liveSecond: UInt32 = 0
}

struct DayTable: Sendable {
    /// By tile of customers; empty for tiles without calls.
    private var tiles: [[DayRow]] = []
    /// Sources that report calls when they begin do so within this time, unless there are no calls.
    private static let liveSeconds: Int64 = 3_600

    subscript(row: Int) -> DayRow {
        let tile = row >> FactTile.shift
        guard tile < tiles.count, !tiles[tile].isEmpty else { return DayRow() }
        return tiles[tile][row & (FactTile.rows - 1)]
    }

    mutating func update(_ row: Int, _ change: (inout DayRow) -> Void) {
        let tile = row >> FactTile.shift
        while tile >= tiles.count { tiles.append([]) }
        if tiles[tile].isEmpty { tiles[tile] = Array(repeating: DayRow(), count: FactTile.rows) }
        change(&tiles[tile][row & (FactTile.rows - 1)])
    }

    /// Forgets the hours of a tile whose customers had no calls.
    mutating func forgetHours(ofTile tile: Int) {
        guard tile < tiles.count else { return }
        for row in tiles[tile].indices {
            tiles[tile][row] = DayRow(liveSecond: tiles[tile][row].liveSecond)
        }
    }

    static func isLive(_ row: DayRow, nowSecond: Int64) -> Bool {
        row.liveSecond != 0 && nowSecond &- Int64(row.liveSecond) < liveSeconds
    }

    var byteSize: Int { tiles.reduce(0) { $0 + $1.capacity * MemoryLayout<DayRow>.stride } }
}
