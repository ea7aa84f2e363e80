// A disk that does what disks do when the power goes.
//
// It keeps two states: what programs see, and what would be there after a loss of power. Writes and changes of names go
// to the first at once, and into a list of what is not synced; a sync brings a file's part of the list to the second.
// An image is the second state with some of the list kept, some dropped, some torn within a sector or left as junk.
//
// Every operation is counted and can be made to fail. A sync of a file that fails forgets its unsynced writes, as the
// system does: programs still see them, but no later sync brings them to the disk.

import Glibc
import Randomness
import Synchronization

@testable import Store

final class SimulatedDisk: Disk, Sendable {
    static let sectorBytes = 512

    /// What becomes of something that was not synced.
    enum Fate: CaseIterable {
        case kept, dropped, torn, junk
    }

    enum Change: Sendable {
        case write(file: Int, offset: Int, bytes: [UInt8])
        case create(name: String, file: Int)
        case rename(from: String, to: String)
        case remove(name: String)

        var isOfNames: Bool { if case .write = self { false } else { true } }
    }

    struct Contents: Sendable {
        /// Paths of files, and of directories with -1.
        var names: [String: Int] = [:]
        var files: [Int: [UInt8]] = [:]

        mutating func apply(_ change: Change) {
            switch change {
            case .write(let file, let offset, let bytes): write(bytes, to: file, at: offset)
            case .create(let name, let file):
                names[name] = file
                if files[file] == nil { files[file] = [] }
            case .rename(let from, let to):
                // What came before it may have been lost.
                if let file = names.removeValue(forKey: from) { names[to] = file }
            case .remove(let name): names[name] = nil
            }
        }

        mutating func write(_ bytes: [UInt8], to file: Int, at offset: Int) {
            if bytes.isEmpty { return }
            var content = files.removeValue(forKey: file) ?? []
            if content.count < offset + bytes.count {
                content.append(contentsOf: [UInt8](repeating: 0, count: offset + bytes.count - content.count))
            }
            // In bounds: the content was made long enough.
            content.withUnsafeMutableBytes { content in
                bytes.withUnsafeBytes { memcpy(content.baseAddress! + offset, $0.baseAddress!, $0.count) }
            }
            files[file] = content
        }
    }

    struct State: Sendable {
        var seen = Contents()
        var durable = Contents()
        var unsynced: [Change] = []
        var nextFile = 1
        /// Open files by descriptor; a lock is taken while its descriptor is open.
        var open: [Int32: Int] = [:]
        var locks: [Int32: String] = [:]
        var nextDescriptor: Int32 = 3
        var operations: [DiskError.Operation] = []
        /// What fails, by the number of the operation.
        var failures: [Int: Int32] = [:]
        /// What fails from now on, by its kind.
        var failing: [DiskError.Operation: Int32] = [:]
        /// Bytes that all files together may have; nil: no bound.
        var space: Int?
    }

    private let state: Mutex<State>
    /// Called before each operation, with its number.
    private let before: @Sendable (_ number: Int, DiskError.Operation, _ path: String) -> Void

    init(
        _ contents: Contents = Contents(),
        before: @escaping @Sendable (Int, DiskError.Operation, String) -> Void = { _, _, _ in }
    ) {
        var state = State()
        (state.seen, state.durable) = (contents, contents)
        state.nextFile = (contents.names.values.max() ?? 0) + 1
        self.state = Mutex(state)
        self.before = before
    }

    // MARK: - Faults

    var snapshot: State { state.withLock { $0 } }
    var operations: [DiskError.Operation] { snapshot.operations }
    /// What programs see.
    var contents: Contents { snapshot.seen }

    /// The operation of this number (from 0) fails.
    func fail(operation: Int, code: Int32) { state.withLock { $0.failures[operation] = code } }

    /// Operations of this kind fail, or do not any more.
    func fail(_ operation: DiskError.Operation, code: Int32?) { state.withLock { $0.failing[operation] = code } }

    /// Bounds the bytes of all files.
    func limit(space: Int?) { state.withLock { $0.space = space } }

    /// The program ends, however it does; the machine goes on. What was not synced stays so, and nothing fails any
    /// more.
    func endProgram() {
        state.withLock { state in
            (state.open, state.locks, state.failures, state.failing) = ([:], [:], [:], [:])
        }
    }

