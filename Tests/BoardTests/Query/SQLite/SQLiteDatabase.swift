import CSQLite

/// A value that SQLite gives.
enum SQLiteValue: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
}

struct SQLiteError: Error {
    var message: String
    var sql: String
}

/// A database in memory.
final class SQLiteDatabase {
    private let handle: OpaquePointer

    init() throws {
        var opened: OpaquePointer?
        let result = sqlite3_open(":memory:", &opened)
        guard result == SQLITE_OK, let opened else {
            throw SQLiteError(message: "cannot open: \(result)", sql: "")
        }
        handle = opened
    }

    deinit { sqlite3_close(handle) }

    /// Runs a statement and gives its rows.
    @discardableResult
    func rows(_ sql: String, _ parameters: [SQLiteValue] = []) throws -> [[SQLiteValue]] {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &prepared, nil) == SQLITE_OK, let statement = prepared else {
            throw error(sql)
        }
        defer { sqlite3_finalize(statement) }
        for (index, parameter) in parameters.enumerated() { bind(parameter, Int32(index + 1), statement) }
        var rows: [[SQLiteValue]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append((0..<sqlite3_column_count(statement)).map { value(statement, $0) })
            case SQLITE_DONE: return rows
            default: throw error(sql)
            }
        }
    }

    private func error(_ sql: String) -> SQLiteError {
        SQLiteError(message: String(cString: sqlite3_errmsg(handle)), sql: sql)
    }

    private func bind(_ value: SQLiteValue, _ index: Int32, _ statement: OpaquePointer) {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
        case .real(let real): sqlite3_bind_double(statement, index, real)
        case .text(let text):
            // The destructor -1 makes SQLite copy the text.
            sqlite3_bind_text(statement, index, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        }
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) -> SQLiteValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT: .text(String(cString: sqlite3_column_text(statement, column)))
        default: .null
        }
    }
}
