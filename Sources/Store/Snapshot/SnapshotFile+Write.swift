// Writes a snapshot file, from copies that do not change meanwhile.

import Board
import Columnar

enum SnapshotFile {
    /// Creates the file `path`, which is not synced yet. `between` is called after every chunk of rows: it may wait, or
    /// cancel the writing by returning false.
    /// - Returns: the root hash.
    static func write(
        _ tables: [SavedTable], _ producers: [SavedProducer], _ mark: SnapshotMark, to path: String,
        between: () -> Bool
    ) throws -> UInt64 {
        let database = try SnapshotDatabase(creating: path)
        try database.run("PRAGMA application_id = \(SnapshotFormat.applicationID)")
        try database.run("PRAGMA user_version = \(SnapshotFormat.version)")
        try database.run("BEGIN")
        for table in SnapshotFormat.tables { try database.run(table.sql) }
        for view in SnapshotFormat.views { try database.run(view) }
        var root = RootHash()
        root.add(mark)
        try writeColumns(tables, &root, database)
        try writeBlocks(tables, &root, database, between)
        try write(producers, &root, database)
        try write(mark, root: root.value, database)
        try database.run("COMMIT")
        return root.value
    }

    private static func writeColumns(
        _ tables: [SavedTable], _ root: inout RootHash, _ database: SnapshotDatabase
    ) throws {
        let insert = try database.prepare("INSERT INTO col VALUES(?, ?, ?, ?, ?, ?)")
        for table in tables {
            for column in table.columns {
                root.add(column, of: table)
                try insert.run([
                    .integer(Int64(table.id)), .integer(Int64(column.id)), .text(table.name), .text(column.name),
                    .text(column.values.kind.rawValue), .integer(Int64(table.rowCount)),
                ])
            }
        }
    }

    /// Chunk by chunk, so that blocks of all sizes alternate and fill the file's pages.
    private static func writeBlocks(
        _ tables: [SavedTable], _ root: inout RootHash, _ database: SnapshotDatabase, _ between: () -> Bool
    ) throws {
        var packer = ColumnPacker()
        let insert = try database.prepare("INSERT INTO block VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for table in tables {
            for chunk in 0..<ChunkSize.chunks(holding: table.rowCount) {
                for column in table.columns {
                    try packer.pack(column, of: table.id, chunk: chunk) { place, block, bytes in
                        root.add(block.hash)
                        try insert.run([
                            .integer(Int64(place.tableID)), .integer(Int64(place.columnID)),
                            .integer(Int64(place.chunk)), .integer(Int64(place.part)), .integer(Int64(place.rows)),
                            .integer(Int64(block.codec.rawValue)), .integer(Int64(block.rawBytes)),
                            .integer(Int64(bitPattern: block.hash)), .bytes(bytes),
                        ])
                    }
                }
                guard between() else { throw SnapshotError(path: database.path, .cancelled) }
            }
        }
    }

    private static func write(
        _ producers: [SavedProducer], _ root: inout RootHash, _ database: SnapshotDatabase
    ) throws {
        let insert = try database.prepare("INSERT INTO producer VALUES(?, ?, ?)")
        for producer in producers.sorted(by: { ($0.idHigh, $0.idLow) < ($1.idHigh, $1.idLow) }) {
            root.add(producer)
            let id = [producer.idHigh.bigEndian, producer.idLow.bigEndian]
            try id.withUnsafeBytes {
                try insert.run([
                    .bytes($0), .integer(Int64(bitPattern: producer.epoch)),
                    .integer(Int64(bitPattern: producer.sequence)),
                ])
            }
        }
    }

    private static func write(_ mark: SnapshotMark, root: UInt64, _ database: SnapshotDatabase) throws {
        let insert = try database.prepare("INSERT INTO meta VALUES(?, ?, ?)")
        let integer = { (bits: UInt64) in Statement.Value.integer(Int64(bitPattern: bits)) }
        let rows: [(String, Statement.Value, String)] = [
            ("kind", .text(mark.kind.rawValue), "snap: customers, nothing acknowledged is missing; soft: statistics"),
            ("number", integer(mark.number), "which of its kind; the newest has the highest"),
            ("lsn", integer(mark.lsn), "the last journal record whose effect is in here"),
            (
                "engine_micros", .integer(mark.engineMicros),
                "the engine's time: microseconds since 1970, see also: taken"
            ),
            ("cluster_high", integer(mark.clusterHigh), "whose data this is, upper half"),
            ("cluster_low", integer(mark.clusterLow), "lower half"),
            ("writer", .text(mark.writer), "the program that wrote this file"),
            ("root_hash", integer(root), "over everything in here; the journal has the same number"),
        ]
        for (key, value, meaning) in rows { try insert.run([.text(key), value, .text(meaning)]) }
    }
}
