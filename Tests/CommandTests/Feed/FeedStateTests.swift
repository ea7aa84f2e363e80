// Who an interrupted feed is, and when a feed is another one.

import Foundation
import Testing

@testable import busyhour

@Suite struct FeedStateTests {
    private static func state(
        _ folder: TemporaryFolder, _ files: [String], what: [String] = ["cdr", "csv"]
    ) -> FeedState? {
        FeedState(what, files: files, environment: ["XDG_STATE_HOME": folder.path("state")])
    }

    /// The bytes of the producer of one run, which is interrupted after it has begun.
    private static func run(
        _ folder: TemporaryFolder, _ files: [String], what: [String] = ["cdr", "csv"], isDone: Bool = false
    ) throws -> (bytes: Data, epoch: UInt64) {
        let state = try #require(Self.state(folder, files, what: what))
        var producer = state.producer
        try producer.beginLife()
        if isDone { state.remove() }
        return (producer.bytes, producer.epoch)
    }

    @Test func anInterruptedFeedIsTheSameProducerInItsNextLife() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (try folder.write("a", "1\n2\n".utf8), try folder.write("b", "3\n".utf8))
        let first = try Self.run(folder, [a, b])
        try folder.append("b", "4\n")
        let second = try Self.run(folder, [a, b])
        #expect(first.bytes == second.bytes && first.epoch == 1 && second.epoch == 2)
        #expect(try Self.run(folder, [a, folder.path("./b")], isDone: true).epoch == 3)
        // It was done: what comes now is another.
        let third = try Self.run(folder, [a, b])
        #expect(third.bytes != first.bytes && third.epoch == 1)
    }

    @Test func otherFilesOrOptionsAreAnotherFeed() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (try folder.write("a", "1\n2\n".utf8), try folder.write("b", "3\n".utf8))
        var known: Set<Data> = [try Self.run(folder, [a, b]).bytes]
        #expect(known.insert(try Self.run(folder, [b, a]).bytes).inserted)
        #expect(known.insert(try Self.run(folder, [a, b], what: ["cdr", "asterisk"]).bytes).inserted)
        // A row more in a file before the last would move the numbers of those behind.
        try folder.append("a", "5\n")
        #expect(known.insert(try Self.run(folder, [a, b]).bytes).inserted)
        _ = try folder.write("b", "9\n".utf8)
        #expect(known.insert(try Self.run(folder, [a, b]).bytes).inserted)
        _ = try folder.write("b", "".utf8)
        #expect(known.insert(try Self.run(folder, [a, b]).bytes).inserted)
    }

    @Test func twoFeedsAtATimeAreTwo() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a", "1\n".utf8)
        let state = Self.state(folder, [file])
        #expect(state != nil)
        #expect(Self.state(folder, [file]) == nil, "the lock is held")
    }

    @Test func whereNothingCanBeKeptNothingIs() throws {
        let folder = try TemporaryFolder()
        #expect(Self.state(folder, ["-"]) == nil && Self.state(folder, []) == nil)
        #expect(Self.state(folder, [folder.path("none")]) == nil)
        #expect(FeedState(["cdr"], files: [try folder.write("a", [])], environment: [:]) == nil)
        // A damaged file is none.
        let file = try folder.write("b", "1\n".utf8)
        let before = try Self.run(folder, [file])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("state/busyhour")) {
            _ = try folder.write("state/busyhour/" + name, "{".utf8)
        }
        #expect(try Self.run(folder, [file]).bytes != before.bytes)
    }

    @Test func theSameNumbersWhereverReadingBegins() {
        // A range is cut by the thousand, and rows of one number stay together.
        let offsets = (0..<10_000).map { Int64($0 / 3) }
        let batches = CDRSender.batches(offsets, base: 100, end: 9_000)
        #expect(batches.flatMap { Array($0.rows) } == Array(0..<10_000))
        #expect(batches.last?.last == 9_000)
        for (batch, next) in zip(batches, batches.dropFirst()) {
            #expect(batch.last + 1 == next.start && batch.numbers.last ?? 0 < next.start)
        }
        // Gigabytes between two rows.
        let far = CDRSender.batches([0, 5_000_000_000, 5_000_000_001], base: 0, end: 20_000_000_000)
        #expect(far.map(\.last) == [1, 5_000_000_002] && far.map(\.start) == [1, 5_000_000_001])
        #expect(CDRSender.batches([], base: 0, end: 7).isEmpty)
    }
}
