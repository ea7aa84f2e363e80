// Which files of a directory are fed, and each of them once.

import Feeds
import Foundation
import Randomness
import Testing

@testable import busyhour

@Suite struct CDRFolderTests {
    private static func folder(
        _ temporary: TemporaryFolder, what: [String] = ["csv"], isForJSON: Bool = false, forgets: Bool = false
    ) throws -> CDRFolder {
        try CDRFolder(
            temporary.path("in"), what, isForJSON: isForJSON, forgets: forgets,
            environment: ["XDG_STATE_HOME": temporary.path("state")])
    }

    private static func make() throws -> TemporaryFolder {
        let temporary = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: temporary.path("in"), withIntermediateDirectories: true)
        return temporary
    }

    private static func names(_ files: [String]) -> [String] {
        files.map { String($0.split(separator: "/").last ?? "") }
    }

    /// Files as one run feeds them.
    private static func run(_ temporary: TemporaryFolder, what: [String] = ["csv"]) throws -> [String] {
        var folder = try folder(temporary, what: what)
        let files = try folder.next(waits: false)
        if !files.isEmpty { try folder.finish() }
        return names(files)
    }

    @Test func eachFinishedFileOnceInTheOrderOfNames() throws {
        let temporary = try Self.make()
        for name in [
            "cdr-10.csv", "cdr-9.csv", "a.csv.gz", ".hidden", "b.csv.part", "b.tmp", "c.filepart", "d.csv~",
            "e.csv.md5",
        ] {
            _ = try temporary.write("in/" + name, name.utf8)
        }
        try FileManager.default.createDirectory(
            atPath: temporary.path("in/old"), withIntermediateDirectories: true)
        #expect(try Self.run(temporary) == ["a.csv.gz", "cdr-9.csv", "cdr-10.csv"])
        #expect(try Self.run(temporary).isEmpty)
        // It is finished, and one more has come.
        try FileManager.default.moveItem(atPath: temporary.path("in/b.csv.part"), toPath: temporary.path("in/b.csv"))
        _ = try temporary.write("in/cdr-8.csv", "late".utf8)
        #expect(try Self.run(temporary) == ["b.csv", "cdr-8.csv"])
        // To another server, or in another way, it is another feed.
        #expect(try Self.run(temporary, what: ["csv", "other"]).count == 5)
        var again = try Self.folder(temporary, forgets: true)
        #expect(try again.next(waits: false).count == 5)
    }

    /// Touched, moved or copied: the same contents. Rewritten under its name, with the same head and length: another
    /// file.
    @Test func contentsTell() throws {
        let temporary = try Self.make()
        let head = String(repeating: "a long header,", count: 10_000) + "\n"
        _ = try temporary.write("in/a.csv", (head + "1,2,3\n").utf8)
        #expect(try Self.run(temporary) == ["a.csv"])
        _ = try temporary.write("in/a.csv", (head + "1,2,3\n").utf8)
        _ = try temporary.write("in/copy.csv", (head + "1,2,3\n").utf8)
        #expect(try Self.run(temporary).isEmpty)
        _ = try temporary.write("in/a.csv", (head + "1,2,4\n").utf8)
        #expect(try Self.run(temporary) == ["a.csv"])
        #expect(try Self.run(temporary).isEmpty)
    }

    /// The files of a feed that was interrupted are fed again, they alone, in the same order.
    @Test func anInterruptedFeedGoesOn() throws {
        let temporary = try Self.make()
        for name in ["b.csv", "c.csv"] { _ = try temporary.write("in/" + name, name.utf8) }
        do {
            var folder = try Self.folder(temporary)
            #expect(Self.names(try folder.next(waits: false)) == ["b.csv", "c.csv"])
        }
        _ = try temporary.write("in/a.csv", "a".utf8)
        var folder = try Self.folder(temporary)
        #expect(Self.names(try folder.next(waits: false)) == ["b.csv", "c.csv"])
        try folder.finish()
        #expect(Self.names(try folder.next(waits: false)) == ["a.csv"])
    }

    /// When files are followed, one that still changes is left alone.
    @Test func aFileThatGrowsIsWaitedFor() throws {
        let temporary = try Self.make()
        _ = try temporary.write("in/a.csv", "1".utf8)
        var folder = try Self.folder(temporary)
        #expect(try folder.next(waits: true).isEmpty)
        try temporary.append("in/a.csv", "2")
        #expect(try folder.next(waits: true).isEmpty)
        #expect(Self.names(try folder.next(waits: true)) == ["a.csv"])
        try folder.finish()
        #expect(try folder.next(waits: true).isEmpty)
    }

    @Test func oneProcessAtATime() throws {
        let temporary = try Self.make()
        let first = try Self.folder(temporary)
        #expect(throws: Refusal.self) { try Self.folder(temporary) }
        #expect(try Self.folder(temporary, what: ["x"]).path == first.path)
    }

    @Test func documentsOfJSON() throws {
        let temporary = try Self.make()
        for name in ["b.cdr.json", "a.json.gz", "notes.txt", "c.json.tmp"] {
            _ = try temporary.write("in/" + name, name.utf8)
        }
        var folder = try Self.folder(temporary, isForJSON: true)
        #expect(Self.names(try folder.next(waits: false)) == ["a.json.gz", "b.cdr.json"])
    }

    @Test(arguments: Seeds.of(1, 2, 3)) func theOrderIsOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let names = (0..<200).map { _ in
            (0..<Int.random(in: 1...4, using: &random)).map { _ in
                ["a", "b", "0", "1", "07", "10", "-", "."].randomElement(using: &random)!
            }.joined()
        }
        let sorted = Array(Set(names)).shuffled(using: &random).sorted(by: CDRFolder.isBefore)
        for (index, name) in sorted.enumerated() {
            for other in sorted[(index + 1)...] {
                #expect(!CDRFolder.isBefore(other, name) && CDRFolder.isBefore(name, other), "\(name) \(other)")
            }
        }
        #expect(CDRFolder.isBefore("cdr9", "cdr10") && CDRFolder.isBefore("2026-01", "2026-1a"))
    }

    /// Random files come, grow, go and change: each contents that was there at the end was fed once.
    @Test(arguments: Seeds.of(1, 2, 3)) func whateverHappens(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let temporary = try Self.make()
        var fed: [String: Int] = [:]
        for step in 0..<60 {
            let name = "in/f\(Int.random(in: 0..<6, using: &random)).csv"
            switch Int.random(in: 0..<4, using: &random) {
            case 0: try? FileManager.default.removeItem(atPath: temporary.path(name))
            default: _ = try temporary.write(name, "contents \(seed) \(step)".utf8)
            }
            if Bool.random(using: &random) { continue }
            for file in try Self.run(temporary) {
                fed[try String(contentsOfFile: temporary.path("in/" + file), encoding: .utf8), default: 0] += 1
            }
        }
        for file in try Self.run(temporary) {
            fed[try String(contentsOfFile: temporary.path("in/" + file), encoding: .utf8), default: 0] += 1
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: temporary.path("in")) {
            let contents = try String(contentsOfFile: temporary.path("in/" + name), encoding: .utf8)
            #expect(fed[contents] == 1, "seed \(seed): \(name)")
        }
        #expect(fed.values.allSatisfy { $0 == 1 })
    }

    /// Whatever zeros stand before them, numbers are compared as numbers.
    @Test func zerosMakeNoNumberGreater() {
        let numbers = [0, 1, 2, 9, 10, 11, 99, 100]
        let written = numbers.flatMap { number in
            (0...3).map { (number, String(repeating: "0", count: $0) + String(number)) }
        }
        for (one, left) in written {
            for (other, right) in written where one != other {
                let label: Comment = "\(left) \(right)"
                #expect(CDRFolder.isBefore("cdr-\(left).csv", "cdr-\(right).csv") == (one < other), label)
                #expect(CDRFolder.isBefore(left, right) == (one < other), label)
            }
        }
        // A second number decides where the first ones are equal.
        #expect(CDRFolder.isBefore("a01-9", "a1-010") && !CDRFolder.isBefore("a1-010", "a01-9"))
    }

    /// Of files with the same contents that come together one is fed.
    @Test func copiesThatComeTogetherAreFedOnce() throws {
        let temporary = try Self.make()
        for name in ["a.csv", "b.csv", "c.csv"] { _ = try temporary.write("in/" + name, "same".utf8) }
        _ = try temporary.write("in/d.csv", "other".utf8)
        #expect(try Self.run(temporary) == ["a.csv", "d.csv"])
        #expect(try Self.run(temporary).isEmpty)
    }
}
