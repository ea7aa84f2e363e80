import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Details that a row has for finding its call: appended from its bytes they are those that are read as texts.
@Suite struct CDRDetailsTests {
    private static let names: [(CDRFormat, [String])] = [
        (.csv, ["id", "call_id", "calling", "called", "reason", "ip", "destination_ip", "from_tag", "note"]),
        (.freeswitchJSON, CDRFormat.freeswitchVariables), (.freeswitchCSV, CDRFormat.freeswitchExample),
        (.asterisk, CDRFormat.asteriskFixed + ["uniqueid"]), (.cgratesCSV, CDRFormat.cgratesFields),
        (.kamailioAcc, CDRFormat.kamailioAcc.defaultColumns),
    ]

    private static let texts = [
        "", "486", "Busy Here", "a\"b", "\"\"", "4930", "192.0.2.7", "192.0.2.7:5060", "[2001:db8::1]:5060", "gateway",
        "call@example.com", "tag-1", "ü", "4x", " ",
    ]

    /// A line of fields, some in quotes with doubled ones within, and where they are.
    private static func line(_ count: Int, _ random: inout SeededGenerator) throws -> (bytes: [UInt8], [CDRField]) {
        let cells = (0..<count).map { _ in
            let text = texts.randomElement(using: &random)!
            return "\"" + text.replacing("\"", with: "\"\"") + "\""
        }
        let bytes = Array(cells.joined(separator: ",").utf8)
        var fields: [CDRField] = []
        try CDRFieldSplitter.split(bytes.span, delimiter: .comma, into: &fields)
        return (bytes, fields)
    }

    @Test(arguments: Seeds.of(1, 2, 3)) func bytesAndTexts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var withTags = 0
        for _ in 0..<2_000 {
            let (format, names) = Self.names.randomElement(using: &random)!
            let places = CDRDetailPlaces(names: names, for: format)
            // Rows may be shorter than their layout.
            let count = Bool.random(using: &random) ? names.count : Int.random(in: 1...names.count, using: &random)
            let (bytes, fields) = try Self.line(count, &random)
            var list = CallDetailList()
            let index = places.append(bytes.span, fields, to: &list)
            let right = places.details(bytes.span, fields)
            // Only with a text or an address is it a detail.
            let isNone =
                right.callID + right.calling + right.called + right.reason == "" && right.source == nil
                && right.destination == nil
            #expect((index == CallDetailList.none) == isNone, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            if isNone { continue }
            #expect(list[Int(index)] == right, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            if right.fromTag != 0 { withTags += 1 }
        }
        #expect(withTags > 100)
    }

    /// A From tag tells the legs of one Call-ID apart, so it has to come with the call, by whichever way that is given.
    @Test func theFromTagOfACall() throws {
        let bytes = Array("tag-1".utf8)
        let tag = FromTag.hash(bytes.span, 0..<bytes.count)
        for row in ["1,c,192.0.2.1,tag-1,1795168800,5\n", "1,\"c\"\"d\",192.0.2.1,\"tag-1\",1795168800,5\n"] {
            var reader = try Sample.read("id,call_id,ip,from_tag,setup_at,talk\n" + row, .csv)
            let batch = reader.takeRecords()
            #expect(batch.details[Int(batch.detail[0])].fromTag == tag, "\(row)")
        }
        let document =
            #"{"variables":{"uuid":"1","sip_call_id":"c","sip_from_tag":"tag-1","start_epoch":"1748934029","#
            + #""end_epoch":"1748934040"}}"#
        var reader = try Sample.read(document, .freeswitchJSON)
        let batch = reader.takeRecords()
        #expect(batch.details[Int(batch.detail[0])].fromTag == tag)
    }
}
