import CallEvents
import Randomness
import Testing

@testable import Feeds

/// A row of a call that was read before, with another cost: the reader hands the new cost on, in every format.
@Suite struct ReratedRowsTests {
    struct Source: Sendable, CustomTestStringConvertible {
        let format: CDRFormat
        var columns: [String] = []
        var header = ""
        /// A row of the call of a number.
        let row: @Sendable (_ number: Int, _ cost: String) -> String

        var testDescription: String { format.rawValue }
    }

    private static let start = 1_748_934_000

    private static func stamp(_ number: Int) -> String {
        "2025-06-03T07:\(number / 60 < 10 ? "0" : "")\(number / 60):\(number % 60 < 10 ? "0" : "")\(number % 60)Z"
    }

    static let sources: [Source] = [
        Source(format: .csv, header: "id,account,setup_at,answer_at,end_at,cost\n") { number, cost in
            "c\(number),a,\(start + number),\(start + number + 1),\(start + number + 9),\(cost)\n"
        },
        Source(
            format: .freeswitchCSV,
            columns: [
                "uuid", "accountcode", "start_epoch", "answer_epoch", "end_epoch", "bleg_uuid", "hangup_cause",
                "nibble_total_billed",
            ]
        ) { number, cost in
            "\"c\(number)\",\"a\",\"\(start + number)\",\"\(start + number + 1)\",\"\(start + number + 9)\",\"\","
                + "\"NORMAL_CLEARING\",\"\(cost)\"\n"
        },
        Source(format: .cgratesCSV, header: "RunID,ToR,OriginID,Account,SetupTime,AnswerTime,Usage,Cost\n") {
            number, cost in "*default,*voice,c\(number),a,\(stamp(number)),\(stamp(number)),9s,\(cost)\n"
        },
        Source(format: .cgratesJSON) { number, cost in
            #"{"RunID":"*default","ToR":"*voice","OriginID":"c\#(number)","Account":"a","SetupTime":"\#(stamp(number))","#
                + #""AnswerTime":"\#(stamp(number))","Usage":"9s","Cost":"\#(cost)"}"# + "\n"
        },
        Source(format: .freeswitchJSON) { number, cost in
            #"{"variables":{"uuid":"c\#(number)","start_uepoch":"\#(start + number)000000","#
                + #""answer_uepoch":"\#(start + number + 1)000000","end_uepoch":"\#(start + number + 9)000000","#
                + #""nibble_total_billed":"\#(cost)"}}"# + "\n"
        },
        Source(
            format: .asterisk,
            columns: [
                "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata",
                "start",
                "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "cost",
            ]
        ) { number, cost in
            let at = stamp(number).replacingOccurrences("T", " ").dropLast()
            let end = stamp(number + 9).replacingOccurrences("T", " ").dropLast()
            return "a,1,2,c,x,SIP/a-1,,Dial,,\(at),\(at),\(end),9,9,ANSWERED,3,\(start + number).\(number),\(cost)\n"
        },
    ]

    private static func read(_ text: String, _ reader: inout CDRReader) {
        Array(text.utf8).withUnsafeBytes { reader.read($0) }
    }

    /// What calls cost by the last record of each, and how many records there were.
    private static func take(_ reader: inout CDRReader, _ costs: inout [CallKey: Int64]) -> Int {
        let (batch, offsets) = reader.takePlacedRecords()
        #expect(offsets == offsets.sorted())
        for row in 0..<batch.count { costs[batch.key[row]] = batch.cost(row) ?? -1 }
        return batch.count
    }

