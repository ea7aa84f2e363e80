import CallEvents
import Foundation
import Testing

@testable import Feeds

/// What cannot be is an error with a name, and no call.
@Suite struct NonsenseTests {
    @Test func whatCannotBeIsNamed() throws {
        let header = "id,setup_at,duration,talk,cost,pdd_ms,code\n"
        for (row, name) in [
            ("1,1748934029,-5,,,,486", CDRErrorName.negative), ("1,1748934029,5,-1,,,200", .negative),
            ("1,1748934029,5,,,-20,486", .negative), ("1,1748934029,5,30,,,200", .talk),
            ("1,1748934029,5,,,9000,486", .pdd), ("1,1748934029,5,2,,9000,200", .pdd),
        ] {
            var reader = try Sample.read(header + row + "\n", .csv)
            let error = try #require(reader.takeErrors().first, "\(row)")
            #expect(error.name == name && error.line == 2, "\(row): \(error)")
            #expect(reader.takeRecords().count == 0 && reader.counters.rows == 1 && Consistency.holds(reader.counters))
        }
        // Rounding is no nonsense.
        var reader = try Sample.read(header + "1,1748934029,5,6,,,200\n2,1748934029,5,4.9,0,5900,200\n", .csv)
        #expect(reader.takeRecords().count == 2 && reader.counters.errors == 0)
    }

    /// Columns that are rounded differently do not contradict each other: by a second, by two with two stamps.
    @Test(arguments: ["talk", "pdd"]) func bordersOfContradictions(column: String) throws {
        for (length, value, isRead) in [
            ("duration", "6", true), ("duration", "6.000001", false), ("end_at", "7", true),
            ("end_at", "7.000001", false),
        ] {
            let end = length == "duration" ? "5" : "1748934034"
            var reader = try Sample.read(
                "id,setup_at,\(length),\(column)\n1,1748934029,\(end),\(value)\n", .csv)
            let name = column == "talk" ? CDRErrorName.talk : .pdd
            #expect(reader.takeErrors().map(\.name) == (isRead ? [] : [name]), "\(length), \(value)")
        }
    }

    /// Times that run backwards by less than an hour are a clock that was set; a call lasts less than 2^32 ms.
    @Test func bordersOfTimes() throws {
        let start = 1_748_934_029
        for (answer, end, milliseconds) in [
            ("", "\(start - 3_600)", 0), ("", "\(start - 3_601).999999", nil), ("\(start - 3_600)", "\(start)", 0),
            ("\(start - 3_601)", "\(start)", nil), ("", "\(start + 4_294_967).2934", 4_294_967_293),
            ("", "\(start + 4_294_967).2935", nil), ("", "\(start).0004", 0), ("", "\(start).0005", 1),
        ] as [(String, String, Int64?)] {
            var reader = try Sample.read("setup_at,answer_at,end_at\n\(start),\(answer),\(end)\n", .csv)
            let batch = reader.takeRecords()
            #expect(batch.endMilliseconds.map(Int64.init) == (milliseconds.map { [$0] } ?? []), "\(answer), \(end)")
            #expect(reader.takeErrors().map(\.name) == (milliseconds == nil ? [.timeOrder] : []), "\(answer), \(end)")
        }
    }

    /// What a message shows of a field is its beginning, and it says so.
    @Test func excerptsOfErrors() throws {
        for (character, count) in [("x", 39), ("x", 40), ("x", 41), ("😀", 40), ("😀", 41), ("é", 40), ("é", 41)] {
            let text = String(repeating: character, count: count)
            var reader = try Sample.read("id,setup_at,end_at\n1,\(text),2\n", .csv)
            let message = try #require(reader.takeErrors().first).message
            let shown = String(repeating: character, count: min(count, 40)) + (count > 40 ? "..." : "")
            #expect(message.contains("setup_at is \"\(shown)\""), "\(message)")
        }
    }

    /// FreeSWITCH takes the time of the answer from that of the end (`switch_channel_set_timestamps`), so a clock that
    /// was set back in the call gives a talk time below zero: how long the call was is not known.
    @Test func talkBelowZeroOfFreeSwitch() throws {
        let call =
            #"{"variables":{"uuid":"1","start_uepoch":"1748934029000000","answer_uepoch":"1748934031000000","#
            + #""end_uepoch":"1748934030000000","duration":"1","billsec":"-1","billusec":"-1000000"}}"# + "\n"
        var reader = try Sample.read(call, .freeswitchJSON)
        let error = try #require(reader.takeErrors().first)
        #expect(error.name == .negative && error.message.contains("billusec") && error.message.contains("clock"))
        #expect(reader.takeRecords().count == 0)
    }

    @Test func talkLongerThanFromSetupToEnd() throws {
        var reader = try Sample.read("id,setup_at,end_at,talk\n1,1748934029,1748934034,30\n", .csv)
        #expect(reader.takeErrors().map(\.name) == [.talk] && reader.takeRecords().count == 0)
    }

