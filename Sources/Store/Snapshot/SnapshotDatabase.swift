// The few things that snapshots need of SQLite: a connection that either creates a file or trusts one as little as
// possible.

import CSQLite

/// Used by one thread.
///
/// Unsafe, and why it is right: the handle is open from init to deinit, and statements retain their database.
final class SnapshotDatabase {
    let path: String
    fileprivate let handle: OpaquePointer

    /// A new file, or an existing one recreated by the holder of its directory's lock. No journal and no waiting for
    /// the disk: until it is renamed the file counts for nothing, and the writer syncs it itself.
    init(creating path: String) throws {
        self.path = path
        handle = try SnapshotDatabase.open(path, path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        try run("PRAGMA page_size = \(SnapshotLimits.pageBytes)")
        try run("PRAGMA journal_mode = OFF")
        try run("PRAGMA synchronous = OFF")
        try run("PRAGMA locking_mode = EXCLUSIVE")
    }

    /// A file that may be damaged or malicious: nothing in it is executed, and nothing is written.
    init(reading path: String) throws {
        self.path = path
        let uri = "file:" + SnapshotDatabase.escape(path) + "?immutable=1"
        handle = try SnapshotDatabase.open(path, uri, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        guard sqlite3_make_defensive(handle) == SQLITE_OK else { throw error() }
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(SnapshotLimits.rowBytes))
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 0)
        try run("PRAGMA trusted_schema = OFF")
        try run("PRAGMA cell_size_check = ON")
        try run("PRAGMA query_only = ON")
        try run("PRAGMA mmap_size = 0")
    }

    deinit { sqlite3_close_v2(handle) }

    /// - Parameter name: the path, or a URI for it.
    private static func open(_ path: String, _ name: String, flags: Int32) throws -> OpaquePointer {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw SnapshotError(path: path, .sqlite(code: code, message: String(cString: sqlite3_errstr(code))))
        }
        return opened
    }

    /// Escapes the characters that have a meaning in a URI.
    private static func escape(_ path: String) -> String {
        path.reduce(into: "") { escaped, character in
            switch character {
            case "%": escaped += "%25"
            case "?": escaped += "%3f"
            case "#": escaped += "%23"
            default: escaped.append(character)
            }
        }
    }

    func error() -> SnapshotError {
        SnapshotError(
            path: path,
            .sqlite(code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle))))
    }

    /// Runs a statement and ignores its rows.
    func run(_ sql: String) throws {
        let statement = try prepare(sql)
        while try statement.step() {}
    }

    /// The single integer that a statement returns.
    func integer(_ sql: String) throws -> Int64 {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    func prepare(_ sql: String) throws -> Statement { try Statement(self, sql) }
}

/// Unsafe, and why it is right: the statement is finalised once, in deinit; columns are read between one `step` and the
/// next.
final class Statement {
    private let database: SnapshotDatabase
    private let handle: OpaquePointer

    fileprivate init(_ database: SnapshotDatabase, _ sql: String) throws {
        self.database = database
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(database.handle, sql, -1, &prepared, nil) == SQLITE_OK, let prepared else {
            throw database.error()
        }
        handle = prepared
    }

    deinit { sqlite3_finalize(handle) }

    /// Whether there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.error()
        }
    }

    // MARK: - Writing

    enum Value {
        case integer(Int64)
        case text(String)
        /// Borrowed until `run` returns.
        case bytes(UnsafeRawBufferPointer)
    }

    /// Runs with these values, then resets for the next ones.
    func run(_ values: [Value]) throws {
        for (index, value) in values.enumerated() { try bind(value, Int32(index + 1)) }
        _ = try step()
        sqlite3_reset(handle)
    }

    private func bind(_ value: Value, _ index: Int32) throws {
        let code: Int32
        switch value {
        case .integer(let integer): code = sqlite3_bind_int64(handle, index, integer)
        // -1 is SQLITE_TRANSIENT: the library makes a copy.
        case .text(let text):
            code = sqlite3_bind_text(handle, index, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        // Nil is SQLITE_STATIC: the bytes remain valid until `run` has stepped.
        case .bytes(let bytes):
            code = sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
        }
        guard code == SQLITE_OK else { throw database.error() }
    }

    // MARK: - Reading

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// Nil where the value is not an integer.
    func strictInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_INTEGER ? integer(column) : nil
    }

    /// Nil where the value is not a text, is not UTF-8, or is longer than `limit` bytes.
    func text(_ column: Int32, limit: Int) -> String? {
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT, let bytes = sqlite3_column_text(handle, column)
        else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count <= limit else { return nil }
        return String(validating: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Valid until the next step. Nil where the value is not a blob.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
        guard sqlite3_column_type(handle, column) == SQLITE_BLOB else { return nil }
        let bytes = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))
    }
}