    @Test(arguments: sources) func oneCall(_ source: Source) throws {
        var reader = try Sample.read(
            source.header + source.row(1, "5") + source.row(2, "1"), source.format,
            columns: source.columns)
        var costs: [CallKey: Int64] = [:]
        #expect(Self.take(&reader, &costs) == 2)
        let keys = costs.filter { $0.value == 5_000_000 }.map(\.key)
        // Told again, then rerated, and that again.
        Self.read(source.row(1, "5") + source.row(1, "4.2") + source.row(1, "4.2") + source.row(2, "1"), &reader)
        reader.finish(atEnd: true)
        #expect(Self.take(&reader, &costs) == 1, "\(reader.counters)")
        #expect(keys.map { costs[$0] } == [4_200_000] && costs.count == 2)
        #expect(reader.counters.duplicates == 3 && reader.counters.calls == 3 && Consistency.holds(reader.counters))
        // To nothing, and a row that does not say.
        Self.read(source.row(1, "0"), &reader)
        reader.finish(atEnd: true)
        #expect(Self.take(&reader, &costs) == 1 && costs[keys[0]] == 0)
        #expect(reader.takeErrors().isEmpty)
    }

    @Test(arguments: sources, Seeds.of(1, 2, 3, 4)) func manyCalls(_ source: Source, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var reader = try Sample.read(source.header, source.format, columns: source.columns)
        var told: [Int: Int64] = [:]
        var costs: [CallKey: Int64] = [:]
        var rows = 0
        for _ in 0..<400 {
            let (number, cost) = (Int.random(in: 0..<40, using: &random), Int64.random(in: 1...4, using: &random))
            told[number] = cost * 1_000_000
            rows += 1
            Self.read(source.row(number, String(cost)), &reader)
            if Int.random(in: 0..<20, using: &random) == 0 { reader.finish(atEnd: Bool.random(using: &random)) }
            if Int.random(in: 0..<20, using: &random) == 0 { _ = Self.take(&reader, &costs) }
        }
        reader.finish(atEnd: true)
        _ = Self.take(&reader, &costs)
        #expect(costs.values.sorted() == told.values.sorted(), "seed \(seed)")
        #expect(reader.counters.rows == rows && Consistency.holds(reader.counters), "seed \(seed): \(reader.counters)")
        #expect(reader.takeErrors().isEmpty)
    }

    /// Rows of one call are added up; one of them alone is rerated.
    @Test(arguments: [false, true]) func rowsThatAreAddedUp(_ isGivenOut: Bool) throws {
        let columns = Self.sources[5].columns
        func row(_ second: Int, _ disposition: String, _ cost: String) -> String {
            let times = "2025-06-03 07:00:\(second),\(disposition == "ANSWERED" ? "2025-06-03 07:00:\(second)" : ""),"
            return "a,1,2,c,x,SIP/a-1,,Dial,,\(times)2025-06-03 07:00:\(second + 9),9,9,\(disposition),3,"
                + "\(Self.start).1,\(cost)\n"
        }
        var reader = try Sample.read(
            row(10, "NO ANSWER", "0.5") + row(20, "ANSWERED", "3"), .asterisk, columns: columns)
        var costs: [CallKey: Int64] = [:]
        if isGivenOut { #expect(Self.take(&reader, &costs) == 1 && costs.values.first == 3_500_000) }
        Self.read(row(20, "ANSWERED", "2") + row(10, "NO ANSWER", "0.25") + row(20, "ANSWERED", "2"), &reader)
        reader.finish(atEnd: true)
        _ = Self.take(&reader, &costs)
        #expect(Array(costs.values) == [2_250_000] && reader.counters.duplicates == 1)
        #expect(Consistency.holds(reader.counters))
    }

    /// A user that asks for the first row of an id gets it.
    @Test func theFirstRowIsKept() throws {
        var options = CDROptions()
        options.keep = .first
        var reader = try CDRReader(format: .csv, options: options, file: "f")
        let source = Self.sources[0]
        Self.read(source.header + source.row(1, "5"), &reader)
        reader.finish(atEnd: true)
        var costs: [CallKey: Int64] = [:]
        #expect(Self.take(&reader, &costs) == 1)
        Self.read(source.row(1, "4"), &reader)
        reader.finish(atEnd: true)
        #expect(Self.take(&reader, &costs) == 0 && reader.counters.duplicates == 1)
    }
}

extension String {
    fileprivate func replacingOccurrences(_ part: Character, _ other: Character) -> String {
        String(map { $0 == part ? other : $0 })
    }
}
