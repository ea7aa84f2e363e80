import CallEvents
import Foundation
import Testing

@testable import Feeds

/// Oddities of FreeSWITCH's layouts, written by hand.
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

    /// The templates `snom` and `sql` that it ships have a blank behind a comma.
    @Test func blanksBehindCommas() throws {
        let columns = CDRFormat.freeswitchExample.dropLast(2) + ["sip_user_agent"]
        for name in ["Bob", #"Smith, John"#, #"Bob "Bobby" Lee"#, ""] {
            let line =
                #""\#(name)","1","2","public","2025-06-03 07:00:00","","2025-06-03 07:00:09","9","0","USER_BUSY","#
                + #""u1","", "a", "snom/1.0""#
            var reader = try Sample.read(line + "\n", .freeswitchCSV, columns: Array(columns))
            #expect(reader.counters.errors == 0, "\(reader.takeErrors())")
            #expect(reader.takeRecords().parties.map(\.account) == ["a"], "\(name)")
        }
        var mixed = try Sample.read(
            "u1, \"a, b\", 1748934029,1748934040\n", .freeswitchCSV,
            columns: ["uuid", "accountcode", "start_epoch", "end_epoch"])
        // A number with a blank before it is none.
        #expect(mixed.takeErrors().map(\.name) == [.time])
    }

    /// Delays instead of times: 0 for what was not.
    @Test func delaysOfTheRinging() throws {
        for (progress, media, milliseconds) in [
            ("1500", "0", 1500), ("0", "900", 900), ("2000", "900", 900), ("", "700", 700),
        ] {
            var reader = try Sample.read(
                "u1,1748934029,1748934033,1748934040,\(progress),\(media)\n", .freeswitchCSV,
                columns: [
                    "uuid", "start_epoch", "answer_epoch", "end_epoch", "progressmsec", "progress_mediamsec",
                ])
            #expect(reader.takeRecords().ringMilliseconds == [UInt32(milliseconds)], "\(progress) \(media)")
        }
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
        let columns = ["uuid", "start_epoch", "answer_epoch", "end_epoch", "billsec"]
        var refused = try Sample.read("u1,1748934029,1748934040,1748934035,-5\n", .freeswitchCSV, columns: columns)
        #expect(refused.takeErrors().map(\.name) == [.negative] && refused.takeRecords().count == 0)
        var reader = try Sample.read("u1,1748934029,1748934040,1748934035,0\n", .freeswitchCSV, columns: columns)
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
        #expect(reader.counters.rows == 1 && reader.counters.errors == 0)
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

    /// A plus in Base64 is a digit, and in a form a blank.
    @Test func plusSigns() throws {
        var hasPlus = false
        for padding in ["", "x", "xx"] {
            let plain =
                #"{"variables":{"uuid":"1","start_epoch":"1748934029","end_epoch":"1748934030","#
                + #""accountcode":"a b\#(padding)>>>"}}"#
            let base64 = Data(plain.utf8).base64EncodedString()
            hasPlus = hasPlus || base64.contains("+")
            let form = plain.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            for text in [base64, "cdr=" + base64, "cdr=" + form.replacing("%20", with: "+"), "cdr=" + form] {
                var reader = try Sample.read(text + "\n", .freeswitchJSON)
                #expect(reader.takeRecords().parties.map(\.account) == ["a b\(padding)>>>"], "\(text)")
            }
        }
        #expect(hasPlus)
    }

    /// It rings from the first of 180 and 183 on, in any order; 0 is neither.
    @Test(arguments: [
        ("1748934031", "1748934033", 2_000), ("1748934033", "1748934031", 2_000), ("0", "1748934033", 4_000),
        ("1748934033", "0", 4_000), ("1748934033", "1748934033", 4_000),
    ])
    func timesOfTheRinging(progress: String, media: String, milliseconds: Int) throws {
        var reader = try Sample.read(
            "u1,1748934029,\(progress),\(media),1748934040\n", .freeswitchCSV,
            columns: ["uuid", "start_epoch", "progress_epoch", "progress_media_epoch", "end_epoch"])
        #expect(reader.takeRecords().ringMilliseconds == [UInt32(milliseconds)])
    }

    /// Marks, blank lines and errors between documents, cut anywhere: the same calls, and errors in the same lines.
    @Test func documentsCutAnywhere() throws {
        let document = { (id: String) in
            #"{"variables":{"uuid":"\#(id)","start_epoch":"1748934029","end_epoch":"1748934030"}}"#
        }
        let text =
            "\u{FEFF}\n\n" + document("1") + "\n \n\n" + document("2").dropLast(2) + "\n" + document("3")
            + ",\n[\n\n" + document("") + "\n" + document("4") + "]\nrubbish\n\n" + document("5").dropLast()
        let bytes = Array(text.utf8)
        var whole = try Sample.read(bytes, .freeswitchJSON)
        let right = Everything(&whole)
        #expect(right.errors.map(\.line) == [6, 10, 12, 14] && right.counters.calls == 3, "\(right.errors)")
        for piece in 1...bytes.count {
            var cut = try Sample.read(bytes, .freeswitchJSON, piece: piece)
            #expect(Everything(&cut) == right, "pieces of \(piece)")
        }
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
