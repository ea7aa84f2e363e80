// The small parts of a journal: keys, headers of records and of segments, at every border and cut at every byte.

import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct JournalRecordTests {
    @Test func keysAreSixteenBytesOrNone() {
        let bytes = Array(UInt8(1)...16)
        #expect(IdempotencyKey(bytes) == IdempotencyKey(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10))
        for place in 0..<16 {
            var one = [UInt8](repeating: 0, count: 16)
            one[place] = 0x80
            #expect(IdempotencyKey(one)?.bytes == one)
        }
        #expect(IdempotencyKey([UInt8]()) == IdempotencyKey.none && IdempotencyKey.none.bytes == [])
        for count in [1, 15, 17, 32] { #expect(IdempotencyKey([UInt8](repeating: 1, count: count)) == nil) }
    }

    /// Records end to end: each is read, and the bytes cut anywhere give those that are whole.
    @Test(arguments: Seeds.fixed(3)) func recordsAreReadUpToTheCut(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        var records: [(payload: [UInt8], header: RecordHeader, end: Int)] = []
        for number in 0..<6 as Range<UInt16> {
            let header = RecordHeader(
                type: RecordType(number: number | 0x8000), schemaVersion: number + 7,
                key: IdempotencyKey(high: random.next(), low: random.next()))
            let payload = random.bytes([0, 1, 23, 24, 25, 100][Int(number)])
            header.append(payloadBytes: payload.count, to: &bytes)
            bytes += payload
            records.append((payload, header, bytes.count))
        }
        for count in 0...bytes.count {
            Array(bytes[..<count]).withUnsafeBytes { cut in
                var rest = cut
                for record in records where record.end <= count {
                    let found = RecordHeader.next(&rest)
                    #expect(found.map { Array($0.payload) } == record.payload && found?.0.key == record.header.key)
                    #expect(found?.0.type == record.header.type)
                    #expect(found?.0.schemaVersion == record.header.schemaVersion)
                }
                let left = rest.count
                let beyond = RecordHeader.next(&rest)
                #expect(beyond == nil && rest.count == left, "cut to \(count)")
            }
        }
    }

    /// Every field of a segment's header, with a hash that fits: what no segment can have is refused.
    @Test func headersOfSegmentsAreChecked() throws {
        let header = SegmentHeader(
            cluster: ClusterID(high: 1, low: 2), number: 3, firstLSN: 4, salt: 5, previousHash: 6,
            byteCount: JournalLimits.leastSegmentBytes)
        let bytes = header.encoded()
        #expect(try bytes.withBytes(SegmentHeader.init) == header)
        func fault(_ change: (inout [UInt8]) -> Void) -> SegmentHeader.Fault? {
            var changed = bytes
            change(&changed)
            let hash = changed.withBytes {
                ByteHash.hash(UnsafeRawBufferPointer(rebasing: $0[..<504]), seed: 0x7365_676D_656E_7431)
            }
            changed.store(hash, at: 504)
            do throws(SegmentHeader.Fault) {
                _ = try changed.withBytes(SegmentHeader.init)
                return nil
            } catch { return error }
        }
        for version in [0, 1, 2, UInt32.max] {
            let expected: SegmentHeader.Fault? = version == 1 ? nil : .version(version)
            let found = fault { $0.store(version, at: 8) }
            #expect(found == expected)
        }
        let foreign = fault { $0[0] ^= 1 }
        #expect(foreign == .notASegment)
        for number in [0, 1, UInt64.max] {
            let found = fault { $0.store(number, at: 32) }
            #expect(found == (number == 0 ? SegmentHeader.Fault.damaged : nil))
        }
        let (least, most) = (JournalLimits.leastSegmentBytes, JournalLimits.mostSegmentBytes)
        for count in [0, least - 512, least - 1, least, least + 1, least + 512, most - 512, most, most + 512, .max] {
            let isRight = count % 512 == 0 && count >= least && count <= most
            let found = fault { $0.store(UInt64(count), at: 64) }
            #expect(found == (isRight ? nil : SegmentHeader.Fault.damaged), "\(count)")
        }
        for count in 0..<512 {
            #expect(throws: SegmentHeader.Fault.damaged) {
                try Array(bytes[..<count]).withBytes { _ = try SegmentHeader($0) }
            }
        }
    }

    /// Only a record of this type, version and length is a snapshot's.
    @Test func aSnapshotsRecordIsOne() {
        var payload: [UInt8] = []
        payload.appendInteger(UInt64(7))
        payload.appendInteger(UInt64.max)
        func done(_ bytes: [UInt8], type: UInt16 = 64, version: UInt16 = 1) -> SnapshotDone? {
            bytes.withUnsafeBytes {
                let record = JournalRecord(
                    lsn: 1, type: RecordType(number: type), schemaVersion: version, key: .none, engineMicros: 0,
                    payload: $0)
                return (try? record.body()) as? SnapshotDone
            }
        }
        #expect(done(payload) == SnapshotDone(number: 7, rootHash: .max))
        for type in [63, 65, 64 | RecordType.mustUnderstandBit] { #expect(done(payload, type: type) == nil) }
        for version in [0, 2] as [UInt16] { #expect(done(payload, version: version) == nil) }
        for bytes in [[], Array(payload.dropLast()), payload + [0]] { #expect(done(bytes) == nil) }
    }

    /// From each record on, with each number of the oldest segments gone: the rest, or a refusal where one is missing.
    @Test func aJournalIsReadFromAnyRecordOn() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        var (journal, _) = try JournalWorkload.open(disk)
        var starts: [UInt64] = [1]
        while starts.count < 4 || journal.offset < 2_048 {
            var frame = FrameBuffer()
            ExpectedRecord(lsn: journal.nextLSN, seed: 1).append(to: &frame, micros: 1)
            if !journal.hasRoom(for: frame) {
                try journal.change(to: journal.spares.take())
                starts.append(journal.header.firstLSN)
            }
            try journal.append(&frame)
            while try journal.spares.workOnce() {}
        }
        try journal.close()
        let last = journal.nextLSN - 1
        for gone in 0...starts.count {
            var contents = disk.contents
            for start in starts.prefix(gone) {
                contents.names["\(JournalWorkload.directory)/\(JournalFormat.segmentName(firstLSN: start))"] = nil
            }
            for lsn in 0...last + 2 {
                var read: [UInt64] = []
                let result = Result {
                    try Journal.read(
                        directory: JournalWorkload.directory, disk: SimulatedDisk(contents), after: lsn, cluster: nil
                    ) { read.append($0.lsn) }
                }
                // Without any segment there is a journal only where nothing is needed.
                let isRight = gone == starts.count ? lsn == 0 : starts[gone] <= lsn + 1 && lsn <= last
                let what: Comment = "after \(lsn), \(gone) gone"
                guard isRight else {
                    #expect(throws: JournalError.self, what) { try result.get() }
                    continue
                }
                let found = try result.get()
                let expected = gone == starts.count ? [] : Array(lsn + 1..<last + 1)
                #expect(read == expected && found.replayedCount == UInt64(expected.count), what)
                let first = starts.lastIndex { $0 <= lsn + 1 } ?? 0
                #expect(found.segmentCount == (gone == starts.count ? 0 : starts.count - first), what)
                #expect(found.lastLSN == (gone == starts.count ? 0 : last) && found.end == .clean, what)
            }
        }
    }
}
