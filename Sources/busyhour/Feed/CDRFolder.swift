// A directory of CDR files: which of them are to be fed, each once.
//
// The state folder records what was fed: of each file its name, device, inode, size and time of change, and a hash of
// its contents. A file with the same attributes is not read; one with the same contents under another name is not fed
// again; one that was rewritten under its name is another file. The files of a feed are recorded before it begins, so
// that an interrupted one continues with the same files.

import Feeds
import Foundation

struct CDRFolder {
    struct Facts: Codable, Equatable {
        var name: String
        var device: UInt64
        var inode: UInt64
        var size: Int64
        /// Nanoseconds since 1970.
        var changed: Int64
    }

    struct Known: Codable, Equatable {
        var facts: Facts
        var hash: String
    }

    struct Contents: Codable {
        /// Those of the latest feed, if it has not ended.
        var begun: [Known] = []
        var done: [Known] = []
    }

    let path: String
    private let statePath: String
    private let descriptor: FileDescriptor
    private let isForJSON: Bool
    private var contents: Contents
    /// As of the last scan, to see which are still written to.
    private var lastSeen: [String: Facts] = [:]
    /// Files that were fed before this run.
    private(set) var leftOut = 0

    /// - Parameters:
    ///   - what: what distinguishes this feed from others, besides the files.
    ///   - forgets: feeds files again that were fed before.
    /// - Throws: `Refusal` if there is no state folder, or the directory is being fed already.
    init(
        _ path: String, _ what: [String], isForJSON: Bool, forgets: Bool, environment: [String: String]
    ) throws(Refusal) {
        guard let folder = StateFolder.path(environment) else {
            throw Refusal(
                "\(path): there is no folder to note which files were fed; set XDG_STATE_HOME, or name the files")
        }
        var hash = StableHash()
        for text in what { hash.add(text) }
        hash.add(StateFolder.absolute(path))
        (self.path, self.isForJSON, statePath) = (path, isForJSON, "\(folder)/folder-\(hash.text).json")
        descriptor = try FileDescriptor(statePath + ".lock")
        guard descriptor.lock() else {
            throw Refusal("\(path) is being fed by another process; wait for it, or end it")
        }
        let former = FileManager.default.contents(atPath: statePath)
            .flatMap { try? JSONDecoder().decode(Contents.self, from: $0) }
        contents = forgets ? Contents() : former ?? Contents()
    }

    /// The files to be fed now, in the order of their names with numbers in them as numbers; those of an interrupted
    /// feed first. Empty: there are no new ones.
    /// - Parameter waits: leaves out files that have changed since the last scan.
    /// - Throws: `Refusal` if the directory cannot be read.
    mutating func next(waits: Bool) throws(Refusal) -> [String] {
        if !contents.begun.isEmpty {
            let isThere = contents.begun.allSatisfy { (try? Self.facts(path, $0.facts.name)) != nil }
            if isThere { return contents.begun.map { file($0.facts.name) } }
            // One of them was removed: the remaining ones are fed again, and calls are known by their ids.
            contents.begun = []
        }
        let found = try scan()
        let settled = waits ? found.filter { lastSeen[$0.name] == $0 } : found
        lastSeen = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        try begin(settled, of: found)
        return contents.begun.map { file($0.facts.name) }
    }

    /// Begins a feed of those files that were not fed yet.
    private mutating func begin(_ files: [Facts], of found: [Facts]) throws(Refusal) {
        let byName = Dictionary(contents.done.map { ($0.facts.name, $0.facts) }, uniquingKeysWith: { _, last in last })
        var byHash = Dictionary(
            contents.done.indices.map { (contents.done[$0].hash, $0) }, uniquingKeysWith: { _, last in last })
        var bytes: Int64 = 0
        var isChanged = false
        leftOut = 0
        for facts in files {
            if byName[facts.name] == facts {
                leftOut += 1
                continue
            }
            if contents.begun.count == Limits.filesPerFeed || bytes > Limits.bytesPerFeed { break }
            guard let hash = try? Self.hash(file(facts.name)) else { continue }
            isChanged = true
            if let index = byHash[hash] {
                // The same contents: it was touched, moved or copied.
                leftOut += 1
                if index >= 0 { contents.done[index].facts = facts }
                continue
            }
            // Of two new files with the same contents one is fed.
            byHash[hash] = -1
            bytes += facts.size
            contents.begun.append(Known(facts: facts, hash: hash))
        }
        if isChanged { try save(found) }
    }