    /// What a loss of power leaves.
    /// - Parameter fate: of each sector or name that was not synced, in their order.
    static func image(_ state: State, fate: (Change, _ sector: Int) -> Fate) -> Contents {
        var image = state.durable
        for change in state.unsynced {
            guard case .write(let file, let offset, let bytes) = change else {
                if fate(change, 0) != .dropped { image.apply(change) }
                continue
            }
            var start = 0
            while start < bytes.count {
                // To the end of the sector.
                let end = min(bytes.count, start + sectorBytes - (offset + start) % sectorBytes)
                let sector = Array(bytes[start..<end])
                switch fate(change, start / sectorBytes) {
                case .kept: image.write(sector, to: file, at: offset + start)
                case .dropped: break
                case .torn: image.write(Array(sector.prefix(sector.count / 2)), to: file, at: offset + start)
                case .junk:
                    let junk = sector.indices.map { UInt8(truncatingIfNeeded: $0 &* 167 ^ 0x5A) }
                    image.write(junk, to: file, at: offset + start)
                }
                start = end
            }
        }
        // With a directory goes what is in it.
        image.names = image.names.filter { name, _ in
            let parent = name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
            return parent.isEmpty || image.names[parent] == -1
        }
        return image
    }

    /// The same with fates by chance.
    static func image(_ state: State, seed: UInt64) -> Contents {
        var generator = SeededGenerator(seed: seed)
        // All fates, or one for all: what orders do not matter and what does.
        let only = Int.random(in: 0..<8, using: &generator) < 2 ? Fate.allCases.randomElement(using: &generator) : nil
        return image(state) { change, _ in
            let fate = only ?? Fate.allCases[Int.random(in: 0..<4, using: &generator)]
            return change.isOfNames && fate != .dropped ? .kept : fate
        }
    }

    // MARK: - Disk

    /// Counts the operation, and fails if it has to.
    private func enter(_ operation: DiskError.Operation, _ path: String) throws(DiskError) {
        let (number, code) = state.withLock { state in
            state.operations.append(operation)
            let number = state.operations.count - 1
            return (number, state.failures[number] ?? state.failing[operation])
        }
        before(number, operation, path)
        if let code { throw DiskError(operation, path, code: code) }
    }

    func open(_ path: String, for access: DiskAccess) throws(DiskError) -> DiskFile {
        let isNew = if case .creating = access { true } else { false }
        let operation = isNew ? DiskError.Operation.create : .open
        try enter(operation, path)
        let descriptor: Int32? = state.withLock { state in
            if isNew {
                guard state.seen.names[path] == nil else { return nil }
                let change = Change.create(name: path, file: state.nextFile)
                state.nextFile += 1
                state.seen.apply(change)
                state.unsynced.append(change)
            }
            guard let file = state.seen.names[path] else { return nil }
            return Self.descriptor(of: file, &state)
        }
        guard let descriptor else { throw DiskError(operation, path, code: isNew ? EEXIST : ENOENT) }
        return DiskFile(path: path, number: descriptor)
    }

    private static func descriptor(of file: Int, _ state: inout State) -> Int32 {
        let descriptor = state.nextDescriptor
        state.nextDescriptor += 1
        state.open[descriptor] = file
        return descriptor
    }

    func close(_ file: DiskFile) {
        state.withLock {
            $0.open[file.number] = nil
            $0.locks[file.number] = nil
        }
    }

    func byteCount(of file: DiskFile) throws(DiskError) -> Int {
        try enter(.size, file.path)
        return state.withLock { $0.seen.files[$0.open[file.number] ?? 0]?.count ?? 0 }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, from file: DiskFile, at offset: Int) throws(DiskError) -> Int
    {
        try enter(.read, file.path)
        let bytes = state.withLock { $0.seen.files[$0.open[file.number] ?? 0] ?? [] }
        let count = max(0, min(bytes.count - offset, buffer.count))
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        return count
    }

