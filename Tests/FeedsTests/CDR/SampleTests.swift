import CallEvents
import Feeds
import Foundation
import Testing

/// Every recording gives the figures that are known of its calls.
@Suite struct SampleTests {
    /// What a format can tell, and how exactly.
    struct Exactness {
        /// Allowed difference of the talk time, milliseconds a call; nil: compare whole seconds.
        var talkMilliseconds: Int64?
        /// The record tells when it rang.
        var tellsDelay = false
        /// The delay counts only calls that rang.
        var delayNeedsRinging = false
        /// Codes and causes are compared.
        var hasCodes = true
    }

    @Test func freeswitchExample() throws {
        let reader = try check("freeswitch-example.csv", .freeswitchCSV, Exactness(hasCodes: false))
        #expect(reader.counters.rows == 604)
        #expect(reader.counters.calls == 600)
        #expect(reader.counters.duplicates == 3)
        #expect(reader.counters.errorsByName == [.cutLine: 1])
    }

    @Test func freeswitchCustomTemplate() throws {
        let columns = try #require(try Sample.truth("freeswitch-custom.csv").columns)
        let reader = try check(
            "freeswitch-custom.csv", .freeswitchCSV, columns: columns, Exactness(talkMilliseconds: 1, tellsDelay: true))
        #expect(reader.counters.calls == 420 && reader.counters.rows == 420)
    }

    @Test func freeswitchCustomTemplateBySourceAddress() throws {
        let columns = try #require(try Sample.truth("freeswitch-custom.csv").columns)
        var reader = try Sample.read(
            Sample.bytes("freeswitch-custom.csv"), .freeswitchCSV, columns: columns.filter { $0 != "" })
        var byAccount: [String: Set<IPAddress>] = [:]
        for party in reader.takeRecords().parties {
            byAccount[try #require(party.account), default: []].insert(try #require(party.source))
        }
        #expect(byAccount["alpha"] == [try #require(IPAddress("192.0.2.10"))])
        #expect(byAccount["Żeta-Tel"] == [try #require(IPAddress("2001:db8:1::5"))])
        #expect(byAccount.count == 6)
    }

    @Test func freeswitchDocuments() throws {
        let reader = try check(
            "freeswitch-json.ndjson", .freeswitchJSON, Exactness(talkMilliseconds: 1, tellsDelay: true))
        #expect(reader.counters.rows == 343 && reader.counters.notCalls == 143 && reader.counters.calls == 200)
    }

    @Test func freeswitchDocumentFilesJoinedWithoutLineBreaks() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Sample.folder.appendingPathComponent("freeswitch-json").path
        ).sorted()
        let joined = try names.flatMap { try Sample.bytes("freeswitch-json/" + $0) }
        let reader = try check(
            "freeswitch-json/", .freeswitchJSON, bytes: joined, Exactness(talkMilliseconds: 1, tellsDelay: true))
        #expect(reader.counters.calls == 12 && reader.counters.errors == 0)
    }

    @Test func asterisk() throws {
        var reader = try check("asterisk-Master.csv", .asterisk, Exactness(hasCodes: false))
        #expect(reader.counters.rows == 495 && reader.counters.calls == 430 && reader.counters.continued == 65)
        let truth = try #require(try Sample.truth("asterisk-Master.csv").all?.dispositionsOfCalls)
        reader = try Sample.read(Sample.bytes("asterisk-Master.csv"), .asterisk)
        var board = NaiveBoard { _ in "" }
        board.add(reader.takeRecords())
        #expect(
            board.all.codes == [
                200: truth["ANSWERED"]!, 486: truth["BUSY"]!, 503: truth["FAILED"]!,
                480: truth["NO ANSWER"]!,
            ])
    }

    @Test func cgratesExport() throws {
        let reader = try check("cgrates.csv", .cgratesCSV, Exactness(talkMilliseconds: 1, hasCodes: false))
        #expect(reader.counters.rows == 610 && reader.counters.calls == 300 && reader.counters.notCalls == 310)
        #expect(reader.counters.errors == 0)
    }

    @Test func cgratesDocuments() throws {
        let reader = try check(
            "cgrates-json.ndjson", .cgratesJSON,
            Exactness(talkMilliseconds: 1, tellsDelay: true, delayNeedsRinging: true))
        #expect(reader.counters.calls == 250 && reader.counters.errors == 0)
    }

    /// Reads a sample and compares every figure of every customer.
    private func check(
        _ name: String, _ format: CDRFormat, columns: [String] = [], bytes: [UInt8]? = nil, _ exactness: Exactness
    ) throws -> CDRReader {
        let truth = try Sample.truth(name)
        var reader = try Sample.read(bytes ?? Sample.bytes(name), format, columns: columns)
        var board = NaiveBoard { $0.account ?? "" }
        board.add(reader.takeRecords())
        #expect(board.repeated == 0)
        let customers = try #require(truth.customers)
        #expect(Set(board.tallies.keys) == Set(customers.keys))
        for (customer, figures) in customers {
            compare(board.tallies[customer] ?? Tally(), figures, exactness, "\(name) \(customer)")
        }
        compare(board.all, try #require(truth.all), exactness, "\(name) all")
        return reader
    }

    private func compare(_ tally: Tally, _ truth: Figures, _ exactness: Exactness, _ place: String) {
        #expect(tally.attempts == truth.attempts, "\(place)")
        #expect(tally.answered == truth.answered, "\(place)")
        #expect(tally.failed == truth.failed, "\(place)")
        if let allowed = exactness.talkMilliseconds, let sum = truth.durationMsSum {
            #expect(abs(tally.talkMilliseconds - sum) <= allowed * Int64(tally.answered), "\(place)")
        } else if let sum = truth.billsecSum {
            #expect(tally.talkSeconds == sum, "\(place)")
            #expect(tally.answered == 0 || tally.longestTalkSeconds == truth.billsecMax, "\(place)")
            #expect(tally.talksOfZeroSeconds == truth.answeredWithBillsec0, "\(place)")
        }
        #expect(truth.durationMsSum != nil || truth.billsecSum != nil, "\(place)")
        #expect((truth.pddMs != nil) == exactness.tellsDelay, "\(place)")
        if exactness.hasCodes, let codes = truth.codes {
            #expect(tally.codes == Dictionary(uniqueKeysWithValues: codes.map { (Int($0.key) ?? -1, $0.value) }))
        }
        if let delay = truth.pddMs {
            let samples = exactness.delayNeedsRinging ? tally.ringMilliseconds : tally.pddMilliseconds
            #expect(samples.count == delay.n, "\(place)")
            #expect(abs(Double(samples.reduce(0, +)) / Double(max(1, samples.count)) - (delay.mean ?? 0)) <= 0.51)
            #expect(abs(Double(samples.max() ?? 0) - (delay.max ?? 0)) <= 0.51, "\(place)")
        }
        let hours = tally.hours.map { hour, count in
            (Date(timeIntervalSince1970: Double(hour * 3600)).formatted(.iso8601).prefix(13), count)
        }
        #expect(Dictionary(uniqueKeysWithValues: hours.map { (String($0.0), $0.1) }) == truth.attemptsPerHourUtc)
        #expect(tally.busiestSecond == truth.cpsPeakAligned1S, "\(place)")
    }
}
