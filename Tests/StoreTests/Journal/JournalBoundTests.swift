// The bounds of the queue, each at its last record: what is accepted is written, and nothing more is accepted.

import Columnar
import Glibc
import Testing

@testable import Store

@Suite struct JournalBoundTests {
    private typealias Fixture = JournalWriterFixture

    private static let sector = JournalFormat.sectorBytes
    /// The longest payload of a record that takes so many sectors.
    private static func payload(sectors: Int) -> Int { FrameBuffer.payloadBytes(paddedBytes: sectors * sector) }

    /// One record is being written and the disk stands still: the queue is empty.
    private func stalled(segmentBytes: Int, waitingRequests: Int = JournalLimits.waitingRequests) throws -> Fixture {
        let fixture = try Fixture(segmentBytes: segmentBytes, waitingRequests: waitingRequests)
        fixture.allow(syncs: 0)
        _ = try fixture.submit()
        fixture.wait { $0.waitingSyncs == 1 }
        return fixture
    }

    private func finish(_ fixture: Fixture, records: UInt64) throws {
        fixture.allow(syncs: nil)
        fixture.wait { $0.durable.last == records }
        #expect(fixture.writer.refusal(payloadBytes: 1) == nil)
        fixture.writer.close()
        #expect(try fixture.replay() == Array(1...records))
    }

    @Test(arguments: [1, 2, 10]) func soManyRequestsWait(limit: Int) throws {
        let fixture = try stalled(segmentBytes: 65_536, waitingRequests: limit)
        for number in 1...limit {
            #expect(fixture.writer.refusal(payloadBytes: 0) == nil)
            #expect(try fixture.submit(bytes: 0) == UInt64(number + 1))
        }
        #expect(fixture.writer.refusal(payloadBytes: 0) == .busy)
        #expect(throws: JournalRefusal.busy) { try fixture.submit(bytes: 0) }
        try finish(fixture, records: UInt64(limit + 1))
    }

    /// Sectors are counted, as if each record had a frame of its own; what is being written is no longer in the queue.
    @Test(arguments: [1, 2, 3, 5]) func soManyBytesWait(sectors: Int) throws {
        let fixture = try stalled(segmentBytes: 65_536)
        let limit = JournalLimits.waitingBytes(segmentBytes: 65_536) / Self.sector
        var (free, records) = (limit, UInt64(1))
        while free >= sectors {
            records += 1
            #expect(try fixture.submit(bytes: Self.payload(sectors: sectors)) == records, "\(free) sectors are free")
            free -= sectors
        }
        for wanted in 1...sectors {
            let refusal: JournalRefusal? = wanted <= free ? nil : .busy
            for bytes in [Self.payload(sectors: wanted), Self.payload(sectors: wanted) - 1] {
                #expect(fixture.writer.refusal(payloadBytes: bytes) == refusal, "\(wanted) of \(free) sectors")
            }
        }
        #expect(fixture.writer.refusal(payloadBytes: Self.payload(sectors: free) + 1) == .busy)
        try finish(fixture, records: records)
    }

    /// A quarter of a segment, and never more than a frame of the wire.
    @Test func theQueueIsAQuarterOfASegment() {
        for (segment, waiting) in [
            (8_192, 2_048), (8_704, 2_048), (10_240, 2_560), (65_536, 16_384), (64 << 20, 16 << 20),
            (1 << 30, 16 << 20),
        ] {
            #expect(JournalLimits.waitingBytes(segmentBytes: segment) == waiting, "\(segment)")
            #expect(JournalFormat.roomBytes(segmentBytes: segment) == segment - 1_024)
        }
    }

    @Test func oneRecordMayFillTheQueue() throws {
        let limit = JournalLimits.waitingBytes(segmentBytes: JournalWorkload.segmentBytes) / Self.sector
        let longest = Self.payload(sectors: limit)
        let fixture = try stalled(segmentBytes: JournalWorkload.segmentBytes)
        #expect(fixture.writer.refusal(payloadBytes: longest + 1) == .tooLong(bytes: longest + 1, limit: longest))
        #expect(try fixture.submit(bytes: longest) == 2)
        #expect(fixture.writer.refusal(payloadBytes: 0) == .busy)
        try finish(fixture, records: 2)
    }

