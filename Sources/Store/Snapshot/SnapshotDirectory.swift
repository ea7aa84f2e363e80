// The snapshots of one server. A file gets its name when it is complete, durable and read back; until then, and after a
// crash, it is `.tmp`. A file that does not verify is set aside as `.bad` and never deleted.
//
// The directory belongs to one process, which holds the lock of the data directory; one snapshot is written at a time.

import Board

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A snapshot that is complete and durable.
public struct SnapshotReceipt: Equatable, Sendable {
    public var path: String
    public var mark: SnapshotMark
    /// For the journal: the hash that the file must have when it is read again.
    public var rootHash: UInt64
    public var byteCount: Int
    /// Number of the oldest retained snapshot of its kind, including this one: earlier records of the journal are not
    /// needed.
    public var oldestNumber: UInt64
}

public struct SnapshotDirectory: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    // MARK: - Writing

    /// Writes, syncs, reads back and names a snapshot, then deletes those older than the newest two of its kind. Cost:
    /// a million customers take some 0.3 s of this thread and the disk's time for 30 MB.
    ///
    /// - Parameter between: called after every chunk of rows, so that the caller can delay the writing (by waiting in
    ///   it) or cancel it (by returning false).
    /// - Throws: what went wrong; the file is removed, and older snapshots are unchanged.
    public func write(
        _ tables: [SavedTable], producers: [SavedProducer] = [], mark: SnapshotMark, between: () -> Bool = { true }
    ) throws(SnapshotError) -> SnapshotReceipt {
        let final = path + "/" + mark.fileName
        let unfinished = SeededFlaws.ofProcess.contains(.namesUnfinished) ? final : final + ".tmp"
        unlink(unfinished)
        do {
            let root = try SnapshotFile.write(tables, producers, mark, to: unfinished, between: between)
            try sync(unfinished)
            guard try SnapshotFile.verify(unfinished) == root else { throw SnapshotError(path: final, .rootHash) }
            let byteCount = try size(unfinished)
            guard rename(unfinished, final) == 0 else { throw system("rename", unfinished) }
            try sync(path)
            try prune(mark.kind)
            return SnapshotReceipt(
                path: final, mark: mark, rootHash: root, byteCount: byteCount,
                oldestNumber: try numbers(mark.kind).last ?? mark.number)
        } catch {
            unlink(unfinished)
            throw (error as? SnapshotError) ?? SnapshotError(path: final, .notASnapshot)
        }
    }

    // MARK: - Reading

    /// The newest snapshot of a kind that verifies, or nil if there is none; newer ones that are damaged are set aside.
    ///
    /// - Parameters:
    ///   - roots: the root hashes in the journal, by number: a file with another one is refused.
    ///   - setAside: called for each file that did not verify or was refused.
    ///   - take: takes over the contents of the file; if it refuses, the next older file is tried.
    public func newest(
        _ kind: SnapshotMark.Kind, roots: [UInt64: UInt64] = [:], setAside: (SnapshotError) -> Void = { _ in },
        take: (Snapshot) throws(RestoreError) -> Void = { _ in }
    ) throws(SnapshotError) -> Snapshot? {
        for number in try numbers(kind) {
            let file = path + "/" + fileName(kind, number)
            do throws(SnapshotError) {
                let snapshot = try SnapshotDirectory.read(file)
                let roots = SeededFlaws.ofProcess.contains(.ignoresRoots) ? [:] : roots
                guard snapshot.mark.kind == kind, snapshot.mark.number == number,
                    roots[number, default: snapshot.rootHash] == snapshot.rootHash
                else { throw SnapshotError(path: file, .rootHash) }
                do {
                    try take(snapshot)
                } catch {
                    throw SnapshotError(path: file, .schema(error.description))
                }
                return snapshot
            } catch {
                guard error.isDamage else { throw error }
                try quarantine(file)
                setAside(error)
            }
        }
        return nil
    }

    /// Loads one file.
    public static func read(_ path: String) throws(SnapshotError) -> Snapshot {
        do {
            return try SnapshotFile.read(path)
        } catch {
            throw (error as? SnapshotError) ?? SnapshotError(path: path, .notASnapshot)
        }
    }

    /// Numbers of the complete snapshots of a kind, newest first.
    public func numbers(_ kind: SnapshotMark.Kind) throws(SnapshotError) -> [UInt64] {
        var numbers: [UInt64] = []
        for name in try names() where name.hasPrefix(kind.rawValue + "-") && name.hasSuffix(".db") {
            let digits = name.dropFirst(kind.rawValue.count + 1).dropLast(3)
            if let number = UInt64(digits), fileName(kind, number) == name { numbers.append(number) }
        }
        return numbers.sorted(by: >)
    }

    // MARK: - Keeping house

    /// Removes what a crash left unfinished.
    public func removeUnfinished() throws(SnapshotError) {
        for name in try names() where name.hasSuffix(".db.tmp") {
            guard unlink(path + "/" + name) == 0 else { throw system("unlink", path + "/" + name) }
        }
    }

    private func prune(_ kind: SnapshotMark.Kind) throws(SnapshotError) {
        for number in try numbers(kind).dropFirst(SnapshotLimits.kept) {
            let file = path + "/" + fileName(kind, number)
            guard unlink(file) == 0 else { throw system("unlink", file) }
        }
    }

    private func quarantine(_ file: String) throws(SnapshotError) {
        if SeededFlaws.ofProcess.contains(.deletesDamaged) { unlink(file) }
        var target = file + ".bad"
        var copies = 1
        while access(target, F_OK) == 0 {
            copies += 1
            target = file + ".bad\(copies)"
        }
        guard rename(file, target) == 0 || SeededFlaws.ofProcess.contains(.deletesDamaged) else {
            throw system("rename", file)
        }
        try sync(path)
    }

    private func fileName(_ kind: SnapshotMark.Kind, _ number: UInt64) -> String {
        SnapshotMark.fileName(kind, number)
    }

    // MARK: - The system

    private func names() throws(SnapshotError) -> [String] {
        guard let directory = opendir(path) else { throw system("opendir", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // Safe: the system ends the name with a 0 within the entry.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            names.append(name)
        }
        return names
    }

    private func sync(_ file: String) throws(SnapshotError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw system("open", file) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw system("fsync", file) }
    }

    private func size(_ file: String) throws(SnapshotError) -> Int {
        var status = stat()
        guard stat(file, &status) == 0 else { throw system("stat", file) }
        return Int(status.st_size)
    }

    private func system(_ call: String, _ file: String) -> SnapshotError {
        SnapshotError(path: file, .system(call: call, code: errno))
    }
}
