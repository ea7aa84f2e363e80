import CallEvents
import Testing

@testable import Feeds

/// Any CSV with a header line or named columns.
@Suite struct GenericTests {
    @Test func documentedColumns() throws {
        var reader = try Sample.read(
            #"""
            ID,Customer,IP,Sip_User,Setup_At,Ring_At,Answer_At,End_At,Talk,Code,Q850,Cost,note
            1,"Acme, ""Ltd""",2001:db8::5,alice,1748934029.250,1748934030.5,1748934031.25,1748934041.75,10.5,,16,0.000001,x
            2,,,,2025-06-03T07:00:29Z,,,2025-06-03T07:00:30Z,,404,1,,

            """#, .csv)
        let batch = reader.takeRecords()
        #expect(batch.setupMicros == [1_748_934_029_250_000, 1_748_934_029_000_000])
        #expect(batch.ringMilliseconds == [1250, CallRecordBatch.never])
        #expect(batch.answerMilliseconds == [2000, CallRecordBatch.never])
        #expect(batch.endMilliseconds == [12_500, 1000] && batch.talkMilliseconds == [10_500, CallRecordBatch.never])
        #expect(
            batch.code == [200, 404] && batch.q850 == [16, 1] && batch.costMicros == [1, CallRecordBatch.untoldCost])
        #expect(batch.parties[0] == Party(source: IPAddress("2001:db8::5"), sipUser: "alice", account: "Acme, \"Ltd\""))
        #expect(batch.parties[1] == Party())
    }

    /// Yate's `cdrfile`: a row a leg, of which the outgoing one is another leg of the call.
    @Test func rowsOfYate() throws {
        var reader = try Sample.read(
            """
            1748934029.125\t5-1\tsip/1\t192.0.2.7:5060\t1000\t4420\t30.500\t4.000\t35.250\tincoming\tanswered\t
            1748934029.150\t5-1\tsip/2\t203.0.113.9:5060\t1000\t4420\t30.500\t4.000\t35.225\toutgoing\tanswered\t
            1748934030.000\t5-2\tsip/3\t192.0.2.7:5060\t1000\t4421\t0.000\t2.000\t2.500\tincoming\tbusy\tbusy

            """, .csv,
            columns: [
                "setup_at", "billid", "chan", "ip", "caller", "called", "billtime", "ringtime", "duration", "direction",
                "disposition", "reason",
            ])
        let batch = reader.takeRecords()
        #expect(reader.counters.errors == 0 && reader.counters.notCalls == 1)
        #expect(batch.code == [200, 486] && batch.endMilliseconds == [35_250, 2_500])
        #expect(batch.talkMilliseconds == [30_500, CallRecordBatch.never] || batch.talkMilliseconds == [30_500, 0])
        #expect(batch.parties.allSatisfy { $0.source == IPAddress("192.0.2.7") && $0.claims?.sourcePort == 5060 })
    }

    @Test func semicolonsDurationsAndDelay() throws {
        var reader = try Sample.read(
            "id;account;setup_at;duration_ms;talk_ms;pdd_ms\nx;a;1748934029000;9000;4000;1500\n", .csv)
        let batch = reader.takeRecords()
        #expect(
            batch.answerMilliseconds == [5000] && batch.endMilliseconds == [9000] && batch.ringMilliseconds == [1500])
    }

    /// Semicolons, tabs or bars in place of commas, with a header line or with named columns, and after a restart.
    @Test(arguments: [";", "\t", "|", ","]) func delimiters(mark: String) throws {
        let names = ["id", "account", "setup_at", "end_at", "talk", "cost"]
        let line = { (fields: [String]) in fields.joined(separator: mark) + "\n" }
        let decimals = mark == "," ? ["4.5", "0.25"] : ["4,5", "0,25"]
        let row = line(["x", "a", "1748934029", "1748934039"] + decimals)
        for (text, columns) in [(line(names) + row, []), (row, names)] {
            var reader = try Sample.read(text, .csv, columns: columns)
            let batch = reader.takeRecords()
            #expect(batch.talkMilliseconds == [4500] && batch.costMicros == [250_000], "\(text)")
        }
        var resumed = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "f")
        resumed.resume(try Sample.read(line(names), .csv).state)
        Array(row.utf8).withUnsafeBytes { resumed.read($0) }
        resumed.finish(atEnd: true)
        #expect(resumed.takeRecords().count == 1)
    }

    @Test func blanksAndNothing() throws {
        var reader = try Sample.read(
            "id, account , setup_at, answer_at, end_at, code\n x , \"a b\" , 1748934029 , NULL, 1748934030 ,\\N\n", .csv
        )
        let batch = reader.takeRecords()
        #expect(batch.parties.map(\.account) == ["a b"] && batch.endMilliseconds == [1000] && batch.code == [0])
        #expect(batch.answerMilliseconds == [CallRecordBatch.never])
    }

    @Test func lineBreaksWithinQuotes() throws {
        let header = "id,account,setup_at,end_at,note\n"
        let row = "1,a,1748934029,1748934030,\"first\r\nsecond, \"\"third\"\"\n\n last\"\r\n"
        let text = header + row + row.replacing("1,a", with: "2,a")
        for piece in [1, 3, 50, Int.max] {
            var reader = try Sample.read(Array(text.utf8), .csv, piece: piece)
            #expect(reader.takeRecords().count == 2 && reader.counters.rows == 2 && reader.counters.errors == 0)
            #expect(reader.state.offset == Int64(text.utf8.count) && reader.state.lines == 9)
        }
    }

    /// A quote too many costs its own line and no other.
    @Test func aQuoteThatIsNotClosed() throws {
        let good = { (id: Int) in "\(id),a,1748934029,1748934030,\"note\"\n" }
        let stray = "7,\"a,1748934029,1748934030,note\n"
        for others in 0...12 {
            let after = (0..<others).map { good($0 + 10) }.joined()
            let text = "id,account,setup_at,end_at,note\n" + good(1) + stray + after
            for piece in [1, 40, Int.max] {
                var reader = try Sample.read(Array(text.utf8), .csv, piece: piece)
                #expect(reader.takeRecords().count == others + 1, "\(others)")
                let errors = reader.takeErrors()
                #expect(errors.map(\.name) == [.quote] && errors.map(\.line) == [3], "\(others)")
                #expect(reader.counters.rows == others + 2 && Consistency.holds(reader.counters))
            }
        }
        let unquoted = (0..<20).map { "\($0 + 10),a,1748934029,1748934030,note\n" }.joined()
        var reader = try Sample.read("id,account,setup_at,end_at,note\n" + stray + unquoted + stray + unquoted, .csv)
        #expect(
            reader.counters.calls == 20 && reader.counters.duplicates == 20
                && reader.takeErrors().map(\.line) == [2, 23])
    }

    /// Lines behind a stray quote are read by themselves: calls and errors have their own places in the file.
    @Test func placesBehindAStrayQuote() throws {
        for (bad, quote) in (0...12).flatMap({ [($0, ""), ($0, "\"")] }) {
            var (text, offsets, lines) = ("id,account,setup_at,end_at,note\n", [Int64](), [UInt32]())
            for number in 0...14 {
                let isGood = number != 1 && number != bad + 2
                if isGood {
                    offsets.append(Int64(text.utf8.count))
                    lines.append(UInt32(number + 2))
                }
                let time = number == bad + 2 ? "soon" : "1748934029"
                let note = number == 1 ? "note" : quote + "note" + quote
                text += "\(number),\(number == 1 ? "\"" : "")a,\(time),1748934030,\(note)\n"
            }
            for piece in [1, 40, Int.max] {
                var reader = try Sample.read(Array(text.utf8), .csv, piece: piece)
                #expect(reader.takeErrors().map(\.line) == [3, bad + 4], "\(bad)")
                #expect(reader.recordLines == lines, "\(bad)")
                let (batch, places) = reader.takePlacedRecords()
                #expect(batch.count == 13 && places == offsets, "\(bad)")
            }
        }
    }

    @Test func withoutIdentityEveryRowCounts() throws {
        let row = "a,1748934029,1748934030\n"
        var reader = try Sample.read(row + row, .csv, columns: ["account", "setup_at", "end_at"])
        #expect(reader.takeRecords().key == [.none, .none])
    }

    @Test func everyErrorIsNamedWithItsPlace() throws {
        let header = "id,account,ip,setup_at,answer_at,end_at,talk,code\n"
        let cases: [(String, CDRErrorName)] = [
            ("1,a,,1748934029,,1748934030,", .fields), ("1,\"a,,1748934029,,1748934030,,", .quote),
            ("1,\"a\"b,,1748934029,,1748934030,,", .quote), (",a,,1748934029,,1748934030,,", .missingKey),
            ("1,a,,,,1748934030,,", .missingTime), ("1,a,,soon,,1748934030,,", .time),
            ("1,a,,1748934029,,1748920030,,", .timeOrder), ("1,a,,1748934029,,1758934029,,", .timeOrder),
            ("1,a,,1748934029,,1748934030,x,", .number), ("1,a,,1748934029,,1748934030,,99", .number),
            ("1,a,300.0.0.1,1748934029,,1748934030,,", .address),
        ]
        for (row, name) in cases {
            var reader = try Sample.read(header + row + "\n", .csv)
            let error = try #require(reader.takeErrors().first, "\(row)")
            #expect(error.name == name && error.line == 2 && error.file == "sample", "\(row)")
            #expect(!error.description.contains("\n") && error.message.contains("; "), "\(error)")
            #expect(reader.takeRecords().count == 0 && Consistency.holds(reader.counters))
        }
        var latin = try Sample.read(
            Array((header + "1,M").utf8) + [0xFC] + Array("ller,,1748934029,,1748934030,,\n".utf8), .csv)
        #expect(latin.takeErrors().map(\.name) == [.encoding])
        var none = try Sample.read("1,2,3\n4,5,6\n", .csv)
        #expect(none.takeErrors().map(\.name) == [.header, .header])
    }

    @Test func controlCharactersAreNotRepeatedInErrors() throws {
        var reader = try Sample.read("id,setup_at,end_at\n1,\u{1B}[31m\u{202E}red,2\n", .csv)
        let message = try #require(reader.takeErrors().first).message
        #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    }

    @Test func errorsAreBoundedAndAllCounted() throws {
        var reader = try Sample.read(
            "id,setup_at,end_at\n" + String(repeating: "1,x,2\n", count: 3 * CDRLimits.errorsKept), .csv)
        #expect(reader.takeErrors().count == CDRLimits.errorsKept)
        #expect(reader.counters.errorsByName == [.time: 3 * CDRLimits.errorsKept])
    }

    @Test func columnsThatCannotDescribeACallAreRefused() {
        #expect(throws: CDRUsageError.self) {
            try CDRReader(format: .csv, columns: ["id", "end_at"], timeZone: "UTC", file: "f")
        }
        #expect(throws: CDRUsageError.self) {
            try CDRReader(format: .kamailioAcc, columns: ["method", "callid", "time"], timeZone: "UTC", file: "f")
        }
    }
}
