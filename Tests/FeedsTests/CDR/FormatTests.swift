import CallEvents
import Foundation
import Testing

@testable import Feeds

/// Oddities of each layout, written by hand.
@Suite struct FreeSwitchTests {
    private let row = [
        "Bob", "1", "2", "public", "2025-06-03 07:00:00", "", "2025-06-03 07:00:09", "9", "0", "USER_BUSY", "u1", "",
        "a",
        "", "",
    ].map { "\"\($0)\"" }.joined(separator: ",")

    @Test func quotesAndCommasInNamesAreNotEscaped() throws {
        for name in [#"Smith, John"#, #"Bob "Bobby" Lee"#, #"","#, #"a", b"#, "\"", ""] {
            var reader = try Sample.read(row.replacing("Bob", with: name) + "\n", .freeswitchCSV)
            #expect(reader.counters.calls == 1, "\(name)")
            #expect(reader.takeRecords().parties.map(\.account) == ["a"], "\(name)")
        }
    }

    @Test func templateWithUnquotedFields() throws {
        var reader = try Sample.read(
            "u1,\"a\",1748934029,0,1748934040,USER_BUSY,17\n", .freeswitchCSV,
            columns: [
                "uuid", "accountcode", "start_epoch", "answer_epoch", "end_epoch", "hangup_cause", "hangup_cause_q850",
            ])
        let batch = reader.takeRecords()
        #expect(batch.endMilliseconds == [11_000] && batch.code == [486] && batch.q850 == [17])
    }

