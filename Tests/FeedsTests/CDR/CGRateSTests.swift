import CallEvents
import Testing

@testable import Feeds

@Suite struct CGRateSTests {
    @Test func usageInEveryForm() throws {
        for (usage, milliseconds) in [
            ("9770457000", 9770), ("10s", 10_000), ("1m30.5s", 90_500), ("1h0m0.25s", 3_600_250), ("150ms", 150),
            ("-1", 0),
        ] {
            var reader = try Sample.read(
                "RunID,ToR,OriginID,Account,SetupTime,AnswerTime,Usage,Cost\n"
                    + "*default,*voice,o1,a,2025-06-03T07:00:15Z,2025-06-03T07:00:20Z,\(usage),0.0123456\n", .cgratesCSV
            )
            let batch = reader.takeRecords()
            #expect(batch.talkMilliseconds == [UInt32(milliseconds)], "\(usage)")
            #expect(batch.costMicros == [12_346] && batch.endMilliseconds == [UInt32(5000 + milliseconds)])
        }
    }

    /// Stamps are cut to whole seconds, delays are not.
    @Test func delayOfACallAnsweredWithinTheSecond() throws {
        var reader = try Sample.read(
            #"{"RunID":"*default","ToR":"*voice","OriginID":"o1","Account":"a","SetupTime":"2025-06-03T07:00:15Z","#
                + #""AnswerTime":"2025-06-03T07:00:17Z","Usage":"250000000","PDD":"2900000000"}"#, .cgratesJSON)
        let batch = reader.takeRecords()
        #expect(batch.ringMilliseconds == [2900] && batch.answerMilliseconds == [2900])
        #expect(batch.endMilliseconds == [2900] && batch.talkMilliseconds == [250])
    }

    /// A delay moves the answer by what the stamp was cut by, which is less than a second.
    @Test(arguments: [("2", 2_000), ("2.999999", 3_000), ("3", 2_000)])
    func bordersOfTheDelay(delay: String, answer: Int) throws {
        var reader = try Sample.read(
            "id,setup_at,answer_at,end_at,pdd\n1,1748934029,1748934031,1748934040,\(delay)\n", .csv)
        #expect(reader.takeRecords().answerMilliseconds == [UInt32(answer)])
    }

    /// JSON writes amounts below a millionth with an exponent.
    @Test func costsWithAnExponent() throws {
        let header = "RunID,ToR,OriginID,Account,SetupTime,AnswerTime,Usage,Cost\n"
        let cases: [(String, Int64?)] = [
            ("5e-07", 1), ("4.9e-07", 0), ("1.25e+02", 125_000_000), ("2E-5", 20), ("1e-300", 0), ("1e300", nil),
            ("e5", nil), ("1e", nil), ("1e-", nil),
        ]
        for (cost, micros) in cases {
            var reader = try Sample.read(
                header + "*default,*voice,o1,a,2025-06-03T07:00:15Z,2025-06-03T07:00:20Z,5s,\(cost)\n", .cgratesCSV)
            #expect(reader.takeRecords().costMicros == (micros.map { [$0] } ?? []), "\(cost)")
            #expect(reader.counters.errorsByName == (micros == nil ? [.number: 1] : [:]), "\(cost)")
        }
    }

    @Test func reratedRowsAndNumbersWithoutQuotes() throws {
        let row =
            #"{"RunID":"*default","ToR":"*voice","OriginID":"o1","Account":"a","#
            + #""SetupTime":"2025-06-03T07:00:15Z","AnswerTime":"0001-01-01T00:00:00Z","Usage":0,"#
            + #""PDD":1500000000,"DisconnectCause":486,"Cost":-1}"#
        var reader = try Sample.read(row + "\n" + row.replacing("-1", with: "0.5") + "\n", .cgratesJSON)
        let batch = reader.takeRecords()
        // A row that is rated later tells the cost of the same call.
        #expect(batch.ringMilliseconds == [1500, 1500] && batch.code == [486, 486] && batch.key[0] == batch.key[1])
        #expect(batch.costMicros == [CallRecordBatch.untoldCost, 500_000] && reader.counters.duplicates == 0)
    }
}
