import Glibc

/// What a disk failed to do, and why.
public struct DiskError: Error, Equatable, Sendable {
    public enum Operation: String, CaseIterable, Sendable {
        case open, create, size, read, write, sync, createDirectory, list, rename, remove, syncDirectory, lock
    }

    public var operation: Operation
    public var path: String
    /// The system's error number.
    public var code: Int32

    public init(_ operation: Operation, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether the disk is full, which may pass; every other error stays.
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// The directory of the path.
    var folder: Substring { path.lastIndex(of: "/").map { path[..<$0] } ?? "." }
}

extension DiskError: CustomStringConvertible {
    public var description: String {
        isDiskFull
            ? "disk full: cannot \(words) \(path); \(advice)"
            : "cannot \(words) \(path): \(String(cString: strerror(code))); \(advice)"
    }

    private var words: String {
        switch operation {
        case .open, .create, .read, .list, .rename, .remove, .lock: operation.rawValue
        case .size: "tell the size of"
        case .write: "write to"
        case .sync, .syncDirectory: "bring to the disk"
        case .createDirectory: "create the directory"
        }
    }

    private var advice: String {
        switch code {
        case ENOSPC: "free space on its disk"
        case EDQUOT: "raise the user's quota or free space"
        case EROFS: "mount its disk for writing; a disk with faults is often mounted read-only"
        case EACCES, EPERM: "give the server's user rights to it"
        case EWOULDBLOCK where operation == .lock: "another process has it; stop that one first"
        case EMFILE, ENFILE: "raise the limit of open files"
        case ENOENT: "look whether something removed it"
        case EIO: "look at the disk: the system's log names the fault"
        default: "look at the disk and the system's log"
        }
    }
}
