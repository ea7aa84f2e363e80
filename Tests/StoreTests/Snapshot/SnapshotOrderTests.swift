// The order in which a snapshot comes to the disk: what a loss of power leaves depends on nothing else. The calls of
// the system are seen where the program makes them.

import Board
import Glibc
import Randomness
import Synchronization
import Testing

@testable import Store

/// What the tests' process asks of the system's files, below one directory at a time.
enum SystemCalls {
    private struct State {
        var directory: String?
        var calls: [String] = []
    }

    private static let state = Mutex(State())

    /// The calls of a body, as `sync NAME` and `rename NAME -> NAME`, names without the directory; `.`: it itself.
    static func during(_ directory: String, _ body: () throws -> Void) rethrows -> [String] {
        state.withLock { $0 = State(directory: directory) }
        defer { state.withLock { $0.directory = nil } }
        try body()
        return state.withLock { $0.calls }
    }

    static func name(_ path: String, _ directory: String) -> String? {
        if path == directory { return "." }
        return path.hasPrefix(directory + "/") ? String(path.dropFirst(directory.utf8.count + 1)) : nil
    }

    static func note(_ call: (_ directory: String) -> String?) {
        state.withLock { state in
            if let directory = state.directory, let call = call(directory) { state.calls.append(call) }
        }
    }

    /// The system's own function.
    static func next<Function>(_ name: String, as type: Function.Type) -> Function {
        // RTLD_NEXT is -1: the function that would be called if there were none of that name here. It is always there.
        unsafeBitCast(dlsym(UnsafeMutableRawPointer(bitPattern: -1), name)!, to: type)
    }
}

/// In place of the system's function, in the tests only.
@_cdecl("fsync") public func notedSync(_ descriptor: CInt) -> CInt {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
    let path = String(decoding: target.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    SystemCalls.note { directory in SystemCalls.name(path, directory).map { "sync " + $0 } }
    return SystemCalls.next("fsync", as: (@convention(c) (CInt) -> CInt).self)(descriptor)
}

/// In place of the system's function, in the tests only.
@_cdecl("rename") public func notedRename(_ old: UnsafePointer<CChar>, _ new: UnsafePointer<CChar>) -> CInt {
    let (from, to) = (String(cString: old), String(cString: new))
    SystemCalls.note { directory in
        guard let from = SystemCalls.name(from, directory) else { return nil }
        return "rename \(from) -> \(SystemCalls.name(to, directory) ?? to)"
    }
    typealias Rename = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
    return SystemCalls.next("rename", as: Rename.self)(old, new)
}

/// One after the other: the calls of one directory are seen at a time.
@Suite(.serialized) struct SnapshotOrderTests {
    /// A file gets its name when all of it is on the disk, and then its name is brought there.
    @Test(arguments: SnapshotMark.Kind.allCases) func aNameIsForWhatIsOnTheDisk(kind: SnapshotMark.Kind) throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 2)
        let tables = [random.table(id: 1, rows: 10)]
        for number in UInt64(1)...4 {
            let name = SnapshotMark.sample(number, kind: kind).fileName
            let calls = try SystemCalls.during(directory.path) {
                _ = try directory.snapshots.write(tables, mark: .sample(number, kind: kind))
            }
            #expect(calls == ["sync \(name).tmp", "rename \(name).tmp -> \(name)", "sync ."])
        }
    }

    /// A damaged file has its new name on the disk before an older one is taken.
    @Test func whatIsSetAsideStaysSo() throws {
        let directory = try TemporaryDirectory()
        let name = SnapshotMark.sample(1).fileName
        for number in 1...2 {
            try directory.write([1], to: directory.path + "/" + name)
            let calls = try SystemCalls.during(directory.path) { _ = try directory.snapshots.newest(.board) }
            #expect(calls == ["rename \(name) -> \(name).bad\(number == 1 ? "" : "2")", "sync ."])
        }
    }

    /// What is given up never gets a name.
    @Test func whatIsGivenUpHasNoName() throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 2)
        let tables = [random.table(id: 1, rows: 10)]
        let calls = SystemCalls.during(directory.path) {
            #expect(throws: SnapshotError.self) {
                try directory.snapshots.write(tables, mark: .sample(1), between: { false })
            }
        }
        #expect(calls == [])
    }
}