    @Test func bothLegsWithoutDirection() throws {
        let aLeg = row.replacing(#""u1","""#, with: #""u1","b1""#)
        let bLeg = row.replacing("u1", with: "b1")
        for rows in [[aLeg, bLeg], [bLeg, aLeg], [bLeg, aLeg, bLeg, aLeg]] {
            var reader = try Sample.read(rows.joined(separator: "\n"), .freeswitchCSV)
            #expect(reader.takeRecords().count == 1)
            #expect(reader.counters.calls == 1 && reader.counters.notCalls >= 1)
            #expect(Consistency.holds(reader.counters))
        }
    }

    @Test func bothLegsWithDirection() throws {
        var reader = try Sample.read(
            "inbound,u1,1748934029,1748934040\noutbound,u2,1748934029,1748934040\n", .freeswitchCSV,
            columns: ["direction", "uuid", "start_epoch", "end_epoch"])
        #expect(reader.takeRecords().count == 1 && reader.counters.notCalls == 1)
    }

    @Test func exampleTemplateWithTheSwitchesAddress() throws {
        var reader = try Sample.read("\"192.0.2.1\"," + row + "\n", .freeswitchCSV)
        let batch = reader.takeRecords()
        #expect(batch.parties.map(\.account) == ["a"] && batch.parties[0].source == nil && batch.code == [486])
    }

    @Test func callerNumberNamesTheSenderOnlyWhereNothingElseDoes() throws {
        var reader = try Sample.read(
            row + "\n" + row.replacing(#""a""#, with: "\"\"").replacing("u1", with: "u2"),
            .freeswitchCSV)
        let parties = reader.takeRecords().parties
        #expect(parties == [Party(account: "a"), Party(sipUser: "1")])
    }

    @Test func clockSetBackIsTalkOfZero() throws {
        var reader = try Sample.read(
            "u1,1748934029,1748934040,1748934035,-5\n", .freeswitchCSV,
            columns: ["uuid", "start_epoch", "answer_epoch", "end_epoch", "billsec"])
        let batch = reader.takeRecords()
        #expect(batch.talkMilliseconds == [0] && batch.answerMilliseconds == [6000] && batch.endMilliseconds == [6000])
    }

    @Test func headerLineOfAnotherTemplate() throws {
        let text =
            "uuid,accountcode,start_epoch,answer_epoch,end_epoch,hangup_cause\n"
            + "\"u1\",\"a\",\"1748934029\",\"0\",\"1748934040\",\"USER_BUSY\"\n"
        var reader = try Sample.read(text, .freeswitchCSV)
        let batch = reader.takeRecords()
        #expect(batch.endMilliseconds == [11_000] && batch.code == [486] && batch.parties.map(\.account) == ["a"])
        #expect(reader.counters.notCalls == 1 && reader.counters.errors == 0)
        // And where a former run stopped behind it.
        var resumed = try CDRReader(format: .freeswitchCSV, columns: [], timeZone: "UTC", file: "f")
        resumed.resume(reader.state)
        Array("\"u2\",\"a\",\"1748934029\",\"0\",\"1748934040\",\"USER_BUSY\"\n".utf8).withUnsafeBytes {
            resumed.read($0)
        }
        #expect(resumed.takeRecords().endMilliseconds == [11_000])
    }

    @Test func causesOfOtherProtocols() throws {
        for (cause, code) in [("sip:486", 486), ("q850:16", 404), ("404 Not Found", 404), ("", 404)] {
            var reader = try Sample.read(
                "u1,1748934029,1748934040,\(cause),1\n", .freeswitchCSV,
                columns: ["uuid", "start_epoch", "end_epoch", "proto_specific_hangup_cause", "hangup_cause_q850"])
            #expect(reader.takeRecords().code == [UInt16(code)], "\(cause)")
        }
    }

    @Test func documentsInEveryWrapping() throws {
        let plain =
            #"{"variables":{"uuid":"u%251","start_epoch":"1748934029","#
            + #""start_stamp":"2025-06-03%2007%3A00%3A29","accountcode":"50%25%20%C5%BB","#
            + #""end_epoch":"1748934030"}}"#
        let form = plain.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let base64 = Data(plain.utf8).base64EncodedString()
        let pretty = plain.replacing("{", with: "{\n\t").replacing(",", with: ",\n\t").replacing(":\"", with: " : \"")
        var keys: Set<CallKey> = []
        for text in [
            plain, plain + "\n", "cdr=" + form, "uuid=a_1&cdr=\(form)&x=1", base64, "cdr=" + base64, pretty,
            "[\(plain)]",
            "cdr=" + plain, "\u{FEFF}" + plain, "\u{1E}" + plain,
        ] {
            var reader = try Sample.read(text, .freeswitchJSON)
            let batch = reader.takeRecords()
            #expect(batch.parties.map(\.account) == ["50% Ż"], "\(text)")
            #expect(reader.counters.rows == 1, "\(text)")
            keys.formUnion(batch.key)
        }
        #expect(keys.count == 1)
    }

    @Test func valuesThatAreNotURLEncodedKeepTheirPercents() throws {
        var reader = try Sample.read(
            #"{"variables":{"uuid":"1","start_stamp":"2025-06-03 07:00:29","end_epoch":"1748934030","#
                + #""accountcode":"50%25"}}"#,
            .freeswitchJSON)
        #expect(reader.takeRecords().parties.map(\.account) == ["50%25"])
    }

    @Test func damagedDocumentsCostNoOther() throws {
        let good =
            #"{"variables":{"uuid":"ID","start_epoch":1748934029,"end_epoch":1748934030,"#
            + #""accountcode":"a\u00e9\ud83d\ude00"}}"#
        let one = good.replacing("ID", with: "1")
        let two = good.replacing("ID", with: "2")
        for damaged in [
            one.dropLast(3) + "\n", one.prefix(30) + "\n", "{\n \"a\": [\n", "garbage\n", "{\"variables\":7}\n", "{}\n",
            "{\"variables\":{\"uuid\":\"x\"\"y\"}}\n",
        ] {
            var reader = try Sample.read("\(one)\n\(damaged)\(two)\n", .freeswitchJSON)
            let batch = reader.takeRecords()
            #expect(batch.count == 2, "\(damaged)")
            #expect(batch.parties.map(\.account) == ["aé😀"])
            #expect(reader.counters.errors == 1 && reader.takeErrors().first?.line == 2, "\(damaged)")
        }
    }
}

@Suite struct AsteriskTests {
    private func row(_ disposition: String, id: String, tail: String = "", start: Int = 0, bill: Int = 5) -> String {
        let answer = disposition == "ANSWERED" ? "\"2025-06-03 07:00:1\(start)\"" : ""
        let caller = #""acc","1","2","c","""x, y"" <1>","PJSIP/my-trunk-00000001","","Dial","a,b","#
        let times = "\"2025-06-03 07:00:0\(start)\",\(answer),\"2025-06-03 07:00:2\(start)\",20,\(bill)"
        return caller + times + ",\"\(disposition)\",\"DOCUMENTATION\"\(id)\(tail)\n"
    }

    @Test func everyVariant() throws {
        for (id, tail) in [
            ("", ""), (",\"1748934000.1\"", ""), (",\"pbx1-1748934000.1\"", ",\"user\""), ("", ",\"user field\""),
            ("", ",\"peer\",\"1748934000.1\",7"), (",\"1748934000.1\"", ",\"peer\",\"1748934000.1\",7"),
            (",\"1748934000.1\"", ",\"u\",\"peer\",\"1748934000.1\",7"),
        ] {
            // Two carriers, and the second row delivered twice.
            let second = row("ANSWERED", id: id, tail: tail, start: 2)
            var reader = try Sample.read(row("FAILED", id: id, tail: tail) + second + second, .asterisk)
            let batch = reader.takeRecords()
            #expect(
                batch.count == 1 && reader.counters.continued == 1 && reader.counters.duplicates == 1, "\(id)\(tail)")
            #expect(batch.setupMicros == [1_748_934_000_000_000])
            #expect(batch.answerMilliseconds == [12_000] && batch.endMilliseconds == [22_000])
            #expect(batch.talkMilliseconds == [5000] && batch.code == [200])
            #expect(batch.parties == [Party(sipUser: "my-trunk", account: "acc")])
        }
        var reader = try Sample.read("\"a\",\"b\"\n", .asterisk)
        #expect(reader.takeErrors().map(\.name) == [.fields])
    }

    @Test func dispositions() throws {
        var reader = try Sample.read(
            ["BUSY", "NO ANSWER", "FAILED", "CONGESTION", "UNKNOWN", "LOST"].enumerated()
                .map { row($1, id: ",\"1748934000.\($0)\"") }.joined(), .asterisk)
        let batch = reader.takeRecords()
        #expect(batch.code == [486, 480, 503, 503, 0] && batch.q850 == [17, 19, 38, 34, 0])
        #expect(reader.takeErrors().map(\.name) == [.disposition])
    }

    @Test func headerLineOfOtherColumns() throws {
        var reader = try Sample.read(
            "accountcode,uniqueid,start,end,disposition\n\"acc\",\"1748934000.1\",\"2025-06-03 07:00:00\","
                + "\"2025-06-03 07:00:09\",\"BUSY\"\n", .asterisk)
        #expect(reader.takeRecords().endMilliseconds == [9000])
    }

    /// Rows of one call, all with its unique id: carriers rung at once, and a record forked during the call.
    @Test func rowsOfOneCall() throws {
        let id = ",\"1748934000.1\""
        let forks = row("NO ANSWER", id: id, bill: 0) + row("ANSWERED", id: id, start: 1) + row("BUSY", id: id, bill: 0)
        var reader = try Sample.read(forks, .asterisk)
        var batch = reader.takeRecords()
        #expect(batch.code == [200] && batch.talkMilliseconds == [5000] && reader.counters.continued == 2)
        // The second record begins where the first ends, or goes on beside it: never more than from answer to end.
        for (first, talk) in [(4, 9), (10, 10)] {
            let second = row("ANSWERED", id: id, bill: first == 4 ? 5 : 6).replacing("07:00:00", with: "07:00:14")
            reader = try Sample.read(row("ANSWERED", id: id, bill: first) + second, .asterisk)
            batch = reader.takeRecords()
            #expect(batch.talkMilliseconds == [UInt32(talk) * 1000], "\(first)")
        }
    }

    @Test func localChannelsAreNoCallsOfTheirOwn() throws {
        let tail = ",\"peer\",\"1748934000.1\",7"
        let outer = row("ANSWERED", id: ",\"1748934000.1\"", tail: tail)
        let inner = row("ANSWERED", id: ",\"1748934000.3\"", tail: tail).replacing("PJSIP/my-trunk", with: "Local/2@c")
        var reader = try Sample.read(outer + inner, .asterisk)
        #expect(reader.takeRecords().count == 1 && reader.counters.notCalls == 1)
        // One that a program set up is the only channel that its call has.
        let own = inner.replacing("1748934000.3", with: "1748934000.1")
        var originated = try Sample.read(own, .asterisk)
        #expect(originated.takeRecords().count == 1)
    }

    @Test func aLateRowOfACallGivenOutIsARepetition() throws {
        var text = row("FAILED", id: ",\"1748934000.1\"")
        for number in 0...CDRLimits.heldRows { text += row("BUSY", id: ",\"1748934001.\(number)\"") }
        text += row("ANSWERED", id: ",\"1748934000.1\"", start: 1)
        var reader = try Sample.read(text, .asterisk)
        #expect(reader.takeRecords().count == CDRLimits.heldRows + 2)
        #expect(reader.counters.duplicates == 1 && Consistency.holds(reader.counters))
    }

    @Test func followingHoldsACallOverOneEndOfARead() throws {
        var reader = try CDRReader(format: .asterisk, columns: [], timeZone: "UTC", file: "f")
        func read(_ text: String) {
            Array(text.utf8).withUnsafeBytes { reader.read($0) }
            reader.finish(atEnd: false)
        }
        read(row("FAILED", id: ",\"1748934000.1\""))
        #expect(reader.takeRecords().count == 0 && reader.resumeOffset == 0)
        read(row("ANSWERED", id: ",\"1748934000.1\"", start: 1))
        #expect(reader.takeRecords().talkMilliseconds == [5000])
        #expect(reader.resumeOffset > 0)
    }
}

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

