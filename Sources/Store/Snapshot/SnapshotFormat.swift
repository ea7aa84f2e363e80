// The tables of a snapshot file. The blocks are packed; everything else is for people too: `sqlite3 FILE` and
// `SELECT * FROM meta`, `FROM tables`, `FROM columns`.

import Board
import Columnar

enum SnapshotFormat {
    /// Raised when an older reader would misread the file. So far this program reads only its own version.
    static let version: Int64 = 1
    /// In the file's header: "BHsn".
    static let applicationID: Int64 = 0x4248_736E

    /// A reader requires these exact texts: a file whose tables are views, or compute their columns, is refused.
    static let tables: [(name: String, sql: String)] = [
        ("meta", "CREATE TABLE meta(key TEXT PRIMARY KEY, value, meaning TEXT) WITHOUT ROWID"),
        (
            "col",
            """
            CREATE TABLE col(table_id INTEGER, column_id INTEGER, table_name TEXT, name TEXT, type TEXT, rows INTEGER, \
            PRIMARY KEY(table_id, column_id)) WITHOUT ROWID
            """
        ),
        (
            "block",
            """
            CREATE TABLE block(table_id INTEGER, column_id INTEGER, chunk INTEGER, part INTEGER, rows INTEGER, \
            codec INTEGER, raw_len INTEGER, hash64 INTEGER, data BLOB)
            """
        ),
        ("producer", "CREATE TABLE producer(id BLOB PRIMARY KEY, epoch INTEGER, seq INTEGER) WITHOUT ROWID"),
    ]

    /// For people; readers ignore them.
    static let views = [
        """
        CREATE VIEW "columns" AS SELECT c.table_name AS "table", c.name AS "column", c.type, c.rows, \
        count(b.rowid) AS blocks, sum(b.raw_len) AS raw_bytes, sum(length(b.data)) AS stored_bytes, \
        round(1.0 * sum(b.raw_len) / sum(length(b.data)), 1) AS ratio \
        FROM col c LEFT JOIN block b ON b.table_id = c.table_id AND b.column_id = c.column_id \
        GROUP BY c.table_id, c.column_id
        """,
        """
        CREATE VIEW "tables" AS SELECT "table", max(rows) AS rows, count(*) AS columns, sum(blocks) AS blocks, \
        sum(raw_bytes) AS raw_bytes, sum(stored_bytes) AS stored_bytes FROM "columns" GROUP BY "table"
        """,
        """
        CREATE VIEW codecs AS SELECT CASE codec \
        \(BlockCodec.allCases.map { "WHEN \($0.rawValue) THEN '\($0.name)'" }.joined(separator: " ")) END AS codec, \
        count(*) AS blocks, sum(raw_len) AS raw_bytes, sum(length(data)) AS stored_bytes FROM block GROUP BY 1
        """,
        """
        CREATE VIEW taken AS SELECT datetime(value / 1000000, 'unixepoch') AS utc FROM meta WHERE key = 'engine_micros'
        """,
    ]
}

/// What a snapshot contains.
public struct SnapshotMark: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Customers: everything that an acknowledgement promises. Its number is the LSN.
        case board = "snap"
        /// The statistics at an instant, of which some seconds may be lost. Its number is the cut's.
        case statistics = "soft"
        /// Both at one instant, with everything else a server needs to start from it. Never left in a data directory.
        case backup = "backup"
    }

    public var kind: Kind
    /// Increases from snapshot to snapshot of a kind; in the file's name.
    public var number: UInt64
    /// The last journal record whose effect is included.
    public var lsn: UInt64
    /// The engine's time, microseconds since 1970.
    public var engineMicros: Int64
    /// Identifies the server whose data this is, 128 bits.
    public var clusterHigh: UInt64
    public var clusterLow: UInt64
    /// Name and version of the program.
    public var writer: String

    public init(
        kind: Kind, number: UInt64, lsn: UInt64, engineMicros: Int64, clusterHigh: UInt64, clusterLow: UInt64,
        writer: String
    ) {
        self.kind = kind
        self.number = number
        self.lsn = lsn
        self.engineMicros = engineMicros
        self.clusterHigh = clusterHigh
        self.clusterLow = clusterLow
        self.writer = writer
    }

    /// `snap-00000000000000000042.db`.
    public var fileName: String { Self.fileName(kind, number) }

    public static func fileName(_ kind: Kind, _ number: UInt64) -> String {
        let digits = String(number)
        return "\(kind.rawValue)-\(String(repeating: "0", count: 20 - digits.count))\(digits).db"
    }
}

/// The watermark of a producer's batches in the statistics.
public struct SavedProducer: Equatable, Sendable {
    public var idHigh: UInt64
    public var idLow: UInt64
    public var epoch: UInt64
    public var sequence: UInt64

    public init(idHigh: UInt64, idLow: UInt64, epoch: UInt64, sequence: UInt64) {
        self.idHigh = idHigh
        self.idLow = idLow
        self.epoch = epoch
        self.sequence = sequence
    }
}

/// A whole snapshot, loaded.
public struct Snapshot: Sendable {
    public var mark: SnapshotMark
    public var tables: [SavedTable]
    public var producers: [SavedProducer]
    /// Hash over the mark, the columns, every block's hash and the producers.
    public var rootHash: UInt64

    public func table(_ id: UInt16) -> SavedTable? { tables.first { $0.id == id } }
}

/// A single hash over everything in a snapshot, in its order.
struct RootHash {
    private(set) var value: UInt64 = 0x726F_6F74

    mutating func add(_ number: UInt64) { value = ByteHash.step(value, number) }

    mutating func add(_ text: String) {
        add(Array(text.utf8).withUnsafeBytes { ByteHash.hash($0, seed: value) })
    }

    mutating func add(_ mark: SnapshotMark) {
        add(mark.kind.rawValue)
        add(mark.number)
        add(mark.lsn)
        add(UInt64(bitPattern: mark.engineMicros))
        add(mark.clusterHigh)
        add(mark.clusterLow)
        add(mark.writer)
    }

    mutating func add(_ column: SavedColumn, of table: SavedTable) {
        add(UInt64(table.id) << 16 | UInt64(column.id))
        add(table.name)
        add(column.name)
        add(column.values.kind.rawValue)
        add(UInt64(table.rowCount))
    }

    mutating func add(_ producer: SavedProducer) {
        add(producer.idHigh)
        add(producer.idLow)
        add(producer.epoch)
        add(producer.sequence)
    }
}
