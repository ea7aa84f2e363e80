// Reads a snapshot file, which may be damaged or malicious. The columns come from the table `col`; they determine which
// blocks must exist, in which order and of what length, and anything else is refused.

import Board
import Columnar

extension SnapshotFile {
    /// Loads everything.
    static func read(_ path: String) throws -> Snapshot {
        var reader = try Reader(path)
        var tables = reader.tables
        for index in tables.indices {
            try reader.forEachChunk(of: tables[index]) { reader, chunk in
                for column in tables[index].columns.indices {
                    try reader.unpackNext(&tables[index], column, chunk: chunk, into: chunk)
                }
            }
        }
        return try reader.finish(tables)
    }

    /// Reads everything, stores nothing, and returns the root hash.
    static func verify(_ path: String) throws -> UInt64 {
        var reader = try Reader(path)
        for table in reader.tables {
            try reader.forEachChunk(of: table) { reader, chunk in
                // A table of this chunk alone.
                let rows = ChunkSize.rows(inChunk: chunk, count: table.rowCount).count
                var part = SavedTable(
                    id: table.id, name: table.name,
                    columns: table.columns.map {
                        SavedColumn($0.id, $0.name, SavedValues($0.values.kind, rowCount: rows))
                    })
                for column in part.columns.indices {
                    try reader.unpackNext(&part, column, chunk: chunk, into: 0)
                }
            }
        }
        return try reader.finish([]).rootHash
    }
}

extension SnapshotFile {
    private struct Reader {
        private let database: SnapshotDatabase
        private let blocks: Statement
        /// With their columns, which are zeros and empty texts.
        let tables: [SavedTable]
        private let mark: SnapshotMark
        private let writtenRoot: UInt64
        private var root = RootHash()
        private var unpacker = ColumnUnpacker()
        /// Raw bytes that may still be unpacked.
        private var budget: Int

        init(_ path: String) throws {
            database = try SnapshotDatabase(reading: path)
            try SnapshotFile.checkHead(database)
            (mark, writtenRoot) = try SnapshotFile.readMark(database)
            tables = try SnapshotFile.readColumns(database)
            root.add(mark)
            for table in tables {
                for column in table.columns { root.add(column, of: table) }
            }
            let pages = try database.integer("PRAGMA page_count")
            let pageBytes = try database.integer("PRAGMA page_size")
            // A page has at most 64 KiB and pages are counted by 32 bits.
            budget = SnapshotLimits.unpackedBytes + SnapshotLimits.unpackedRatio * Int(pages * pageBytes)
            blocks = try database.prepare(
                """
                SELECT table_id, column_id, chunk, part, rows, codec, raw_len, hash64, data FROM block ORDER BY rowid
                """)
        }

        mutating func forEachChunk(
            of table: SavedTable, _ body: (inout Reader, _ chunk: Int) throws -> Void
        ) throws {
            for chunk in 0..<ChunkSize.chunks(holding: table.rowCount) { try body(&self, chunk) }
        }

        /// Unpacks the file's next blocks, which must be those of a chunk of a column.
        mutating func unpackNext(
            _ table: inout SavedTable, _ column: Int, chunk: Int, into target: Int
        ) throws {
            let rows = ChunkSize.rows(inChunk: target, count: table.rowCount).count
            var place = BlockPlace(
                tableID: table.id, columnID: table.columns[column].id, chunk: UInt32(chunk), part: 0,
                rows: UInt32(rows))
            do {
                var unpacker = self.unpacker
                try table.unpack(column, chunk: target, place, &unpacker) {
                    place = $0
                    return try next(at: $0)
                }
                self.unpacker = unpacker
            } catch let fault as BlockFault {
                throw SnapshotError(
                    path: database.path,
                    .block(
                        table: table.name, column: table.columns[column].name, chunk: place.chunk, part: place.part,
                        fault))
            }
        }

        private mutating func next(at place: BlockPlace) throws -> ReadBlock {
            guard try blocks.step() else { throw error(.order("blocks are missing at the end")) }
            let expected = [
                Int64(place.tableID), Int64(place.columnID), Int64(place.chunk), Int64(place.part), Int64(place.rows),
            ]
            for (column, value) in expected.enumerated() where blocks.strictInteger(Int32(column)) != value {
                throw error(
                    .order("a block is where that of table \(place.tableID), column \(place.columnID) belongs"))
            }
            guard let codec = blocks.strictInteger(5), let rawBytes = blocks.strictInteger(6),
                let hash = blocks.strictInteger(7), let bytes = blocks.bytes(8)
            else { throw BlockFault.malformed }
            // A chunk of zeros takes no memory: a million customers without calls are legitimately a small file.
            if codec != Int64(BlockCodec.constant.rawValue) || bytes.contains(where: { $0 != 0 }) {
                budget -= Int(clamping: max(0, min(rawBytes, Int64(BlockLimits.rawBytes))))
            }
            guard budget >= 0 else { throw error(.tooLarge) }
            root.add(UInt64(bitPattern: hash))
            return ReadBlock(codec: codec, rawBytes: rawBytes, hash: UInt64(bitPattern: hash), bytes: bytes)
        }

        /// To be called after all blocks were read.
        mutating func finish(_ tables: [SavedTable]) throws -> Snapshot {
            guard try !blocks.step() else { throw error(.order("there are more blocks than columns have")) }
            let producers = try SnapshotFile.readProducers(database)
            for producer in producers { root.add(producer) }
            guard root.value == writtenRoot else { throw error(.rootHash) }
            return Snapshot(mark: mark, tables: tables, producers: producers, rootHash: root.value)
        }

        private func error(_ reason: SnapshotError.Reason) -> SnapshotError {
            SnapshotError(path: database.path, reason)
        }
    }
}
