// Situations that operators have reported in public, each as its files (Tests/Fixtures/reports, with sources and
// reasons in expected.md): the figures that are right.

import Board
import CallEvents
import Feeds
import Foundation
import Testing

@Suite struct CDRReportTests {
    /// A customer, and CDR files that go into its board one after the other.
    private struct Case {
        let folder: String
        let engine: Engine
        var refused = 0
        var warnings: [String: Int] = [:]
        var unattributed = 0

        init(_ folder: String, auth: AuthEntry) throws {
            self.folder = folder
            var configuration = EngineConfiguration()
            configuration.clock = .events
            engine = Engine(configuration: configuration)
            var customer = Customer()
            customer.name = "Customer"
            customer.currency = "EUR"
            customer.creditMicros = 1_000_000_000
            customer.auth = [auth]
            let created = engine.createCustomers(
                [customer], dryRun: false, idempotencyKey: [], now: CDRReportTests.wall)
            #expect(created.errors.isEmpty)
        }

        mutating func feed(_ file: String, _ format: CDRFormat, columns: String = "") throws {
            let names = columns.isEmpty ? [] : columns.split(separator: ",").map(String.init)
            var reader = try CDRReader(format: format, columns: names, timeZone: "UTC", file: file)
            try Fixtures.bytes("reports/\(folder)/\(file)").withUnsafeBytes { reader.read($0) }
            reader.finish(atEnd: true)
            for part in [
                engine.ingestAndDebit(reader.takeRecords(), now: CDRReportTests.wall, firstRow: 0, place: nil).0,
                engine.ingest(reader.takeEvents(), now: CDRReportTests.wall),
            ] { unattributed += Int(part.unattributed) }
            refused += reader.counters.errors
            for (name, count) in reader.counters.warningsByName { warnings[name.rawValue, default: 0] += count }
        }

        func expect(_ figures: [String: Double?]) throws {
            for (column, right) in figures {
                let value = try CDRReportTests.value(column, engine)
                if let right, let value {
                    #expect(abs(value - right) < 0.06, "\(folder): \(column) is \(value), not \(right)")
                } else {
                    #expect(value == nil && right == nil, "\(folder): \(column) is \(value ?? -1)")
                }
            }
        }

        /// In the customer's currency; the credit was 1,000.
        func expectMoney(cost: Double, credit: Double) throws {
            for (column, right) in [("cost", cost), ("credit", credit)] {
                let value = try #require(try CDRReportTests.value(column, engine))
                #expect(abs(value - right) < 0.000_01, "\(folder): \(column) is \(value), not \(right)")
            }
        }

