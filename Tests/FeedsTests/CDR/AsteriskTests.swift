import CallEvents
import Testing

@testable import Feeds

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
            ["BUSY", "No Answer", "FAILED", "congestion", "UNKNOWN", "CANCEL", "LOST"].enumerated()
                .map { row($1, id: ",\"1748934000.\($0)\"", bill: 0) }.joined(), .asterisk)
        let batch = reader.takeRecords()
        #expect(batch.code == [486, 480, 503, 503, 0, 487, 0] && batch.q850 == [17, 19, 38, 34, 0, 0, 0])
        #expect(reader.counters.errors == 0 && reader.counters.warningsByName == [.disposition: 1])
        #expect(reader.takeWarnings().map(\.line) == [7])
        // One that was talked on was answered, whatever it is called.
        var answered = try Sample.read(row("FOUND", id: ",\"1748934000.1\"", bill: 5), .asterisk)
        #expect(answered.takeRecords().code == [200] && answered.counters.warningsByName == [.disposition: 1])
    }

    /// What integer columns of its databases and `CDR(disposition,u)` have.
    @Test func dispositionsAsNumbers() throws {
        var reader = try Sample.read(
            ["0", "1", "2", "4", "16", "32", "64"].enumerated()
                .map { row($1, id: ",\"1748934000.\($0)\"", bill: 0) }.joined()
                + row("8", id: ",\"1748934000.9\"", bill: 5), .asterisk)
        #expect(reader.takeRecords().code == [480, 480, 503, 486, 503, 487, 0, 200])
        #expect(reader.counters.warningsByName == [.disposition: 1])
    }

    /// The tables of its ODBC and PostgreSQL modules, exported with their header line.
    @Test func exportOfADatabase() throws {
        var reader = try Sample.read(
            """
            "calldate","clid","src","dst","dcontext","channel","duration","billsec","disposition","accountcode","uniqueid"
            "2025-06-03 07:00:00","x","1","2","c","PJSIP/trunk-00000001","20","15","ANSWERED","acc","1748934000.1"
            "2025-06-03 07:00:01","x","1","2","c","PJSIP/trunk-00000002","9","0","BUSY","acc","1748934001.2"

            """, .asterisk)
        let batch = reader.takeRecords()
        #expect(reader.counters.errors == 0 && batch.code == [200, 486] && batch.endMilliseconds == [20_000, 9_000])
        #expect(batch.setupMicros == [1_748_934_000_000_000, 1_748_934_001_000_000])
        #expect(batch.parties.map(\.account) == ["acc"] || batch.parties.map(\.account) == ["acc", "acc"])
    }

    /// FreeSWITCH's template `asterisk` has its hangup cause in the place of the disposition.
    @Test func causesOfFreeSwitchInTheirPlace() throws {
        var reader = try Sample.read(
            [("USER_BUSY", 0), ("ORIGINATOR_CANCEL", 0), ("NORMAL_CLEARING", 5), ("UNALLOCATED_NUMBER", 0)].enumerated()
                .map { row($1.0, id: ",\"8f5a-\($0)\",\"\"", bill: $1.1) }.joined(), .asterisk)
        let batch = reader.takeRecords()
        #expect(batch.code == [486, 487, 200, 404] && batch.q850 == [17, 0, 16, 1])
        #expect(reader.counters.warningsByName.isEmpty && reader.counters.errors == 0)
    }

    @Test func headerLineOfOtherColumns() throws {
        var reader = try Sample.read(
            "accountcode,uniqueid,start,end,disposition\n\"acc\",\"1748934000.1\",\"2025-06-03 07:00:00\","
                + "\"2025-06-03 07:00:09\",\"BUSY\"\n", .asterisk)
        #expect(reader.takeRecords().endMilliseconds == [9000])
    }

    /// The endpoint of a channel is the sender where the row has no other: between the first slash and the last hyphen.
    @Test(arguments: [
        ("PJSIP/alpha-trunk-00000078", "alpha-trunk"), ("SIP/a-1", "a"), ("SIP/ab-1", "ab"), ("SIP/-1", nil),
        ("SIP/a", nil), ("a-1", nil), ("SIP/", nil), ("/a-", "a"), ("SIP/a/b-1", "a/b"), ("-", nil), ("/", nil),
        ("SIP/a-", "a"), ("SIP/--1", "-"),
    ])
    func endpoints(channel: String, user: String?) throws {
        let columns = ["channel", "uniqueid", "start", "end", "disposition"]
        var reader = try Sample.read(
            "\(channel),1748934000.1,2025-06-03 07:00:00,2025-06-03 07:00:09,BUSY\n", .asterisk, columns: columns)
        #expect(reader.takeRecords().parties.map(\.sipUser) == [user], "\(channel)")
    }

    /// When its channel was created is told by its unique id, with or without the name of the system before it.
    @Test(arguments: [
        ("1748934000.1", 1_748_934_000), ("pbx-1748934000.1", 1_748_934_000), ("my-pbx-1748934000.23", 1_748_934_000),
        ("-1748934000.1", 1_748_934_000), ("pbx1748934000.1", nil), ("1748934000", nil), ("1748934000.", nil),
        (".1", nil), ("x.1", nil), ("", nil), ("1748934000.1x", nil), ("99999999999999999999.1", nil),
    ])
    func whenAChannelWasCreated(id: String, seconds: Int64?) {
        let bytes = Array(("9" + id + "9").utf8)
        let read = AsteriskLayouts.createdSeconds(CDRField(start: 1, end: bytes.count - 1), bytes.span)
        #expect(read == seconds, "\(id)")
    }

    /// Rows of one call, all with its unique id: carriers rung at once, and a record forked during the call.
    @Test func rowsOfOneCall() throws {
        let id = ",\"1748934000.1\""
        let forks = row("NO ANSWER", id: id, bill: 0) + row("ANSWERED", id: id, start: 1) + row("BUSY", id: id, bill: 0)
        var reader = try Sample.read(forks, .asterisk)
        var batch = reader.takeRecords()
        #expect(batch.code == [200] && batch.talkMilliseconds == [5000] && reader.counters.continued == 2)
        // The only talk is what it is said to be, though that is a second more than from answer to end.
        for rows in [[("NO ANSWER", 0), ("ANSWERED", 11)], [("ANSWERED", 11), ("NO ANSWER", 0)]] {
            reader = try Sample.read(rows.map { row($0.0, id: id, bill: $0.1) }.joined(), .asterisk)
            #expect(reader.takeRecords().talkMilliseconds == [11_000])
        }
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
