// Damaged files: whatever a bit, a cut or a hand has done to them, the journal gives what was written or refuses,
// naming the file.

import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct DamageTests {
    private static let seed: UInt64 = 11

    /// A journal of three segments, closed in order.
    private struct Fixture {
        var contents: SimulatedDisk.Contents
        /// Paths of the segments, ascending.
        var segments: [String]
        var lastLSN: UInt64

        init(seed: UInt64 = DamageTests.seed, cluster: UInt64 = 0, isClosed: Bool = true) throws {
            let disk = SimulatedDisk(JournalWorkload.empty)
            var (journal, _) = try JournalWorkload.open(disk, seed: seed &+ cluster)
            var lsn: UInt64 = 0
            while journal.header.number < 3 || journal.offset < 4_096 {
                var frame = FrameBuffer()
                for _ in 0...lsn % 3 {
                    lsn += 1
                    ExpectedRecord(lsn: lsn, seed: seed).append(to: &frame, micros: Int64(lsn))
                }
                if !journal.hasRoom(for: frame) { try journal.change(to: journal.spares.take()) }
                try journal.append(&frame)
                while try journal.spares.workOnce() {}
            }
            if isClosed { try journal.close() }
            contents = disk.contents
            segments = contents.names.keys.filter { $0.hasSuffix(".log") }.sorted()
            lastLSN = lsn
        }

        func bytes(_ path: String) throws -> [UInt8] {
            try #require(contents.names[path].flatMap { contents.files[$0] })
        }

        func changing(_ path: String, _ bytes: [UInt8]) throws -> SimulatedDisk.Contents {
            var changed = contents
            changed.files[try #require(contents.names[path])] = bytes
            return changed
        }

        /// Number of the last record of each frame of a segment, with where the frame and its records end.
        func frames(_ path: String) throws -> [(lastLSN: UInt64, end: Int, payloadEnd: Int)] {
            try bytes(path).withBytes { bytes in
                var scan = SegmentScan(try SegmentHeader(bytes), bytes)
                var frames: [(UInt64, Int, Int)] = []
                while true {
                    let start = scan.offset
                    guard case .frame(let frame, _) = scan.next() else { return frames }
                    let payloadEnd = start + FrameHeader.byteCount + frame.payloadBytes
                    frames.append((scan.nextLSN - 1, scan.offset, payloadEnd))
                }
            }
        }
    }

    private enum Outcome: Equatable {
        /// The records up to this one, as they were written.
        case prefix(UInt64)
        case refused(String)
        case wrong(UInt64)
    }

    private func read(
        _ contents: SimulatedDisk.Contents, after lsn: UInt64 = 0, flaws: SeededFlaws = []
    ) -> Outcome {
        var next = lsn + 1
        var wrong: UInt64?
        let disk = SimulatedDisk(contents)
        let reader = JournalReader(disk: disk, directory: JournalWorkload.directory, flaws: flaws)
        do throws(JournalError) {
            _ = try reader.read(
                after: lsn, cluster: nil,
                apply: { record throws(RecordFault) in
                    if record.lsn != next || ExpectedRecord(record) != ExpectedRecord(lsn: next, seed: Self.seed) {
                        wrong = wrong ?? record.lsn
                    }
                    next += 1
                })
        } catch {
            return .refused(error.description)
        }
        return wrong.map(Outcome.wrong) ?? .prefix(next - 1)
    }

    @Test func aFlippedBitAnywhereIsHarmlessOrFound() throws {
        let fixture = try Fixture()
        #expect(fixture.segments.count == 3 && read(fixture.contents) == .prefix(fixture.lastLSN))
        var refused = 0
        for path in fixture.segments {
            var bytes = try fixture.bytes(path)
            for offset in bytes.indices {
                bytes[offset] ^= 1 << UInt8(offset % 8)
                switch read(try fixture.changing(path, bytes)) {
                case .prefix(fixture.lastLSN): break
                case .refused(let message):
                    refused += 1
                    #expect(message.contains(".log"), "byte \(offset) of \(path)")
                case let outcome: Issue.record("byte \(offset) of \(path): \(outcome)")
                }
                bytes[offset] ^= 1 << UInt8(offset % 8)
            }
        }
        #expect(refused > 5_000)
    }

    /// Without the mark, damage to the last frame cannot be told from a write that did not end; nothing else is lost.
    @Test func afterACrashOnlyTheLastFrameIsInDoubt() throws {
        let fixture = try Fixture(isClosed: false)
        let path = fixture.segments[2]
        let frames = try fixture.frames(path)
        let start = frames[frames.count - 2].end
        var bytes = try fixture.bytes(path)
        for offset in bytes.indices {
            bytes[offset] ^= 0x10
            switch read(try fixture.changing(path, bytes)) {
            case .prefix(fixture.lastLSN), .refused: break
            case .prefix(frames[frames.count - 2].lastLSN): #expect(offset >= start)
            case let outcome: Issue.record("byte \(offset): \(outcome)")
            }
            bytes[offset] ^= 0x10
        }
    }

    @Test func cutAnywhereTheLastSegmentGivesWhatIsWhole() throws {
        let fixture = try Fixture()
        let path = fixture.segments[2]
        let bytes = try fixture.bytes(path)
        let frames = try fixture.frames(path)
        let before = try #require(try fixture.frames(fixture.segments[1]).last).lastLSN
        for count in bytes.indices {
            let outcome = read(try fixture.changing(path, Array(bytes[..<count])))
            if count < JournalFormat.sectorBytes {
                guard case .refused = outcome else {
                    Issue.record("cut to \(count): \(outcome)")
                    continue
                }
            } else {
                let whole = frames.last { $0.payloadEnd <= count }?.lastLSN ?? before
                #expect(outcome == .prefix(whole), "cut to \(count)")
            }
        }
    }

    @Test func aZeroedTailIsCutOff() throws {
        let fixture = try Fixture()
        let path = fixture.segments[2]
        let frames = try fixture.frames(path)
        for (index, frame) in frames.enumerated().dropFirst() {
            var bytes = try fixture.bytes(path)
            let start = frames[index - 1].end
            bytes.replaceSubrange(start..., with: [UInt8](repeating: 0, count: bytes.count - start))
            #expect(read(try fixture.changing(path, bytes)) == .prefix(frames[index - 1].lastLSN), "\(frame)")
        }
    }

    @Test func segmentsOutOfPlaceAreRefused() throws {
        let fixture = try Fixture()
        let other = try Fixture(cluster: 5)
        let (first, second, third) = (fixture.segments[0], fixture.segments[1], fixture.segments[2])
        func expectRefusal(_ what: String, _ change: (inout SimulatedDisk.Contents) throws -> Void) rethrows {
            var contents = fixture.contents
            try change(&contents)
            guard case .refused = read(contents) else {
                Issue.record("\(what): \(read(contents))")
                return
            }
        }
        expectRefusal("the first is missing") { $0.names[first] = nil }
        expectRefusal("the middle is missing") { $0.names[second] = nil }
        expectRefusal("the last is missing") { $0.names[third] = nil }
        expectRefusal("two are swapped") { ($0.names[second], $0.names[third]) = ($0.names[third], $0.names[second]) }
        expectRefusal("one is there twice") { $0.names[third] = $0.names[second] }
        expectRefusal("one has another name") {
            $0.names[JournalWorkload.directory + "/00000000000000ff.log"] = $0.names[second]
        }
        try expectRefusal("one is another installation's") {
            $0.files[try #require($0.names[second])] = try other.bytes(other.segments[1])
        }
        #expect(read(fixture.contents, after: fixture.lastLSN) == .prefix(fixture.lastLSN))
        #expect(read(fixture.contents, after: fixture.lastLSN + 1) != .prefix(fixture.lastLSN + 1))
        // Segments that a snapshot covers may go.
        var contents = fixture.contents
        contents.names[first] = nil
        let start = try #require(try fixture.frames(first).last).lastLSN
        #expect(read(contents, after: start) == .prefix(fixture.lastLSN))
    }

    @Test func anotherInstallationsJournalIsRefused() throws {
        let fixture = try Fixture()
        let reader = JournalReader(disk: SimulatedDisk(fixture.contents), directory: JournalWorkload.directory)
        #expect(throws: JournalError(path: fixture.segments[0], .otherCluster)) {
            _ = try reader.read(after: 0, cluster: ClusterID(high: 1, low: 2)) { _ in }
        }
    }

    @Test func aNewerFormatIsRefused() throws {
        let fixture = try Fixture()
        var bytes = try fixture.bytes(fixture.segments[0])
        bytes.store(JournalFormat.version + 1, at: 8)
        let hash = bytes.withBytes {
            ByteHash.hash(UnsafeRawBufferPointer(rebasing: $0[..<504]), seed: 0x7365_676D_656E_7431)
        }
        bytes.store(hash, at: 504)
        let contents = try fixture.changing(fixture.segments[0], bytes)
        guard case .refused(let message) = read(contents) else {
            Issue.record("was read")
            return
        }
        #expect(message.contains("format 2"))
    }

    /// Valid hashes, hostile lengths and counts.
    @Test(arguments: Seeds.fixed(3)) func hostileFramesAreRefused(seed: UInt64) throws {
        let fixture = try Fixture()
        let path = fixture.segments[2]
        let last = try #require(try fixture.frames(path).last)
        let salt = try fixture.bytes(path).withBytes { try SegmentHeader($0) }.salt
        var generator = SeededGenerator(seed: seed)
        for trial in 0..<2_000 {
            var bytes = try fixture.bytes(path)
            let start = last.end
            let previous = bytes.withBytes { bytes in
                var hash: UInt64 = 0
                var scan = SegmentScan((try? SegmentHeader(bytes))!, bytes)
                while case .frame(let frame, _) = scan.next() { hash = frame.hash }
                return hash
            }
            var frame = [UInt8](repeating: 0, count: 1_024)
            for index in frame.indices { frame[index] = UInt8(truncatingIfNeeded: generator.next() >> 60) }
            _ = FrameHeader.write(
                .records, firstLSN: last.lastLSN + 1, recordCount: UInt32.random(in: 0...9, using: &generator),
                engineMicros: 0, previousHash: previous, salt: salt,
                payloadBytes: Int.random(in: 0...968, using: &generator), into: &frame)
            bytes.replaceSubrange(start..<start + frame.count, with: frame)
            switch read(try fixture.changing(path, bytes)) {
            // Random bytes may be records; the reader cannot know them for wrong, their owner does.
            case .refused, .wrong, .prefix(fixture.lastLSN): break
            case let outcome: Issue.record("trial \(trial): \(outcome)")
            }
        }
    }

    // MARK: - Are the faults found?

    @Test(arguments: [
        (SeededFlaws.skipsChecksum, 2), (.takesDamageForTheEnd, 2), (.skipsChain, 0),
    ])
    func aFlawedReaderIsFound(flaw: SeededFlaws, segment: Int) throws {
        let fixture = try Fixture()
        let isWrong = { (contents: SimulatedDisk.Contents) in
            switch read(contents, flaws: flaw) {
            case .refused, .prefix(fixture.lastLSN): false
            case .wrong, .prefix: true
            }
        }
        if flaw == .skipsChain {
            var contents = fixture.contents
            contents.names[fixture.segments[1]] = nil
            #expect(isWrong(contents))
        } else {
            let path = fixture.segments[segment]
            let bytes = try fixture.bytes(path)
            let found = try bytes.indices.contains { offset in
                var bytes = bytes
                bytes[offset] ^= 1
                return isWrong(try fixture.changing(path, bytes))
            }
            #expect(found)
        }
    }
}
