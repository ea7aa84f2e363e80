import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Members of JSON documents, written in any way in which they may be written.
@Suite struct JSONFieldsTests {
    private static let names = ["uuid", "a", "billsec", "start_stamp", "q\"x", "ä"]

    /// A text as a JSON string, each character as it is or escaped in one of its ways.
    private static func string(_ text: String, _ random: inout SeededGenerator) -> String {
        let short: [Unicode.Scalar: String] = [
            "\n": "n", "\t": "t", "\r": "r", "\u{8}": "b", "\u{C}": "f", "\"": "\"", "\\": "\\", "/": "/",
        ]
        var result = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            if let letter = short[scalar], mustEscape || Bool.random(using: &random) {
                result += "\\" + letter
            } else if mustEscape || Int.random(in: 0..<3, using: &random) == 0 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    let padded = String(repeating: "0", count: 4 - digits.count) + digits
                    result += "\\u" + (Bool.random(using: &random) ? padded : padded.uppercased())
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let parts = [
            "a", "é", "😀", "\"", "\\", "/", "\n", "\t", "\u{8}", "{", "}", "[", ",", ":", " ", "%41", "\u{1}", "u00e9",
        ]
        return (0..<Int.random(in: 0...5, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined()
    }

    private static func blank(_ random: inout SeededGenerator) -> String {
        ["", "", " ", "\t", "\r\n ", "  "].randomElement(using: &random)!
    }

    /// A value, and its text where it is one that is read; nil: it is none.
    private static func value(depth: Int, _ random: inout SeededGenerator) -> (json: String, text: String?) {
        switch Int.random(in: 0..<(depth < 3 ? 8 : 6), using: &random) {
        case 0..<3:
            let text = text(&random)
            return (string(text, &random), text)
        case 3:
            let number = ["0", "-1", "12.5", "1e-07", "1748934029"].randomElement(using: &random)!
            return (number, number)
        case 4: return (["true", "false"].map { ($0, $0) }).randomElement(using: &random)!
        case 5: return ("null", "")
        case 6:
            let values = (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth + 1, &random).json }
            return ("[" + values.joined(separator: "," + blank(&random)) + "]", nil)
        default: return (object(members(depth: depth + 1, &random).map { ($0.name, $0.json) }, &random), nil)
        }
    }

    private static func members(
        depth: Int, _ random: inout SeededGenerator
    ) -> [(name: String, json: String, text: String?)] {
        (names + ["other", "aa", "variables2", ""]).shuffled(using: &random).prefix(.random(in: 0...6, using: &random))
            .map { name in
                let value = value(depth: depth, &random)
                return (name, value.json, value.text)
            }
    }

    private static func object(_ members: [(String, String)], _ random: inout SeededGenerator) -> String {
        let texts = members.map { name, json in
            // Names are compared as they are written, so they are written plainly.
            let plain = name.replacing("\"", with: "\\\"")
            return blank(&random) + "\"\(plain)\"" + blank(&random) + ":" + blank(&random) + json + blank(&random)
        }
        return "{" + texts.joined(separator: ",") + blank(&random) + "}"
    }

    @Test(arguments: Seeds.of(1, 2, 3)) func whatWasWrittenIsRead(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let wanted = Self.names.map { $0.replacing("\"", with: "\\\"") }
        for step in 0..<1_500 {
            let members = Self.members(depth: 0, &random)
            let inner = Self.object(members.map { ($0.name, $0.json) }, &random)
            let isWithin = Bool.random(using: &random)
            let others = Self.members(depth: 1, &random).map { ($0.name, $0.json) }
            let document = isWithin ? Self.object(others + [("variables", inner)] + others, &random) : inner
            let bytes = Array(document.utf8)
            var json = JSONFields(names: wanted, within: isWithin ? "variables" : nil)
            var fields: [CDRField] = []
            try json.read(bytes.span, into: &fields)
            for (index, name) in Self.names.enumerated() {
                let text = members.first { $0.name == name }?.text ?? ""
                let read = String(decoding: json.bytes[fields[index].range], as: UTF8.self)
                #expect(read == text, "seed \(seed): \(name) of \(document)")
            }
            // Cut anywhere it is no document.
            for cut in 0..<bytes.count where !isWithin && step < 50 {
                var part: [CDRField] = []
                let shorter = Array(bytes[..<cut])
                #expect(throws: RowFault.self) { try json.read(shorter.span, into: &part) }
            }
        }
    }

    /// Half of a pair, the wrong half, and pairs at the end: one unknown character each, and never an error.
    @Test(arguments: [
        (#"\ud83d\ude00"#, "😀"), (#"x\ud83d\ude00"#, "x😀"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00"#, "\u{FFFD}"),
        (#"\ud83dx"#, "\u{FFFD}x"), (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\n"#, "\u{FFFD}\n"),
        (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"), (#"\uD83D\uDE00\ud83d\ude00"#, "😀😀"), (#"\udbff\udfff"#, "\u{10FFFF}"),
        (#"\ud800\udc00"#, "\u{10000}"), (#"\ud7ff"#, "\u{D7FF}"), (#"\ue000"#, "\u{E000}"),
    ])
    func surrogates(escaped: String, text: String) throws {
        let bytes = Array(#"{"a":"\#(escaped)"}"#.utf8)
        var json = JSONFields(names: ["a"], within: nil)
        var fields: [CDRField] = []
        try json.read(bytes.span, into: &fields)
        #expect(String(decoding: json.bytes[fields[0].range], as: UTF8.self) == text)
    }

    @Test(arguments: [#"\u12"#, #"\u12g4"#, #"\x"#, #"\ud83d\u12"#]) func brokenEscapes(escaped: String) {
        let bytes = Array(#"{"a":"\#(escaped)"}"#.utf8)
        var json = JSONFields(names: ["a"], within: nil)
        var fields: [CDRField] = []
        #expect(throws: RowFault.self) { try json.read(bytes.span, into: &fields) }
    }

    /// Escapes of form encoding, whole, cut and broken, at the end of a value and before it.
    @Test(arguments: [
        ("a%41", "aA"), ("%41", "A"), ("%4", "%4"), ("%", "%"), ("%g1x", "%g1x"), ("%41%42c", "ABc"), ("a%2", "a%2"),
        ("%%41", "%A"), ("%c3%A9", "é"),
    ])
    func percents(value: String, text: String) throws {
        let bytes = Array(#"{"a":"\#(value)","b":"41"}"#.utf8)
        var json = JSONFields(names: ["a", "b"], within: nil)
        var fields: [CDRField] = []
        try json.read(bytes.span, into: &fields)
        json.decodePercent(&fields)
        #expect(fields.map { String(decoding: json.bytes[$0.range], as: UTF8.self) } == [text, "41"])
    }

    /// So deep and so long a document is read, and no deeper or longer one.
    @Test func borders() throws {
        for depth in [CDRLimits.jsonDepth, CDRLimits.jsonDepth + 1] {
            let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let reader = try Sample.read(
                #"{"variables":{"x":\#(nested),"uuid":"1","start_epoch":"1748934029","end_epoch":"1748934030"}}"#
                    + "\n",
                .freeswitchJSON)
            #expect(reader.counters.calls == (depth == CDRLimits.jsonDepth ? 1 : 0))
            #expect(reader.counters.errorsByName == (depth == CDRLimits.jsonDepth ? [:] : [.json: 1]))
        }
        let (start, end) = (
            #"{"variables":{"uuid":"1","start_epoch":"1748934029","end_epoch":"1748934030","note":""#, "\"}}"
        )
        for length in [CDRLimits.documentBytes, CDRLimits.documentBytes + 1] {
            let note = [UInt8](repeating: 120, count: length - start.utf8.count - end.utf8.count)
            let next = start.replacing("\"1\"", with: "\"2\"") + end
            let bytes = Array(start.utf8) + note + Array((end + "\n" + next + "\n").utf8)
            var reader = try Sample.read(bytes, .freeswitchJSON, piece: 1 << 20)
            let isWhole = length == CDRLimits.documentBytes
            #expect(reader.counters.calls == (isWhole ? 2 : 1) && Consistency.holds(reader.counters))
            #expect(reader.takeErrors().map(\.name) == (isWhole ? [] : [.longLine]))
        }
    }
}