    func write(_ bytes: UnsafeRawBufferPointer, to file: DiskFile, at offset: Int) throws(DiskError) {
        var written = Array(bytes)
        var failure: DiskError?
        do throws(DiskError) { try enter(.write, file.path) } catch {
            // Part of it may have gone through.
            written = Array(written.prefix(written.count / 2))
            failure = error
        }
        failure = state.withLock { state in
            guard let number = state.open[file.number] else { preconditionFailure("\(file.path) is not open") }
            let grown = max(0, offset + written.count - (state.seen.files[number]?.count ?? 0))
            if let space = state.space, state.seen.files.values.reduce(grown, { $0 + $1.count }) > space {
                return DiskError(.write, file.path, code: ENOSPC)
            }
            let change = Change.write(file: number, offset: offset, bytes: written)
            state.seen.apply(change)
            state.unsynced.append(change)
            return failure
        }
        if let failure { throw failure }
    }

    func sync(_ file: DiskFile) throws(DiskError) {
        var failure: DiskError?
        do throws(DiskError) { try enter(.sync, file.path) } catch { failure = error }
        state.withLock { state in
            let number = state.open[file.number]
            let isOfFile = { (change: Change) in
                if case .write(let file, _, _) = change { file == number } else { false }
            }
            if failure == nil { for change in state.unsynced where isOfFile(change) { state.durable.apply(change) } }
            state.unsynced.removeAll(where: isOfFile)
        }
        if let failure { throw failure }
    }

    func createDirectory(_ path: String) throws(DiskError) {
        try enter(.createDirectory, path)
        state.withLock { state in
            if state.seen.names[path] != nil { return }
            let change = Change.create(name: path, file: -1)
            state.seen.apply(change)
            state.unsynced.append(change)
        }
    }

    func list(_ directory: String) throws(DiskError) -> [String] {
        try enter(.list, directory)
        return state.withLock { state in
            state.seen.names.keys.filter { $0.hasPrefix(directory + "/") }.map {
                String($0.dropFirst(directory.count + 1))
            }
        }
    }

    func rename(_ path: String, to newPath: String) throws(DiskError) {
        try enter(.rename, path)
        let isThere = state.withLock { state in
            guard state.seen.names[path] != nil else { return false }
            let change = Change.rename(from: path, to: newPath)
            state.seen.apply(change)
            state.unsynced.append(change)
            return true
        }
        if !isThere { throw DiskError(.rename, path, code: ENOENT) }
    }

    func remove(_ path: String) throws(DiskError) {
        try enter(.remove, path)
        let isThere = state.withLock { state in
            guard let file = state.seen.names[path] else { return false }
            state.seen.apply(.remove(name: path))
            state.unsynced.append(.remove(name: path))
            // Its space is free when it is no longer open.
            if !state.open.values.contains(file) { state.seen.files[file] = [] }
            return true
        }
        if !isThere { throw DiskError(.remove, path, code: ENOENT) }
    }

    func syncDirectory(_ path: String) throws(DiskError) {
        var failure: DiskError?
        do throws(DiskError) { try enter(.syncDirectory, path) } catch { failure = error }
        state.withLock { state in
            let isOfDirectory = { (change: Change) in
                switch change {
                case .write: false
                case .create(let name, _), .remove(let name), .rename(let name, _): name.isIn(path)
                }
            }
            // Names are journaled by the system: a later sync may bring them.
            guard failure == nil else { return }
            for change in state.unsynced where isOfDirectory(change) { state.durable.apply(change) }
            state.unsynced.removeAll(where: isOfDirectory)
        }
        if let failure { throw failure }
    }

    func lock(_ path: String) throws(DiskError) -> DiskFile {
        try enter(.lock, path)
        let descriptor: Int32? = state.withLock { state in
            if state.locks.values.contains(path) { return nil }
            if state.seen.names[path] == nil {
                let change = Change.create(name: path, file: state.nextFile)
                state.nextFile += 1
                state.seen.apply(change)
                state.unsynced.append(change)
            }
            let descriptor = Self.descriptor(of: state.seen.names[path] ?? 0, &state)
            state.locks[descriptor] = path
            return descriptor
        }
        guard let descriptor else { throw DiskError(.lock, path, code: EWOULDBLOCK) }
        return DiskFile(path: path, number: descriptor)
    }
}

extension String {
    /// Whether a path is of a file in this very directory.
    fileprivate func isIn(_ directory: String) -> Bool {
        hasPrefix(directory + "/") && !dropFirst(directory.utf8.count + 1).contains("/")
    }
}