    /// A bar chosen by a caller: never a customer, a code or a time from another field than its own.
    @Test func barsDoNotWriteIntoOtherFields() throws {
        let end = "|OK|1795168800|198.51.100.95|u|1|1\n"
        for row in [
            "INVITE|f|t|x|200|486" + end, "INVITE|f|t|c|486|OK|1795168800|198.51.100.95|1795168801|192.0.2.1|u|1|1\n",
            "INVITE|f|t|x|200|OK|1795168801|192.0.2.1|486" + end, "INVITE|f|t|c|486|no|200" + end,
            "INVITE|f|t|c|486|OK|1795168800|198.51.100.95|u|v|1|1\n",
        ] {
            var reader = try Sample.read(row, .kamailioAcc)
            #expect(reader.takeErrors().map(\.name) == [.fields] && reader.takeEvents().count == 0, "\(row)")
        }
        var reader = try Sample.read("INVITE|f|t|a|b|c|d|486|Busy|here|so" + end.dropFirst(3), .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(batch.code == [0, 486] && batch.parties.map(\.source) == [IPAddress("198.51.100.95")])
    }

    /// Bars in a Call-ID, in a reason or in both: joined where one reading is possible, refused where more are.
    @Test func barsInEitherField() throws {
        let columns = ["method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time", "src_ip"]
        for (id, code, reason, isClear) in [
            ("a", 486, "Busy", true), ("a|b", 486, "Busy", true), ("a|b|c", 486, "Busy", true),
            ("a", 486, "Busy|here", true), ("a|b", 486, "Busy|here|so", true), ("a|486", 486, "Busy", false),
            ("a", 486, "486|x", false), ("a|1795168801", 486, "Busy", true), ("", 486, "Busy|x", true),
        ] {
            let row = "INVITE|f|t|\(id)|\(code)|\(reason)|1795168800|198.51.100.95\n"
            var reader = try Sample.read(row, .kamailioAcc, columns: columns)
            let (batch, errors) = (reader.takeEvents(), reader.takeErrors().map(\.name))
            if id.isEmpty {
                #expect(errors == [.missingKey], "\(row)")
            } else {
                #expect(errors == (isClear ? [] : [.fields]) && batch.code == (isClear ? [0, 486] : []), "\(row)")
            }
            if isClear, !id.isEmpty {
                #expect(batch.details[Int(batch.detail[0])].callID == id, "\(row)")
                #expect(batch.details[Int(batch.detail[1])].reason == reason, "\(row)")
            }
        }
        // Without a reason all bars are the Call-ID's, whatever stands between them.
        let short = columns.filter { $0 != "sip_reason" }
        for id in ["a", "a|b", "a|486", "486|486|486", "a|b|200", "|"] {
            var reader = try Sample.read(
                "INVITE|f|t|\(id)|486|1795168800|198.51.100.95\n", .kamailioAcc, columns: short)
            let batch = reader.takeEvents()
            #expect(batch.code == [0, 486], "\(id): \(reader.takeErrors())")
            if batch.count > 0 { #expect(batch.details[Int(batch.detail[0])].callID == id) }
        }
    }

    @Test func loopbackHalves() throws {
        let call = { (more: String) in
            #"{"variables":{"uuid":"1","direction":"inbound","start_epoch":"1748934029","end_epoch":"1748934030""#
                + more + "}}\n"
        }
        for more in [
            #","loopback_leg":"B""#, #","channel_name":"loopback/1-b""#, #","is_loopback":"true""#,
            #","channel_name":"loopback%2F1-b","start_stamp":"2025-06-03%2007%3A00%3A29""#,
        ] {
            var reader = try Sample.read(call(more), .freeswitchJSON)
            #expect(reader.takeRecords().count == 0 && reader.counters.notCalls == 1, "\(more)")
        }
        var own = try Sample.read(call(#","is_loopback":"1","sip_network_ip":"192.0.2.1""#), .freeswitchJSON)
        #expect(own.takeRecords().count == 1)
    }

    @Test func bareQuotesInPostedValues() throws {
        for name in [#""Anna, Post" <1>"#, #"""#, #"a "b" c"#, #""Anna": x"#, "plain"] {
            let body =
                #"{"variables":{"uuid":"1","start_stamp":"2025-06-03 07:00:29","end_epoch":"1748934030","#
                + #""caller_id":"\#(name)","accountcode":"acc","list":[{"a":1},{"b":"c"}]}}"#
            let encoded = body.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            var reader = try Sample.read("cdr=" + encoded + "\n", .freeswitchJSON)
            #expect(reader.takeRecords().parties.map(\.account) == ["acc"], "\(name): \(reader.takeErrors())")
        }
    }
}
