// A feed that goes on in another process: from wherever it is cut, the events are those of one that was never away.

import CallEvents
import Foundation
import Testing

@testable import Feeds

@Suite struct HEPFeedMemoryTests {
    private static func records() throws -> [HEPCapture.Record] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/hep")
        var capture = HEPCapture()
        capture.append(try Data(contentsOf: folder.appendingPathComponent("calls.hep")))
        var records: [HEPCapture.Record] = []
        while let record = try capture.next() { records.append(record) }
        return records
    }

    private static func feed() -> HEPFeed { HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil) }

    private static func events(_ batch: CallEventBatch) -> [String] {
        batch.kind.indices.map {
            let party = batch.party[$0] == CallEventBatch.noParty ? nil : batch.parties[Int(batch.party[$0])]
            let what = "\(batch.kind[$0]) \(batch.key[$0]) \(batch.timeMicros[$0]) \(batch.relayed[$0])"
            return what + String(describing: party)
        }
    }

    @Test func itGoesOnAsIfItHadNeverBeenAway() throws {
        let records = try Self.records()
        var whole = Self.feed()
        var other = Self.feed()
        var restarts = 0
        for (index, record) in records.enumerated() {
            whole.receive(record.bytes.span.bytes, arrivalMicros: record.arrivalMicros)
            other.receive(record.bytes.span.bytes, arrivalMicros: record.arrivalMicros)
            #expect(Self.events(whole.take()) == Self.events(other.take()), "record \(index)")
            guard index % 97 == 5 else { continue }
            let memory = try #require(HEPFeedMemory(other.memory.columns))
            #expect(memory.columns == other.memory.columns)
            other = Self.feed()
            other.memory = memory
            restarts += 1
        }
        #expect(restarts > 2 && !whole.memory.columns.hops[0].isEmpty && !whole.memory.columns.invites[0].isEmpty)
    }

    @Test func whatIsNoMemoryIsRefused() {
        let empty = Self.feed().memory.columns
        #expect(HEPFeedMemory(empty) != nil)
        var wrong = empty
        wrong.invites = [[Int64(FeedLimits.openInvites)], [1], [1]]
        #expect(HEPFeedMemory(wrong) == nil)
        wrong.invites = [[-1], [1], [1]]
        #expect(HEPFeedMemory(wrong) == nil)
        wrong = empty
        wrong.hops[2] = [1]
        #expect(HEPFeedMemory(wrong) == nil)
        wrong = empty
        wrong.relays = []
        #expect(HEPFeedMemory(wrong) == nil)
    }
}
