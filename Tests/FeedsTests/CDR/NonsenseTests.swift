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
