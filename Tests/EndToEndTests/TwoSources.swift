// A board that hears a switch's SIP and is fed its CDRs.

import CallEvents
import Feeds
import Testing

@testable import Board

struct TwoSources {
    var heard: HEPReplay
    private(set) var summary = IngestSummary()
    var engine: Engine { heard.engine }

    /// After every recording.
    static let wall: Int64 = 1_800_000_000_000_000

    init(_ heard: HEPReplay) { self.heard = heard }

    /// Feeds a file by a reader of its own, as `busyhour feed cdr` does.
    @discardableResult
    mutating func feed(_ bytes: [UInt8], _ format: CDRFormat, columns: [String] = []) throws -> IngestSummary {
        var reader = try CDRReader(format: format, columns: columns, timeZone: "UTC", file: "file")
        bytes.withUnsafeBytes { reader.read($0) }
        reader.finish(atEnd: true)
        #expect(reader.counters.errors == 0)
        var part = engine.ingestAndDebit(reader.takeRecords(), now: Self.wall, firstRow: 0, place: nil).0
        part += engine.ingest(reader.takeEvents(), now: Self.wall)
        summary += part
        return part
    }
}
