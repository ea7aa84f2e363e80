import Foundation
import Testing

@testable import Terminal

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            (.null, "null"), (.bool(true), "true"), (.integer(.min), "-9223372036854775808"),
            (.unsigned(.max), "18446744073709551615"), (.number(0.1), "0.1"), (.number(40), "40"), (.number(-0.0), "0"),
            (.number(.nan), "null"), (.number(.infinity), "null"), (.number(1e300), "1e+300"), (.array([]), "[]"),
            (.object([.init("b", .integer(1)), .init("a", .array([.null]))]), #"{"b":1,"a":[null]}"#),
        ] as [(JSONValue, String)])
    func writesValues(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test(arguments: [
        ("say \"hi\" \\ there", #""say \"hi\" \\ there""#), ("a\nb\tc\r", #""a\nb\tc\r""#),
        ("\u{1B}[0m", #""\u001b[0m""#),
        ("\u{7F}\u{9B}", #""\u007f\u009b""#), ("\u{202E}", #""\u202e""#), ("\u{E0041}", #""\udb40\udc41""#),
        ("Ż日📞", "\"Ż日📞\""),
    ])
    func escapesTexts(text: String, json: String) {
        #expect(JSONValue.text(text).text == json)
    }

    @Test func everyCharacterReadsBack() throws {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value), value < 0x3100 || value > 0x1F000 || value % 97 == 0 else {
                continue
            }
            let written = Data(JSONValue.array([.text(String(scalar))]).text.utf8)
            let read = try JSONDecoder().decode([String].self, from: written)
            #expect(Array(read[0].unicodeScalars) == [scalar])
        }
    }

    @Test func dotsNest() {
        let value = JSONValue.object(
            JSONValue.nested([
                .init("name", .text("x")), .init("causes.busy", .integer(1)), .init("asr", .null),
                .init("causes.network", .integer(2)), .init("a.b.c", .integer(3)), .init("credit * 0.5", .integer(4)),
            ]))
        #expect(
            value.text
                == #"{"name":"x","causes":{"busy":1,"network":2},"asr":null,"a":{"b":{"c":3}},"credit * 0.5":4}"#)
    }
}
