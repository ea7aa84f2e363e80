// What follows the last whole frame of a segment, enumerated: the end is where nothing of a durable frame follows.

import Columnar
import Testing

@testable import Store

@Suite struct SegmentScanTests {
    /// What may stand where the next frame would.
    private enum Next: CaseIterable {
        case nothing, junk, seal, continued
        /// The next frame with a header that is not whole, and with records that are not.
        case tornHeader, tornRecords
        /// Whole frames that belong elsewhere.
        case otherLSN, otherPrevious, otherSalt
    }

    private static let segmentBytes = JournalLimits.leastSegmentBytes
    private static let salt: UInt64 = 77

    private static func header() -> SegmentHeader {
        SegmentHeader(
            cluster: JournalWorkload.cluster, number: 1, firstLSN: 10, salt: salt, previousHash: 0,
            byteCount: segmentBytes)
    }

    private func frame(
        _ firstLSN: UInt64, previous: UInt64, salt: UInt64 = SegmentScanTests.salt
    ) -> (bytes: [UInt8], hash: UInt64) {
        var frame = FrameBuffer()
        for lsn in firstLSN...firstLSN + 1 { ExpectedRecord(lsn: lsn, seed: 5).append(to: &frame, micros: 1) }
        let hash = frame.close(firstLSN: firstLSN, previousHash: previous, salt: salt)
        return (frame.bytes, hash)
    }

