// The file of a backup. It gets its name only when it is complete, durable and read back.

import Columnar
import Glibc

struct BackupOutput {
    private let path: String
    private let unfinished: String
    private let descriptor: CInt
    /// Of each received part, in order.
    private var parts: [(count: Int, hash: UInt64)] = []

    /// - Throws: the file exists already, or cannot be created.
    init(path: String) throws {
        guard access(path, F_OK) != 0 else { throw Refusal("\(path) exists; give another name") }
        self.path = path
        unfinished = path + ".part"
        unlink(unfinished)
        descriptor = open(unfinished, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("create", unfinished) }
    }

    mutating func append(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", unfinished) }
            done += count
        }
        parts.append((bytes.count, Self.hash(bytes)))
    }

    /// Makes it durable, reads it back, and names it.
    func finish() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure("sync", unfinished) }
        var offset = 0
        for part in parts {
            var bytes = [UInt8](repeating: 0, count: part.count)
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
            guard count == part.count, Self.hash(bytes) == part.hash else {
                throw Refusal("\(unfinished) is not what was written to it; look at the disk")
            }
            offset += count
        }
        // Fails if such a file was created meanwhile.
        guard link(unfinished, path) == 0 else { throw Self.failure("name", path) }
        unlink(unfinished)
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        guard directory >= 0, fsync(directory) == 0 else { throw Self.failure("sync", folder) }
        close(descriptor)
    }

    func discard() {
        close(descriptor)
        unlink(unfinished)
    }

    private static func hash(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { ByteHash.hash($0, seed: 0) } }

    private static func failure(_ call: String, _ path: String) -> Refusal {
        Refusal(FileFailure.text(call, path))
    }
}