    /// Without a spare the segment has to hold what is accepted: to its last sector, and not beyond.
    @Test(arguments: [1, 2, 3]) func withoutASpareTheSegmentIsTheBound(sectors: Int) throws {
        let fixture = try Fixture(isFull: true)
        var free = JournalFormat.roomBytes(segmentBytes: JournalWorkload.segmentBytes) / Self.sector
        var records: UInt64 = 0
        while free > 0 {
            let wanted = min(sectors, free)
            let payload = Self.payload(sectors: wanted)
            #expect(fixture.writer.refusal(payloadBytes: payload) == nil, "\(wanted) of \(free) sectors")
            if wanted == free { #expect(fixture.writer.refusal(payloadBytes: payload + 1) != nil, "\(free) sectors") }
            records += 1
            #expect(try fixture.submit(bytes: payload) == records)
            free -= wanted
            fixture.wait { $0.durable.last == records }
        }
        #expect(fixture.writer.refusal(payloadBytes: 0) != nil)
        fixture.writer.close()
        fixture.disk.limit(space: nil)
        #expect(try fixture.replay() == Array(1...records))
    }

    /// What comes after the end is refused, not lost.
    @Test func nothingIsAcceptedAfterTheEnd() throws {
        let fixture = try Fixture()
        #expect(try fixture.submit() == 1)
        fixture.writer.close()
        #expect(fixture.writer.refusal(payloadBytes: 0) == .closed)
        #expect(throws: JournalRefusal.closed) { try fixture.submit() }
        #expect(fixture.durable == [1])
        #expect(try fixture.replay() == [1])
    }

    /// The thread that makes spares meets an error while nothing is written: nothing is written afterwards either, not
    /// even at the end.
    @Test(arguments: [DiskError.Operation.create, .list]) func afterAnErrorNothingIsWritten(
        operation: DiskError.Operation
    ) throws {
        let ofSegments = Monitor<[DiskError.Operation]>([])
        let disk = SimulatedDisk(JournalWorkload.empty) { _, operation, path in
            if path.hasSuffix(".log") { ofSegments.withLock { $0.value.append(operation) } }
        }
        let (journal, _) = try JournalWorkload.open(disk)
        let before = ofSegments.withLock { $0.value }
        disk.fail(operation, code: EIO)
        let failures = Monitor<[DiskError]>([])
        let writer = JournalWriter(
            journal, durable: { Issue.record("record \($0) is durable") },
            failed: { error in
                failures.withLock {
                    $0.value.append(error)
                    $0.signal()
                }
            })
        // Looks at the directory.
        writer.release(through: 0)
        failures.withLock { failures in while failures.value.isEmpty { failures.wait() } }
        let error = failures.withLock { $0.value[0] }
        #expect(error.code == EIO && writer.refusal(payloadBytes: 0) == .failed(error))
        writer.close()
        #expect(ofSegments.withLock { $0.value } == before)
        #expect(failures.withLock { $0.value.count } == 1 && writer.durableLSN == 0)
    }

    /// While nothing waits, a mark behind the last frame tells that it was durable.
    @Test func theLastFrameIsMarkedWhileNothingComes() throws {
        let fixture = try Fixture()
        for lsn in 1...3 as ClosedRange<UInt64> {
            #expect(try fixture.submit() == lsn)
            fixture.wait { $0.durable.last == lsn }
            fixture.waitForDisk("a mark behind record \(lsn)") { contents in
                let survey = JournalSurvey(directory: JournalWorkload.directory, disk: SimulatedDisk(contents))
                return survey.segments.last?.end == .sealed && survey.lastLSN == lsn
            }
        }
        fixture.writer.close()
        #expect(try fixture.replay() == [1, 2, 3])
    }
}