    private func mark(_ kind: FrameHeader.Kind, _ lsn: UInt64, previous: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: JournalFormat.sectorBytes)
        _ = FrameHeader.write(
            kind, firstLSN: lsn, recordCount: 0, engineMicros: 0, previousHash: previous, salt: Self.salt,
            payloadBytes: 0, into: &bytes)
        return bytes
    }

    /// A segment with one frame of the records 10 and 11, and what follows it.
    private func segment(_ next: Next, isFollowed: Bool) -> (bytes: [UInt8], end: Int) {
        let first = frame(10, previous: 0)
        let second = frame(12, previous: first.hash)
        var bytes = Self.header().encoded() + first.bytes
        let end = bytes.count
        switch next {
        case .nothing: bytes += [UInt8](repeating: 0, count: second.bytes.count)
        case .junk: bytes += second.bytes.map { $0 ^ 0x5A }
        case .seal: bytes += mark(.seal, 12, previous: first.hash)
        case .continued: bytes += mark(.continued, 12, previous: first.hash)
        case .tornHeader:
            bytes += second.bytes
            bytes[end + 30] ^= 1
        case .tornRecords:
            bytes += second.bytes
            bytes[end + FrameHeader.byteCount + 30] ^= 1
        case .otherLSN: bytes += frame(13, previous: first.hash).bytes
        case .otherPrevious: bytes += frame(12, previous: first.hash ^ 1).bytes
        case .otherSalt: bytes += frame(12, previous: first.hash, salt: Self.salt + 1).bytes
        }
        // Whatever it is: a whole header of this segment had been durable after what is before it.
        if isFollowed { bytes += frame(30, previous: 3).bytes }
        bytes += [UInt8](repeating: 0, count: Self.segmentBytes - bytes.count)
        return (bytes, end)
    }

    private func end(_ next: Next, isFollowed: Bool) -> SegmentScan.End {
        if isFollowed { return .damaged }
        return switch next {
        // A header that is not whole, but names the next record and the frame before it, is what a write began.
        case .nothing, .junk: .open
        case .seal: .sealed
        case .continued: .continued
        case .tornHeader, .tornRecords, .otherSalt: .torn
        case .otherLSN, .otherPrevious: .damaged
        }
    }

    @Test func theEndIsToldFromDamage() throws {
        for next in Next.allCases {
            for isFollowed in [false, true] {
                let (bytes, end) = segment(next, isFollowed: isFollowed)
                bytes.withBytes { bytes in
                    var scan = SegmentScan(Self.header(), bytes)
                    guard case .frame(let frame, _) = scan.next() else {
                        Issue.record("\(next): no frame")
                        return
                    }
                    #expect(frame.firstLSN == 10 && frame.recordCount == 2)
                    guard case .end(let found) = scan.next() else {
                        Issue.record("\(next): a second frame")
                        return
                    }
                    #expect(found == self.end(next, isFollowed: isFollowed), "\(next), \(isFollowed)")
                    #expect(scan.offset == end && scan.nextLSN == 12)
                }
                expectReader(next, isFollowed: isFollowed, bytes, end)
            }
        }
    }

    /// The reader and the survey name the record and the place.
    private func expectReader(_ next: Next, isFollowed: Bool, _ bytes: [UInt8], _ offset: Int) {
        let path = JournalWorkload.directory + "/" + JournalFormat.segmentName(firstLSN: 10)
        var contents = JournalWorkload.empty
        (contents.names[path], contents.files[1]) = (1, bytes)
        let disk = SimulatedDisk(contents)
        let survey = JournalSurvey(directory: JournalWorkload.directory, disk: disk)
        let found = end(next, isFollowed: isFollowed)
        #expect(survey.segments.first?.isTorn == (found == .torn), "\(next)")
        do throws(JournalError) {
            let reader = JournalReader(disk: disk, directory: JournalWorkload.directory)
            let (contents, _) = try reader.read(after: 9, cluster: nil) { _ in }
            #expect(contents.lastLSN == 11 && contents.replayedCount == 2 && survey.faults.isEmpty, "\(next)")
            #expect(contents.end == (found == .torn ? .torn(path: path, offset: offset) : .clean), "\(next)")
            #expect(found != .damaged && found != .continued)
        } catch {
            #expect(error.path == path && error.offset == offset && survey.faults == [error], "\(next)")
            switch error.reason {
            case .damagedFrame(let lsn): #expect(lsn == 12 && found == .damaged, "\(next)")
            default: #expect(found == .continued, "\(next): \(error)")
            }
        }
    }

    /// A frame has records and a mark has none; its header holds for its bytes and its salt only, and for as many bytes
    /// as there are.
    @Test func headersOfFramesAreChecked() {
        for kind in [FrameHeader.Kind.records, .seal, .continued] {
            for count in [0, 1, 2] as [UInt32] {
                for payload in [0, 1, 400, 456] {
                    var bytes = [UInt8](repeating: 3, count: JournalFormat.sectorBytes)
                    _ = FrameHeader.write(
                        kind, firstLSN: 7, recordCount: count, engineMicros: -1, previousHash: 9, salt: Self.salt,
                        payloadBytes: payload, into: &bytes)
                    func header(_ count: Int, salt: UInt64 = SegmentScanTests.salt) -> FrameHeader? {
                        bytes.withBytes { FrameHeader(UnsafeRawBufferPointer(rebasing: $0[..<count]), salt: salt) }
                    }
                    let isRight = (kind == .records) == (count > 0)
                    let found = header(512)
                    #expect((found != nil) == isRight, "\(kind), \(count) records")
                    guard isRight else { continue }
                    #expect(found?.kind == kind && found?.firstLSN == 7 && found?.recordCount == count)
                    #expect(found?.payloadBytes == payload && found?.engineMicros == -1 && found?.previousHash == 9)
                    let end = FrameHeader.byteCount + payload
                    for count in [0, 55, 56, end - 1, end, 512] where count <= 512 {
                        #expect((header(count) != nil) == (count >= end), "\(count) bytes of \(end)")
                    }
                    #expect(header(512, salt: Self.salt + 1) == nil)
                    for bit in 0..<8 * FrameHeader.byteCount {
                        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                        #expect(header(512) == nil, "bit \(bit)")
                        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                    }
                }
            }
        }
    }

    @Test func onlyNamesOfSegmentsAreRead() {
        for lsn in [1, 10, 255, 0xABCD_EF01, UInt64.max] {
            #expect(JournalFormat.firstLSN(ofSegment: JournalFormat.segmentName(firstLSN: lsn)) == lsn)
        }
        for name in [
            "", ".log", "0000000000000000.log", "00000000000000ff.LOG", "00000000000000FF.log", "0000000000000ff.log",
            "00000000000000ff.lo", "000000000000000ff.log", "00000000000000ff.log.bad", "+0000000000000ff.log",
            "-0000000000000ff.log", "00000000000000fg.log", " 00000000000000f.log", "spare-1", "lock",
        ] {
            #expect(JournalFormat.firstLSN(ofSegment: name) == nil, "\(name)")
        }
    }
}
