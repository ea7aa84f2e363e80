// What a reader requires of a file before it reads a block.

import Board
import CSQLite

extension SnapshotFile {
    static func checkHead(_ database: SnapshotDatabase) throws {
        guard try database.integer("PRAGMA application_id") == SnapshotFormat.applicationID else {
            throw SnapshotError(path: database.path, .notASnapshot)
        }
        let version = try database.integer("PRAGMA user_version")
        guard version == SnapshotFormat.version else {
            throw SnapshotError(path: database.path, .formatVersion(version))
        }
        for table in SnapshotFormat.tables {
            let schema = try database.prepare(
                "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = '\(table.name)'")
            guard try schema.step(), schema.text(0, limit: table.sql.utf8.count) == table.sql else {
                throw SnapshotError(path: database.path, .schema("the table \(table.name) is another one"))
            }
        }
    }

    static func readMark(_ database: SnapshotDatabase) throws -> (SnapshotMark, root: UInt64) {
        let fault = SnapshotError(path: database.path, .schema("meta is incomplete"))
        let value = try database.prepare("SELECT key, value FROM meta")
        var integers: [String: Int64] = [:]
        var texts: [String: String] = [:]
        while try value.step() {
            guard let key = value.text(0, limit: SnapshotLimits.nameBytes), integers.count + texts.count < 64 else {
                throw fault
            }
            if let integer = value.strictInteger(1) { integers[key] = integer }
            if let text = value.text(1, limit: 256) { texts[key] = text }
        }
        guard let kind = texts["kind"].flatMap(SnapshotMark.Kind.init(rawValue:)), let writer = texts["writer"],
            let number = integers["number"], let lsn = integers["lsn"], let micros = integers["engine_micros"],
            let high = integers["cluster_high"], let low = integers["cluster_low"], let root = integers["root_hash"]
        else { throw fault }
        let mark = SnapshotMark(
            kind: kind, number: UInt64(bitPattern: number), lsn: UInt64(bitPattern: lsn), engineMicros: micros,
            clusterHigh: UInt64(bitPattern: high), clusterLow: UInt64(bitPattern: low), writer: writer)
        return (mark, UInt64(bitPattern: root))
    }

    /// The tables, with columns of zeros and empty texts: memory is allocated for lists of chunks only.
    static func readColumns(_ database: SnapshotDatabase) throws -> [SavedTable] {
        let fault = SnapshotError(path: database.path, .schema("the list of columns is damaged"))
        let row = try database.prepare(
            "SELECT table_id, column_id, table_name, name, type, rows FROM col ORDER BY table_id, column_id")
        var tables: [SavedTable] = []
        var columns: [SavedColumn] = []
        var current: (id: UInt16, name: String, rows: Int64)?
        func endTable() {
            if let current { tables.append(SavedTable(id: current.id, name: current.name, columns: columns)) }
            columns = []
        }
        while try row.step() {
            guard let table = row.strictInteger(0).flatMap(UInt16.init(exactly:)),
                let id = row.strictInteger(1).flatMap(UInt16.init(exactly:)),
                let tableName = row.text(2, limit: SnapshotLimits.nameBytes),
                let name = row.text(3, limit: SnapshotLimits.nameBytes),
                let kind = row.text(4, limit: SnapshotLimits.nameBytes).flatMap(SavedValues.Kind.init(rawValue:)),
                let rows = row.strictInteger(5), (0...SnapshotLimits.rows).contains(rows)
            else { throw fault }
            if current?.id != table {
                endTable()
                current = (table, tableName, rows)
            }
            guard current?.name == tableName, current?.rows == rows, columns.count < SnapshotLimits.columns,
                tables.count < SnapshotLimits.tables
            else { throw fault }
            columns.append(SavedColumn(id, name, SavedValues(kind, rowCount: Int(rows))))
        }
        endTable()
        return tables
    }

    static func readProducers(_ database: SnapshotDatabase) throws -> [SavedProducer] {
        let fault = SnapshotError(path: database.path, .schema("the list of producers is damaged"))
        let row = try database.prepare("SELECT id, epoch, seq FROM producer ORDER BY id")
        var producers: [SavedProducer] = []
        while try row.step() {
            guard let id = row.bytes(0), id.count == 16, let epoch = row.strictInteger(1),
                let sequence = row.strictInteger(2), producers.count < SnapshotLimits.producers
            else { throw fault }
            producers.append(
                SavedProducer(
                    idHigh: UInt64(bigEndian: id.loadUnaligned(as: UInt64.self)),
                    idLow: UInt64(bigEndian: id.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    epoch: UInt64(bitPattern: epoch), sequence: UInt64(bitPattern: sequence)))
        }
        return producers
    }
}
