// The data directory belongs to one server at a time: its file `lock` is held by flock(2), which the system releases
// when the process ends, however it ends. The file holds the owner's process id, for the message to the second server.

import Columnar
import Feeds
import Glibc
import Store

/// A data directory that this process owns until the value is closed.
final class DataDirectory: Sendable {
    let path: String
    private let lock: CInt

    /// Creates the directory if needed (mode 0700) and takes its lock.
    init(path: String) throws(ServerError) {
        try Self.create(path)
        let lockPath = path + "/lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw ServerError(
                "cannot open \(lockPath): \(Self.reason(errno)); give a --data-dir you may write to", kind: .environment
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            let owner = Self.owner(descriptor)
            close(descriptor)
            throw failure == EWOULDBLOCK
                ? Self.inUse(path, by: owner)
                : ServerError("cannot lock \(lockPath): \(Self.reason(failure))", kind: .environment)
        }
        self.path = path
        self.lock = descriptor
        let text = Array("\(getpid())\n".utf8)
        // The lock is what counts; a process id that could not be written only shortens another server's message.
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    /// Changes nothing and creates no directory.
    /// - Throws: another server holds it.
    static func checkIsFree(_ path: String) throws(ServerError) {
        let descriptor = open(path + "/lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw inUse(path, by: owner(descriptor)) }
    }

    private static func inUse(_ path: String, by owner: String) -> ServerError {
        ServerError("\(path) is in use by \(owner); stop that server or give another --data-dir", kind: .environment)
    }

    /// The key of call hashes, created with the directory: restored calls must be found by their later
    /// events.
    func hashSeed() throws(ServerError) -> HashSeed {
        switch Self.readKey(path) {
        case .key(let seed): return seed
        case .none: return try store(HashSeed.random())
        case .damaged:
            throw ServerError(
                "\(path)/hash-key is damaged; put it back from a copy, or run busyhourd --repair \(path)",
                kind: .environment)
        }
    }

    enum StoredKey {
        case none
        case damaged
        case key(HashSeed)
    }

    /// The file holds the two words of the key and a hash of them.
    static func readKey(_ path: String) -> StoredKey {
        let disk = POSIXDisk()
        // One word more than expected.
        var words: [UInt64] = [0, 0, 0, 0]
        do throws(DiskError) {
            let file = try disk.open(path + "/hash-key", for: .reading)
            defer { disk.close(file) }
            let count = try words.withUnsafeMutableBufferPointer { words throws(DiskError) in
                try disk.read(into: UnsafeMutableRawBufferPointer(words), from: file, at: 0)
            }
            guard count == 24, words[2] == hash(words[0], words[1]) else { return .damaged }
        } catch {
            return error.code == ENOENT ? .none : .damaged
        }
        return .key(HashSeed(first: words[0], second: words[1]))
    }

    private static func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        ByteHash.step(ByteHash.step(0x6861_7368_6B65_79, first), second)
    }

    /// Makes this the key from now on.
    @discardableResult
    func store(_ seed: HashSeed) throws(ServerError) -> HashSeed {
        let (name, disk) = (path + "/hash-key", POSIXDisk())
        let words = [seed.first, seed.second, Self.hash(seed.first, seed.second)]
        do throws(DiskError) {
            // Left by an interrupted start.
            do throws(DiskError) { try disk.remove(name + ".tmp") } catch {
                guard error.code == ENOENT else { throw error }
            }
            let file = try disk.open(name + ".tmp", for: .creating)
            defer { disk.close(file) }
            try words.withUnsafeBufferPointer { words throws(DiskError) in
                try disk.write(UnsafeRawBufferPointer(words), to: file, at: 0)
            }
            try disk.sync(file)
            try disk.rename(name + ".tmp", to: name)
            try disk.syncDirectory(path)
        } catch {
            throw ServerError("cannot write \(name): \(error)", kind: .environment)
        }
        return seed
    }

    /// Releases the lock; to be called once, by the owner.
    func unlock() {
        close(lock)
    }

    /// Like `mkdir -p`.
    private static func create(_ path: String) throws(ServerError) {
        guard !path.isEmpty else {
            throw ServerError("the data directory has no name; give --data-dir DIR", kind: .usage)
        }
        var parent = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            parent += parent.isEmpty || parent.hasSuffix("/") ? String(component) : "/" + component
            if mkdir(parent, 0o700) != 0 && errno != EEXIST {
                throw ServerError("cannot create the data directory \(parent): \(reason(errno))", kind: .environment)
            }
        }
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw ServerError("\(path) is not a directory; give another --data-dir", kind: .environment)
        }
    }

    static func owner(_ descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (48...57).contains($0) }
        return digits.isEmpty
            ? "another server" : "the server with process id \(String(decoding: digits, as: UTF8.self))"
    }

    private static func reason(_ code: CInt) -> String {
        code == ENOSPC || code == EDQUOT ? "disk full; free space on it" : String(cString: strerror(code))
    }
}
