import CallEvents
import Foundation
import Testing

@testable import Feeds

/// Following a file in a directory of its own, poll by poll; nothing waits.
@Suite struct TailTests {
    private final class Folder {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "cdr-tail-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func file(_ name: String) -> String { path + "/" + name }

        func append(_ text: String, to name: String) throws {
            if !FileManager.default.fileExists(atPath: file(name)) {
                _ = FileManager.default.createFile(atPath: file(name), contents: nil)
            }
            let handle = try #require(FileHandle(forWritingAtPath: file(name)))
            _ = try handle.seekToEnd()
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        }
    }

    /// Polls until idle: what was read, with `|` where another file begins.
    private func drain(_ tail: inout CDRTail, buffer size: Int = 5) throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        defer { buffer.deallocate() }
        var text = ""
        while true {
            switch try tail.poll(into: buffer) {
            case .bytes(let count): text += String(decoding: buffer[..<count], as: UTF8.self)
            case .nextFile: text += "|"
            case .idle: return text
            }
        }
    }

    @Test func growth() throws {
        let folder = try Folder()
        var tail = CDRTail(path: folder.file("a"), from: nil)
        #expect(try drain(&tail) == "")
        try folder.append("one\n", to: "a")
        #expect(try drain(&tail) == "one\n")
        try folder.append("two\nthree\n", to: "a")
        #expect(try drain(&tail) == "two\nthree\n")
        #expect(try drain(&tail) == "")
    }

    @Test func renamedAndCreated() throws {
        let folder = try Folder()
        try folder.append("one\n", to: "a")
        var tail = CDRTail(path: folder.file("a"), from: nil)
        #expect(try drain(&tail) == "one\n")
        try FileManager.default.moveItem(atPath: folder.file("a"), toPath: folder.file("a.1"))
        #expect(try drain(&tail) == "")
        try folder.append("late\n", to: "a.1")
        try folder.append("", to: "a")
        #expect(try drain(&tail) == "late\n")
        try folder.append("later\n", to: "a.1")
        try folder.append("new\n", to: "a")
        #expect(try drain(&tail) == "later\n|new\n")
    }

    @Test func copiedAndTruncated() throws {
        let folder = try Folder()
        try folder.append("one\ntwo\n", to: "a")
        var tail = CDRTail(path: folder.file("a"), from: nil)
        #expect(try drain(&tail) == "one\ntwo\n")
        truncate(folder.file("a"), 0)
        try folder.append("new\n", to: "a")
        #expect(try drain(&tail) == "|new\n")
        // Truncated and grown beyond the old size between two polls.
        truncate(folder.file("a"), 0)
        try folder.append("another and much longer\n", to: "a")
        #expect(try drain(&tail) == "|another and much longer\n")
    }

    @Test func restart() throws {
        let folder = try Folder()
        try folder.append("one\ntwo\n", to: "a")
        var tail = CDRTail(path: folder.file("a"), from: nil)
        #expect(try drain(&tail) == "one\ntwo\n")
        let state = CDRReader.State(offset: 4, lines: 1, header: ["id"])
        try #require(tail.position(state)).save(folder.file("position"))
        let saved = try #require(CDRTail.Position.load(folder.file("position")))

        var same = CDRTail(path: folder.file("a"), from: saved)
        #expect(same.resumed == state)
        #expect(try drain(&same) == "two\n")

        try FileManager.default.moveItem(atPath: folder.file("a"), toPath: folder.file("a.1"))
        try folder.append("three\n", to: "a.1")
        try folder.append("new\n", to: "a")
        var rotated = CDRTail(path: folder.file("a"), from: saved)
        #expect(rotated.resumed == state)
        #expect(try drain(&rotated) == "two\nthree\n|new\n")

        try FileManager.default.removeItem(atPath: folder.file("a.1"))
        var lost = CDRTail(path: folder.file("a"), from: saved)
        #expect(lost.resumed == nil)
        #expect(try drain(&lost) == "new\n")
    }

    @Test func damagedPositionAndUnreadableFile() throws {
        let folder = try Folder()
        try folder.append("{", to: "position")
        #expect(CDRTail.Position.load(folder.file("position")) == nil)
        #expect(CDRTail.Position.load(folder.file("none")) == nil)
        var tail = CDRTail(path: folder.path, from: nil)
        #expect(throws: CDRTailError.self) { try drain(&tail) }
    }

    /// The whole way: rotation in the middle of the sample, restart from a saved position, and all calls are there
    /// once.
    @Test func followingASample() throws {
        let folder = try Folder()
        let bytes = try Sample.bytes("asterisk-Master.csv")
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0 + "\n" }
        var keys: [CallKey] = []
        var tail = CDRTail(path: folder.file("a"), from: nil)
        var reader = try CDRReader(format: .asterisk, columns: [], timeZone: "UTC", file: "a")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        for (number, line) in lines.enumerated() {
            if number == 200 {
                try FileManager.default.moveItem(atPath: folder.file("a"), toPath: folder.file("a.1"))
            }
            if number == 300 {
                let position = try #require(tail.position(reader.state))
                tail = CDRTail(path: folder.file("a"), from: position)
                reader = try CDRReader(format: .asterisk, columns: [], timeZone: "UTC", file: "a")
                reader.resume(try #require(tail.resumed))
            }
            try folder.append(String(line), to: "a")
            if number % 10 < 8, number != lines.count - 1 { continue }
            poll: while true {
                switch try tail.poll(into: buffer) {
                case .bytes(let count): reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                case .nextFile:
                    reader.finish(atEnd: true)
                    reader.beginFile()
                case .idle: break poll
                }
            }
            reader.finish(atEnd: number == lines.count - 1)
            keys += reader.takeRecords().key
        }
        var whole = try Sample.read(bytes, .asterisk)
        #expect(Set(keys) == Set(whole.takeRecords().key))
        #expect(reader.counters.errors == 0)
    }

    /// Rewritten in place, longer than what was read, under a header that is longer than what is compared of a
    /// beginning.
    @Test func aFileWrittenAnewUnderALongHeader() throws {
        let folder = try Folder()
        let header = String(repeating: "column,", count: 3 * CDRLimits.fingerprintBytes) + "\n"
        try folder.append(header + "1,2,3\n", to: "a")
        var tail = CDRTail(path: folder.file("a"), from: nil)
        #expect(try drain(&tail, buffer: 10_000) == header + "1,2,3\n")
        let offset = Int64(header.utf8.count + 6)
        let position = try #require(tail.position(CDRReader.State(offset: offset, lines: 2, header: [])))
        // In place: the same inode.
        let handle = try #require(FileHandle(forWritingAtPath: folder.file("a")))
        try handle.write(contentsOf: Data((header + "4,5,6\n7,8,9\n").utf8))
        try handle.close()
        #expect(try drain(&tail, buffer: 10_000) == "|" + header + "4,5,6\n7,8,9\n")
        // And after a restart.
        var later = CDRTail(path: folder.file("a"), from: position)
        #expect(later.resumed == nil)
        #expect(try drain(&later, buffer: 10_000) == header + "4,5,6\n7,8,9\n")
    }
}
