// Every CDR sample through its reader into the board: the figures from which the samples were made.

import Board
import CallEvents
import Feeds
import Foundation
import Testing

@Suite struct CDRFiguresTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        /// The key in expected.json.
        var name: String
        var files: [String]
        var format: CDRFormat
        var testDescription: String { name }
    }

    static let samples = [
        Sample(name: "freeswitch-example.csv", files: ["freeswitch-example.csv"], format: .freeswitchCSV),
        Sample(name: "freeswitch-custom.csv", files: ["freeswitch-custom.csv"], format: .freeswitchCSV),
        Sample(
            name: "freeswitch-json.ndjson", files: files("freeswitch-json", ending: ".ndjson"), format: .freeswitchJSON),
        Sample(name: "freeswitch-json/", files: files("freeswitch-json/", ending: ".json"), format: .freeswitchJSON),
        Sample(name: "asterisk-Master.csv", files: ["asterisk-Master.csv"], format: .asterisk),
        Sample(name: "cgrates.csv", files: ["cgrates.csv"], format: .cgratesCSV),
        Sample(name: "cgrates-json.ndjson", files: ["cgrates-json.ndjson"], format: .cgratesJSON),
        Sample(name: "kamailio-acc.log", files: ["kamailio-acc.log"], format: .kamailioAcc),
        Sample(name: "kamailio-acc-db.csv", files: ["kamailio-acc-db.csv"], format: .kamailioAcc),
    ]

    @Test(arguments: samples)
    func figuresOfEveryCustomer(sample: Sample) throws {
        let all = try Fixtures.json("cdr/expected.json")["files"] as? [String: [String: Any]] ?? [:]
        var expected = try #require(all[sample.name])
        if let same = expected["same_as"] as? String { expected = try #require(all[same]) }
        let customers = try #require(expected["customers"] as? [String: [String: Any]])
        let names = customers.keys.sorted()
        let engine = CDRFiguresTests.engine(names)
        let columns = sample.format == .freeswitchCSV ? expected["columns"] as? [String] ?? [] : []
        let first = try CDRFiguresTests.play(sample, columns: columns, into: engine)
        #expect(first.calls == customers.values.reduce(0) { $0 + ($1["attempts"] as? Int ?? 0) })
        try check(engine, names, customers, sample.name)
        let again = try CDRFiguresTests.play(sample, columns: columns, into: engine)
        #expect(again.calls == 0, "delivered twice")
        try check(engine, names, customers, sample.name + ", delivered twice")
    }

    private func check(
        _ engine: Engine, _ names: [String], _ customers: [String: [String: Any]], _ comment: String
    ) throws {
        for (row, name) in names.enumerated() {
            let expected = customers[name] ?? [:]
            let value = { (column: String) in try CDRFiguresTests.value(column, engine, row: row) ?? -1 }
            let answered = Double(expected["answered"] as? Int ?? 0)
            #expect(try value("bids") == Double(expected["attempts"] as? Int ?? 0), "\(comment): \(name)")
            #expect(try value("answered") == answered, "\(comment): \(name)")
            #expect(try value("failed") == Double(expected["failed"] as? Int ?? 0), "\(comment): \(name)")
            if let talk = expected["duration_ms_sum"] as? Double {
                #expect(abs(try value("talk") * 1_000 - talk) <= answered, "\(comment): talk of \(name)")
            } else if let talk = expected["billsec_sum"] as? Double {
                #expect(try value("talk") == talk, "\(comment): talk of \(name)")
            }
            if let codes = expected["codes"] as? [String: Int] {
                let explained = try #require(
                    try engine.explain(
                        metric: "asr", customerID: UInt32(row + 1), window: .all, now: CDRFiguresTests.wall))
                let shown = Dictionary(uniqueKeysWithValues: explained.codes.map { (String($0.code), Int($0.count)) })
                #expect(shown == codes, "\(comment): codes of \(name)")
            }
            if let pdd = expected["pdd_ms"] as? [String: Double], let mean = pdd["mean"] {
                #expect(try value("pdd_n") == pdd["n"] ?? 0, "\(comment): pdd_n of \(name)")
                #expect(abs(try value("pdd") - mean) <= 1, "\(comment): pdd of \(name)")
            }
            if let peak = expected["cps_peak_aligned_1s"] as? Double {
                #expect(try value("cps_peak") == peak, "\(comment): cps_peak of \(name)")
            }
        }
    }

    // MARK: Playing

    private static let wall: Int64 = 1_800_000_000_000_000

    private static func files(_ prefix: String, ending: String) -> [String] {
        let folder = Fixtures.file("cdr")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(ending) }.sorted()
    }

    /// Customers known by account, or by address where the sample's key is one.
    private static func engine(_ names: [String]) -> Engine {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        let engine = Engine(configuration: configuration)
        let drafts = names.map { name in
            var customer = Customer()
            customer.name = "C \(name)"
            customer.currency = "USD"
            customer.auth = [IPAddress(name) == nil ? .account(name) : .ip(name)]
            return customer
        }
        let created = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: wall)
        precondition(created.errors.isEmpty, "\(created.errors)")
        return engine
    }

    private static func play(_ sample: Sample, columns: [String], into engine: Engine) throws -> IngestSummary {
        var summary = IngestSummary()
        for file in sample.files {
            var reader = try CDRReader(format: sample.format, columns: columns, timeZone: "UTC", file: file)
            try Fixtures.bytes("cdr/\(file)").withUnsafeBytes { reader.read($0) }
            reader.finish(atEnd: true)
            summary += engine.ingest(reader.takeRecords(), now: wall)
            summary += engine.ingest(reader.takeEvents(), now: wall)
        }
        return summary
    }

    private static func value(_ name: String, _ engine: Engine, row: Int) throws -> Double? {
        var query = BoardQuery()
        query.columns = [name]
        query.window = .all
        query.limit = 1_000
        let column = try engine.board(query, now: wall).columns[0]
        if !column.nulls.isEmpty && column.nulls[row] { return nil }
        switch column.values {
        case .integers(let values), .money(let values), .times(let values): return Double(values[row])
        case .numbers(let values): return values[row]
        default: return nil
        }
    }
}