    @Test func reratedRowsAndNumbersWithoutQuotes() throws {
        let row =
            #"{"RunID":"*default","ToR":"*voice","OriginID":"o1","Account":"a","#
            + #""SetupTime":"2025-06-03T07:00:15Z","AnswerTime":"0001-01-01T00:00:00Z","Usage":0,"#
            + #""PDD":1500000000,"DisconnectCause":486,"Cost":-1}"#
        var reader = try Sample.read(row + "\n" + row.replacing("-1", with: "0.5") + "\n", .cgratesJSON)
        let batch = reader.takeRecords()
        #expect(batch.ringMilliseconds == [1500] && batch.code == [486] && batch.costMicros.isEmpty)
        #expect(reader.counters.duplicates == 1)
    }
}

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
        #expect(batch.code == [200, 404] && batch.q850 == [16, 1] && batch.costMicros == [1, 0])
        #expect(batch.parties[0] == Party(source: IPAddress("2001:db8::5"), sipUser: "alice", account: "Acme, \"Ltd\""))
        #expect(batch.parties[1] == Party())
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
            #expect(reader.takeRecords().count == 2 && reader.counters.rows == 3 && reader.counters.errors == 0)
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
                #expect(reader.counters.rows == others + 3 && Consistency.holds(reader.counters))
            }
        }
        let unquoted = (0..<20).map { "\($0 + 10),a,1748934029,1748934030,note\n" }.joined()
        var reader = try Sample.read("id,account,setup_at,end_at,note\n" + stray + unquoted + stray + unquoted, .csv)
        #expect(
            reader.counters.calls == 20 && reader.counters.duplicates == 20
                && reader.takeErrors().map(\.line) == [2, 23])
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
