import CallEvents
import Feeds
import Foundation
import Randomness
import Testing

@testable import Board

/// A HEP reader and a board that runs by the events' clock, with one customer an address.
struct HEPReplay {
    private(set) var engine: Engine
    private(set) var feed: HEPFeed
    private var summary = IngestSummary()
    /// Of the feeds before restarts.
    private(set) var errorsBefore = 0
    private static let seed = HashSeed(first: 1, second: 2)

    struct Result {
        var calls = 0
        var errors = 0
    }

    /// - Parameter auth: of the customers; nil: each has its name as its address.
    init(customers addresses: [String], authKey: String? = nil, auth: [AuthEntry]? = nil) {
        self.init(
            addresses.enumerated().map { index, address in (address, [auth?[index] ?? .ip(address)]) }, authKey: authKey
        )
    }

    /// One customer with all of these.
    init(customer name: String, auth: [AuthEntry]) { self.init([(name, auth)], authKey: nil) }

    /// Each customer with all of its.
    init(_ customers: [(name: String, auth: [AuthEntry])], authKey: String? = nil) {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        engine = Engine(configuration: configuration)
        feed = HEPFeed(hashSeed: HEPReplay.seed, authKey: authKey)
        let drafts = customers.map { name, auth in
            var customer = Customer()
            customer.name = name
            customer.currency = "USD"
            customer.auth = auth
            return customer
        }
        let created = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: HEPReplay.wall)
        precondition(created.errors.isEmpty, "\(created.errors)")
        feed.needs = engine.partyNeeds
    }

    /// After every recording.
    private static let wall: Int64 = 1_800_000_000_000_000

    mutating func play(_ set: String) throws -> Result {
        let before = (summary.calls, feed.counters.errors)
        play(try HEPReplay.records(set)[...])
        return Result(calls: summary.calls - before.0, errors: feed.counters.errors - before.1)
    }

    /// The recording as a bad network gives it: every record up to so many places from its own, one in eight twice.
    mutating func playDisturbed(_ set: String, places: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let records = try HEPReplay.records(set)
        let order = records.indices.map { ($0, $0 + Int.random(in: 0...places, using: &generator)) }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        let disturbed = order.flatMap { index, _ in
            [HEPCapture.Record](
                repeating: records[index], count: Int.random(in: 0..<8, using: &generator) == 0 ? 2 : 1)
        }
        play(disturbed[...])
    }

    mutating func play(_ records: ArraySlice<HEPCapture.Record>) {
        for record in records {
            // A record is a datagram, or what one read of a TCP stream gave.
            var stream = HEPStream()
            if (try? stream.receive(record.bytes.span.bytes, into: &feed, arrivalMicros: record.arrivalMicros)) == nil {
                feed.receive(record.bytes.span.bytes, arrivalMicros: record.arrivalMicros)
            }
            summary += engine.ingest(feed.take(), now: HEPReplay.wall)
        }
    }

    /// Another process goes on with what this one has saved.
    mutating func restart() throws {
        let statistics = engine.statistics(now: HEPReplay.wall)
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(statistics.tables())
        engine = after
        let memory = try #require(HEPFeedMemory(feed.memory.columns))
        errorsBefore += feed.counters.errors
        feed = HEPFeed(hashSeed: HEPReplay.seed, authKey: feed.authKey)
        feed.memory = memory
        feed.needs = engine.partyNeeds
    }

    /// Nothing says when they came.
    mutating func play(_ packets: [[UInt8]]) {
        feed.knowsArrivals = false
        defer { feed.knowsArrivals = true }
        for packet in packets {
            feed.receive(packet.span.bytes, arrivalMicros: HEPReplay.wall)
            summary += engine.ingest(feed.take(), now: HEPReplay.wall)
        }
    }

    /// Streams given as pieces in hexadecimal.
    mutating func playStreams(_ streams: [[String: Any]]) {
        for description in streams {
            var stream = HEPStream()
            for piece in description["pieces_hex"] as? [String] ?? [] {
                let bytes = stride(from: 0, to: piece.count, by: 2).compactMap { offset -> UInt8? in
                    let start = piece.index(piece.startIndex, offsetBy: offset)
                    return UInt8(piece[start...].prefix(2), radix: 16)
                }
                // A stream that cannot be followed is closed, as the server does.
                guard (try? stream.receive(bytes.span.bytes, into: &feed, arrivalMicros: HEPReplay.wall)) != nil else {
                    break
                }
            }
            summary += engine.ingest(feed.take(), now: HEPReplay.wall)
        }
    }

    static func records(_ set: String) throws -> [HEPCapture.Record] {
        var capture = HEPCapture()
        var records: [HEPCapture.Record] = []
        let files = set.hasSuffix(".hep") ? [Fixtures.file(set)] : Fixtures.recording(set)
        for file in files { capture.append(try Data(contentsOf: file)) }
        while let record = try capture.next() { records.append(record) }
        try capture.finish()
        return records
    }

    /// A figure of one customer in the window `all`.
    func value(_ name: String, row: Int) throws -> Double? {
        var query = BoardQuery()
        query.columns = [name]
        query.window = .all
        query.limit = 1_000
        let column = try engine.board(query, now: HEPReplay.wall).columns[0]
        if !column.nulls.isEmpty && column.nulls[row] { return nil }
        switch column.values {
        case .integers(let values), .money(let values), .times(let values): return Double(values[row])
        case .numbers(let values): return values[row]
        default: return nil
        }
    }
}
