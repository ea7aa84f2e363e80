import CSQLite
import Glibc

/// Why a snapshot could not be written, read or retained.
public struct SnapshotError: Error, Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        /// A call of the system failed with this error number.
        case system(call: String, code: Int32)
        /// SQLite refused, with its result code.
        case sqlite(code: Int32, message: String)
        /// The file is no snapshot of ours, or of a version that is newer (or older than the last two).
        case notASnapshot
        case formatVersion(Int64)
        /// The tables of the file, or their descriptions of columns, are not as they were created.
        case schema(String)
        /// A block is damaged.
        case block(table: String, column: String, chunk: UInt32, part: UInt32, BlockFault)
        /// A block is missing, or is in the place of another.
        case order(String)
        /// All blocks are right by themselves, but together they are not what was written, or not what the journal
        /// records.
        case rootHash
        /// Unpacked, the file would take more memory than any snapshot packed to its size.
        case tooLarge
        /// The caller cancelled the writing.
        case cancelled
    }

    public var path: String
    public var reason: Reason

    public init(path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }
}

extension SnapshotError {
    /// Whether the file is at fault, so that an older one is the answer. A newer program's file is not damaged, nor is
    /// one that could not be opened or for which there was no memory: no file is moved, and the server does not start
    /// without it.
    public var isDamage: Bool {
        switch reason {
        case .formatVersion, .system, .cancelled: false
        case .sqlite(let code, _):
            ![SQLITE_FULL, SQLITE_NOMEM, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH].contains(code & 0xFF)
        case .notASnapshot, .schema, .block, .order, .rootHash, .tooLarge: true
        }
    }
}

extension SnapshotError {
    /// Whether the file was never a snapshot.
    public var isNoSnapshot: Bool {
        switch reason {
        case .notASnapshot: true
        case .sqlite(let code, _): code & 0xFF == SQLITE_NOTADB
        default: false
        }
    }

    /// Whether there was no space for the file. Nothing is damaged.
    public var isDiskFull: Bool {
        switch reason {
        case .system(_, let code): code == ENOSPC || code == EDQUOT
        case .sqlite(let code, _): code & 0xFF == SQLITE_FULL
        default: false
        }
    }
}

extension SnapshotError: CustomStringConvertible {
    public var description: String {
        isDiskFull ? "disk full: \(path) cannot be written; free space on its disk" : "snapshot \(path): \(what)"
    }

    /// What is wrong, without the path.
    public var what: String {
        switch reason {
        case .system(let call, let code): "\(call) failed: \(String(cString: strerror(code))); look at the disk"
        case .sqlite(let code, _) where code & 0xFF == SQLITE_CANTOPEN:
            "cannot be opened; look whether the file is there"
        case .sqlite(let code, let message): "SQLite says '\(message)' (\(code)); the file is damaged or unreadable"
        case .notASnapshot: "is no snapshot of BusyHour; remove it from the directory"
        case .formatVersion(let version):
            "has the format \(version), this program reads \(SnapshotFormat.version); use the program that wrote it"
        case .schema(let detail): "does not have the tables of a snapshot (\(detail)); an older one is needed"
        case .block(let table, let column, let chunk, let part, let fault):
            "chunk \(chunk), part \(part) of \(table).\(column) \(fault); an older one is needed"
        case .order(let detail): "\(detail); an older one is needed"
        case .rootHash: "is not as it was written; an older one is needed"
        case .tooLarge: "would take more memory than its size allows; an older one is needed"
        case .cancelled: "was given up before it was complete"
        }
    }
}