    /// All of the files that `next` returned are counted and durable.
    mutating func finish() throws(Refusal) {
        contents.done += contents.begun
        contents.begun = []
        try save(nil)
    }

    private func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    /// - Parameter found: the files in the directory; records of others are dropped when there are many.
    private mutating func save(_ found: [Facts]?) throws(Refusal) {
        if let found, contents.done.count > Limits.filesKnown {
            let names = Set(found.map(\.name))
            contents.done.removeAll { !names.contains($0.facts.name) }
        }
        do {
            try JSONEncoder().encode(contents).write(to: URL(fileURLWithPath: statePath), options: .atomic)
        } catch {
            throw Refusal("\(statePath): what was fed cannot be noted; look at the directory and whose it is")
        }
    }

    // MARK: - Files

    /// The finished files.
    private func scan() throws(Refusal) -> [Facts] { try Self.scan(path, isForJSON: isForJSON) }

    /// The finished files of a directory in their order, whether they were fed or not.
    static func files(_ path: String, isForJSON: Bool) throws(Refusal) -> [String] {
        try scan(path, isForJSON: isForJSON).map { path.hasSuffix("/") ? path + $0.name : path + "/" + $0.name }
    }

    private static func scan(_ path: String, isForJSON: Bool) throws(Refusal) -> [Facts] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw Refusal("\(path): the directory cannot be read; check its name and permissions")
        }
        return names.filter { isFinished($0, isForJSON: isForJSON) }.sorted(by: isBefore)
            .compactMap { try? facts(path, $0) }
    }

    /// Whether a name is that of a CDR file that is no longer written to.
    static func isFinished(_ name: String, isForJSON: Bool) -> Bool {
        let lower = name.lowercased()
        if lower.hasPrefix(".") || lower.hasSuffix("~") { return false }
        let parts = lower.split(separator: ".")
        if parts.count > 1, let last = parts.last, unfinished.contains(String(last)) { return false }
        guard isForJSON else { return true }
        return parts.last == "json" || parts.count > 2 && parts[parts.count - 2] == "json"
    }

    private static let unfinished: Set<String> = [
        "part", "partial", "tmp", "temp", "filepart", "crdownload", "download", "writing", "inprogress", "incomplete",
        "swp", "lock", "md5", "sha1", "sha256", "sig", "asc",
    ]

    /// By name, numbers in it as numbers: `cdr-9.csv` is before `cdr-10.csv`.
    static func isBefore(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        var (i, j) = (0, 0)
        func digits(_ bytes: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
            bytes[start...].prefix { $0 >= 48 && $0 <= 57 }
        }
        while i < left.count, j < right.count {
            let (a, b) = (digits(left, i), digits(right, j))
            if !a.isEmpty, !b.isEmpty {
                let (x, y) = (a.drop { $0 == 48 }, b.drop { $0 == 48 })
                if x.count != y.count { return x.count < y.count }
                if !x.elementsEqual(y) { return x.lexicographicallyPrecedes(y) }
                (i, j) = (a.endIndex, b.endIndex)
            } else {
                if left[i] != right[j] { return left[i] < right[j] }
                (i, j) = (i + 1, j + 1)
            }
        }
        if left.count - i != right.count - j { return left.count - i < right.count - j }
        return left.lexicographicallyPrecedes(right)
    }

    private static func facts(_ folder: String, _ name: String) throws(Refusal) -> Facts {
        var status = stat()
        guard stat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Refusal("\(folder)/\(name) is no file; take it away")
        }
        return Facts(
            name: name, device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            changed: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec))
    }

    private static func hash(_ path: String) throws(Refusal) -> String {
        var hash = StableHash()
        let input = try InputFile(path)
        while let piece = try input.read() { hash.add(piece) }
        return hash.text
    }

    /// A file that is open as long as this object lives.
    private final class FileDescriptor: Sendable {
        private let number: Int32

        init(_ path: String) throws(Refusal) {
            number = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if number < 0 {
                throw Refusal(
                    FileFailure.text("write", path, code: errno, remedy: "set XDG_STATE_HOME to another folder"))
            }
        }

        deinit { close(number) }

        func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }
    }
}