        func expectCauses(_ right: [OutcomeClass: Int]) throws {
            let explained = try #require(
                try engine.explain(metric: "asr", customerID: 1, window: .all, now: CDRReportTests.wall))
            let causes = explained.classes.filter { $0.count > 0 }.map { ($0.name, Int($0.count)) }
            let expected = Dictionary(uniqueKeysWithValues: right.map { ($0.key.name, $0.value) })
            #expect(Dictionary(uniqueKeysWithValues: causes) == expected, "\(folder)")
        }
    }

    private static let wall: Int64 = 1_800_000_000_000_000

    private static func value(_ name: String, _ engine: Engine) throws -> Double? {
        var query = BoardQuery()
        query.columns = [name]
        query.window = .all
        let column = try engine.board(query, now: wall).columns[0]
        if !column.nulls.isEmpty && column.nulls[0] { return nil }
        switch column.values {
        case .integers(let values), .times(let values): return Double(values[0])
        case .money(let values): return Double(values[0]) / 1_000_000
        case .numbers(let values): return values[0]
        default: return nil
        }
    }

    @Test func asterisksDispositionCancel() throws {
        var report = try Case("01-asterisk-cancel-disposition", auth: .account("northgate"))
        try report.feed("Master.csv", .asterisk)
        try report.expect([
            "bids": 10, "attempts": 10, "answered": 4, "failed": 6, "asr": 40, "asr_n": 10, "acd": 75, "acd_n": 4,
            "talk": 300, "active": 0, "ner": 70,
        ])
        try report.expectCauses([.answered: 4, .busy: 1, .noAnswer: 2, .abandoned: 3])
        #expect(report.refused == 0 && report.warnings.isEmpty)
    }

    @Test func theInnerLegOfALoopbackChannel() throws {
        var report = try Case("03-freeswitch-loopback-leg", auth: .account("harbour"))
        try report.feed("cdr.ndjson", .freeswitchJSON)
        try report.expect([
            "attempts": 4, "answered": 1, "asr": 25, "asr_n": 4, "acd": 40, "acd_n": 1, "talk": 40, "active": 0,
            "pdd": 2_000, "pdd_n": 4,
        ])
        try report.expectCauses([.answered: 1, .busy: 1, .noAnswer: 1, .network: 1])
    }

    @Test func sessionsWithoutSetupTime() throws {
        var report = try Case("04-cgrates-without-setup-time", auth: .account("prepaid-line"))
        try report.feed("cgrates.csv", .cgratesCSV)
        try report.expect([
            "attempts": 5, "answered": 4, "asr": 80, "asr_n": 5, "acd": 50, "acd_n": 4, "talk": 200, "pdd_n": 0,
        ])
        try report.expectMoney(cost: 0.6667, credit: 999.3333)
        #expect(report.refused == 0)
    }

    @Test func theRatedRunLostTheTimeOfTheAnswer() throws {
        var report = try Case("05-cgrates-answer-time-lost-in-rated-run", auth: .account("lab-voice"))
        try report.feed("cgrates.csv", .cgratesCSV)
        try report.expect([
            "attempts": 2, "answered": 1, "asr": 50, "asr_n": 2, "acd": 23, "acd_n": 1, "talk": 23, "pdd": nil,
            "pdd_n": 0,
        ])
        try report.expectMoney(cost: 7.3754, credit: 992.6246)
        // The file once more: nothing is taken twice.
        try report.feed("cgrates.csv", .cgratesCSV)
        try report.expectMoney(cost: 7.3754, credit: 992.6246)
    }

    @Test func postedWithBothEncodings() throws {
        var report = try Case("11-freeswitch-posted-json-decoded-once", auth: .sip("+15550160"))
        for file in ["1-no-quotes-in-values.txt", "2-display-name-in-quotes.txt", "3-switch-with-the-fix.txt"] {
            try report.feed(file, .freeswitchJSON)
        }
        try report.expect([
            "attempts": 3, "answered": 2, "asr": 66.7, "acd": 40, "acd_n": 2, "talk": 80, "pdd": 2_000, "pdd_n": 3,
        ])
        #expect(report.unattributed == 0 && report.refused == 0)
    }

    @Test func answeredAndEndedByATimer() throws {
        var report = try Case("12-freeswitch-answered-with-an-abnormal-cause", auth: .account("atlas"))
        try report.feed("Master.csv", .freeswitchCSV)
        try report.expect([
            "attempts": 6, "answered": 4, "asr": 66.7, "acd": 45, "acd_n": 4, "talk": 180, "short_ratio": 25,
        ])
        try report.expectCauses([.answered: 4, .network: 2])
        try report.feed(
            "Asterisk-template.csv", .freeswitchCSV,
            columns: "accountcode,caller_id_number,destination_number,context,caller_id,channel_name,bridge_channel,"
                + "last_app,last_arg,start_stamp,answer_stamp,end_stamp,duration,billsec,hangup_cause,amaflags,uuid,"
                + "userfield")
        try report.expect(["attempts": 9, "answered": 5, "asr": 55.6, "acd": 40, "acd_n": 5, "talk": 200])
        try report.expectCauses([.answered: 5, .network: 2, .busy: 1, .badNumber: 1])
        #expect(report.refused == 0)
    }

    @Test func barsWithinFieldsOfFlatstore() throws {
        var report = try Case("17-kamailio-flatstore-bar-in-call-id", auth: .ip("198.51.100.95"))
        try report.feed("acc.log", .kamailioAcc)
        try report.expect(["attempts": 5, "answered": 3, "failed": 2, "acd_n": 3, "talk": 100, "active": 0])
        try report.expectCauses([.answered: 3, .busy: 1, .badNumber: 1])
        #expect(report.refused == 0)
    }
}
