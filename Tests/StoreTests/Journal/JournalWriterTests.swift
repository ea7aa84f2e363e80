// Group commit with its threads, on a disk whose syncs wait until the test lets them go.

import Columnar
import Glibc
import Randomness
import Testing

@testable import Store

@Suite struct JournalWriterTests {
    private typealias Fixture = JournalWriterFixture

    @Test func nothingIsDurableBeforeTheSyncReturns() throws {
        let fixture = try Fixture()
        fixture.allow(syncs: 0)
        #expect(try fixture.submit() == 1)
        fixture.wait { $0.waitingSyncs == 1 }
        #expect(fixture.durable.isEmpty && fixture.writer.durableLSN == 0)
        fixture.allow(syncs: nil)
        fixture.wait { $0.durable == [1] }
        fixture.writer.close()
        #expect(try fixture.replay() == [1])
    }

    @Test func whatComesDuringASyncIsOneGroup() throws {
        let fixture = try Fixture(segmentBytes: 65_536)
        fixture.allow(syncs: 0)
        #expect(try fixture.submit() == 1)
        fixture.wait { $0.waitingSyncs == 1 }
        for lsn in 2...20 as ClosedRange<UInt64> { #expect(try fixture.submit(bytes: 8) == lsn) }
        fixture.allow(syncs: nil)
        fixture.wait { $0.durable.last == 20 }
        #expect(fixture.durable == [1, 20])
        fixture.writer.close()
        #expect(try fixture.replay() == Array(1...20))
    }

    @Test(arguments: [DiskError.Operation.sync, .write]) func afterAnErrorNothingIsDurable(
        operation: DiskError.Operation
    ) throws {
        let fixture = try Fixture()
        fixture.disk.fail(operation, code: EIO)
        // The thread that makes spares may have met the error already.
        _ = try? fixture.submit()
        fixture.wait { !$0.failures.isEmpty }
        #expect(throws: JournalRefusal.self) { try fixture.submit() }
        fixture.writer.close()
        #expect(fixture.durable.isEmpty && fixture.events.withLock { $0.value.failures.count } == 1)
    }

    @Test func aDiskThatStandsStillMakesTheJournalBusy() throws {
        let fixture = try Fixture(segmentBytes: 65_536)
        fixture.allow(syncs: 0)
        _ = try fixture.submit()
        // The thread has taken the first record: what comes now stays in the queue, else the queue could be emptied
        // between the refusal and the question.
        fixture.wait { $0.waitingSyncs == 1 }
        var accepted = 1
        var refusal: JournalRefusal?
        while refusal == nil && accepted < 1_000 {
            do throws(JournalRefusal) {
                _ = try fixture.submit()
                accepted += 1
            } catch { refusal = error }
        }
        #expect(refusal == .busy && fixture.writer.refusal(payloadBytes: 1) == .busy)
        fixture.allow(syncs: nil)
        fixture.wait { $0.durable.last == UInt64(accepted) }
        #expect(try fixture.submit() == UInt64(accepted + 1))
        fixture.writer.close()
        #expect(try fixture.replay().count == accepted + 1)
    }

    @Test func theLongestRecordIsTakenAndNoLonger() throws {
        let fixture = try Fixture()
        guard case .tooLong(_, let limit) = fixture.writer.refusal(payloadBytes: 1 << 20) else {
            Issue.record("a megabyte was taken")
            return
        }
        #expect(fixture.writer.refusal(payloadBytes: limit + 1) == .tooLong(bytes: limit + 1, limit: limit))
        #expect(try fixture.submit(bytes: limit) == 1)
        fixture.writer.close()
        #expect(try fixture.replay() == [1])
    }

    @Test func aFullDiskRefusesEarlyAndRecovers() throws {
        let fixture = try Fixture()
        // Until there are the spares that it wants.
        while fixture.writer.readySpares < JournalLimits.spareSegments { sched_yield() }
        let used = fixture.disk.contents.files.values.reduce(0) { $0 + $1.count }
        fixture.disk.limit(space: used)
        var last: UInt64 = 0
        var refusal: JournalRefusal?
        while true {
            do throws(JournalRefusal) {
                last = try fixture.submit(bytes: 1_000)
            } catch {
                refusal = error
                if case .busy = error {
                    sched_yield()
                    continue
                }
                break
            }
        }
        guard case .diskFull(let error) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(error.code == ENOSPC)
        let folder = error.path.split(separator: "/").dropLast().joined(separator: "/")
        #expect(
            refusal?.description
                == "disk full: no room for another journal segment (/\(folder)); free space, it retries every 1 s")
        // What was accepted is written all the same.
        fixture.wait { $0.durable.last == last }
        fixture.disk.limit(space: nil)
        // Wakes the thread that makes spares; it would look by itself after a while.
        fixture.writer.release(through: 0)
        while fixture.writer.refusal(payloadBytes: 1_000) != nil { sched_yield() }
        #expect(try fixture.submit(bytes: 1_000) == last + 1)
        fixture.writer.close()
        #expect(try fixture.replay() == Array(1...last + 1))
    }

    @Test func segmentsThatASnapshotCoversAreUsedAgain() throws {
        let fixture = try Fixture()
        var last: UInt64 = 0
        while last < 200 {
            do throws(JournalRefusal) { last = try fixture.submit(bytes: 500) } catch { sched_yield() }
        }
        fixture.wait { $0.durable.last == last }
        let segments = { fixture.disk.contents.names.keys.filter { $0.hasSuffix(".log") }.count }
        #expect(segments() > 10)
        fixture.writer.release(through: last)
        while segments() > 1 { sched_yield() }
        fixture.writer.close()
        fixture.disk.endProgram()
        #expect(try JournalWorkload.open(fixture.disk, after: last).contents.lastLSN == last)
    }

    /// Sizes by chance, with as much pressure as the journal takes.
    @Test(arguments: Seeds.fixed(1...4)) func allThatIsAcceptedIsThere(seed: UInt64) throws {
        let fixture = try Fixture()
        var generator = SeededGenerator(seed: seed)
        var last: UInt64 = 0
        while last < 500 {
            let count = Int.random(in: 0...1_900, using: &generator)
            do throws(JournalRefusal) {
                last = try fixture.submit(bytes: count)
            } catch {
                #expect(error == .busy, "seed \(seed)")
                sched_yield()
            }
        }
        fixture.writer.close()
        #expect(fixture.durable.last == last && fixture.events.withLock { $0.value.failures.isEmpty })
        #expect(try fixture.replay() == Array(1...last), "seed \(seed)")
    }
}
