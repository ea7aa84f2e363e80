import Randomness
import Testing

@testable import Columnar

@Suite struct DeltaLogTests {
    /// A reader that adds the changes since its version to its values has those of now, or learns that the log does not
    /// reach back.
    @Test(arguments: Seeds.of(1))
    func changesLeadToTheValues(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var log = DeltaLog()
        log.grow(toChunks: 3)
        var values = [[Int64]](repeating: [0, 0], count: 3)
        var known = (0..<3).map { (version: log.version(chunk: $0), values: values[$0]) }
        var followed = 0
        for _ in 0..<3_000 {
            let chunk = Int.random(in: 0..<3, using: &random)
            let before = log.version(chunk: chunk)
            switch Int.random(in: 0..<200, using: &random) {
            case 0:
                values[chunk][0] = 7
                log.invalidate(chunk: chunk)
                #expect(log.version(chunk: chunk) > before)
            case 1...8:
                log.retain()
                log.checkInvariants()
            case 9...60:
                if let deltas = log.deltas(chunk: chunk, since: known[chunk].version) {
                    for delta in deltas { known[chunk].values[Int(delta.field)] += delta.change }
                    #expect(known[chunk].values == values[chunk], "seed \(seed)")
                    followed += deltas.count
                }
                #expect(log.knows(chunk: chunk, since: log.version(chunk: chunk)))
                known[chunk] = (log.version(chunk: chunk), values[chunk])
            default:
                let delta = Delta(
                    row: 5, field: UInt32.random(in: 0...1, using: &random), change: .random(in: -9...9, using: &random)
                )
                values[chunk][Int(delta.field)] += delta.change
                log.note(delta, chunk: chunk)
                #expect(log.version(chunk: chunk) == before + 1)
            }
        }
        #expect(followed > 100, "seed \(seed)")
    }

    /// Without a reader nothing is recorded; nor any longer once the reader has stayed away for too long.
    @Test func nothingIsRecordedWithoutAReader() {
        var log = DeltaLog()
        log.grow(toChunks: 1)
        let change = Delta(row: 0, field: 0, change: 1)
        for _ in 0..<10 { log.note(change, chunk: 0) }
        #expect(!log.isRecording(chunk: 0) && log.deltas(chunk: 0, since: 0) == nil && log.version(chunk: 0) == 10)
        log.retain()
        for _ in 0..<ColumnarLimits.deltas { log.note(change, chunk: 0) }
        #expect(log.deltas(chunk: 0, since: 10)?.count == ColumnarLimits.deltas)
        log.note(change, chunk: 0)
        let version = UInt64(10 + ColumnarLimits.deltas + 1)
        #expect(!log.isRecording(chunk: 0) && log.version(chunk: 0) == version)
        #expect(log.deltas(chunk: 0, since: 10) == nil)
        #expect(log.deltas(chunk: 0, since: version)?.isEmpty == true)
        #expect(log.deltas(chunk: 0, since: version + 1) == nil)
    }

    /// The version of several chunks tells of a change in any of them, and of no other.
    @Test func theVersionOfChunksIsOfAllOfThem() {
        var log = DeltaLog()
        log.grow(toChunks: 4)
        // Versions far apart: a change of a chunk that was rarely changed counts as well.
        for chunk in 0..<4 { for _ in 0..<chunk * 10 { log.note(Delta(row: 0, field: 0, change: 1), chunk: chunk) } }
        for retains in [false, true] {
            if retains { log.retain() }
            for changed in 0..<4 {
                for first in 0..<4 {
                    for end in first...4 {
                        let before = log.version(chunks: first..<end)
                        log.note(Delta(row: 0, field: 0, change: 1), chunk: changed)
                        let noted = log.version(chunks: first..<end)
                        log.invalidate(chunk: changed)
                        let invalidated = log.version(chunks: first..<end)
                        if (first..<end).contains(changed) {
                            #expect(before < noted && noted < invalidated, "\(changed) in \(first)..<\(end)")
                        } else {
                            #expect(before == noted && noted == invalidated, "\(changed) in \(first)..<\(end)")
                        }
                    }
                }
            }
        }
    }

    /// A reader that has asked at the border of the halves, or later, is served; an earlier one ends the recording.
    @Test func aReaderIsServedFromTheHalfOn() {
        let half = (ColumnarLimits.deltas + 1) / 2
        for asked in [0, 1, half - 1, half, half + 1, ColumnarLimits.deltas] {
            var log = DeltaLog()
            log.grow(toChunks: 1)
            log.retain()
            for number in 0...ColumnarLimits.deltas {
                if number == asked { log.retain() }
                log.note(Delta(row: 0, field: 0, change: Int64(number)), chunk: 0)
            }
            let isServed = asked >= half
            #expect(log.isRecording(chunk: 0) == isServed, "asked at \(asked)")
            let deltas = log.deltas(chunk: 0, since: UInt64(asked))
            #expect(deltas?.map(\.change) == (isServed ? (asked...ColumnarLimits.deltas).map { Int64($0) } : nil))
        }
    }

    /// A reader that comes back often loses only the older half.
    @Test func theNewerHalfIsKept() {
        var log = DeltaLog()
        log.grow(toChunks: 1)
        log.retain()
        for number in 0...ColumnarLimits.deltas {
            if number == ColumnarLimits.deltas { log.retain() }
            log.note(Delta(row: 0, field: 0, change: Int64(number)), chunk: 0)
        }
        let half = (ColumnarLimits.deltas + 1) / 2
        #expect(log.deltas(chunk: 0, since: UInt64(half - 1)) == nil)
        #expect(log.deltas(chunk: 0, since: UInt64(half))?.first?.change == Int64(half))
        #expect(log.version(chunk: 0) == UInt64(ColumnarLimits.deltas + 1))
    }
}
