import CallEvents
import Foundation
import Randomness
import Testing

@testable import Feeds

/// Numbers, causes, hashes and memories by themselves.
@Suite struct PartsTests {
    private func field(_ text: String, _ read: (Span<UInt8>, CDRField) -> Int64?) -> Int64? {
        let bytes = Array(text.utf8)
        return read(bytes.span, CDRField(start: 0, end: bytes.count))
    }

    @Test func decimalsAreExact() {
        let cases: [(String, Int64?)] = [
            ("0.0273", 27_300), ("1", 1_000_000), ("-0.5", -500_000), (".000001", 1), ("0.0000005", 1),
            ("0.00000049", 0),
            ("9223372036854.775807", .max), ("9223372036854.775808", nil), ("1e3", nil), ("", nil), (".", nil),
            ("1.2.3", nil),
            ("--1", nil), ("1 ", nil), ("12.", 12_000_000),
        ]
        for (text, value) in cases {
            #expect(field(text) { CDRNumber.fixed($0, $1, places: 6) } == value, "\(text)")
        }
    }

    @Test func decimalsAgreeWithFoundationOnRandomInput() throws {
        for seed in Seeds.fixed(1...500) {
            var generator = SeededGenerator(seed: seed)
            let whole = Int64.random(in: 0...1_000_000_000, using: &generator)
            let digits = Int.random(in: 1...6, using: &generator)
            let part = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
            let text = "\(whole).\(part)"
            let exact = try #require(Decimal(string: text)) * 1_000_000
            #expect(field(text) { CDRNumber.fixed($0, $1, places: 6) }.map { Decimal($0) } == exact, "seed \(seed)")
        }
    }

    /// Amounts with an exponent, rounded to the nearest millionth, halves away from zero: against exact decimals.
    @Test(arguments: Seeds.of(1, 2)) func amountsWithAnExponent(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var tiny = 0
        for _ in 0..<3_000 {
            // As JSON writes them: one digit before the point, as many after it as are needed.
            let digits = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                ["0", "4", "5", "9", "\(Int.random(in: 0...9, using: &random))"].randomElement(using: &random)!
            }.joined()
            let mantissa = "\(Int.random(in: 0...9, using: &random))" + (digits.isEmpty ? "" : "." + digits)
            let exponent = Int.random(in: -12...6, using: &random)
            let sign = Bool.random(using: &random) ? "-" : ""
            var exact = try #require(Decimal(string: mantissa)) * 1_000_000
            exact = try #require(
                Decimal(string: "\(exact)e\(exponent)"))
            var rounded = Decimal()
            NSDecimalRound(&rounded, &exact, 0, .plain)
            let right = try #require(Int64("\(rounded)")) * (sign.isEmpty ? 1 : -1)
            for mark in ["e", "E"] {
                for plus in exponent < 0 ? [""] : ["", "+"] {
                    let text = "\(sign)\(mantissa)\(mark)\(plus)\(exponent)"
                    let read = field(text) { CDRNumber.amount($0, $1, takesComma: false) }
                    #expect(read == right, "seed \(seed): \(text)")
                }
            }
            if exponent == -7, right != 0 { tiny += 1 }
        }
        #expect(tiny > 20)
    }

    /// Lengths of time with their unit, and in minutes: to the nearest microsecond, halves away from zero.
    @Test func lengthsAreRounded() {
        let cases: [(String, Int64?)] = [
            ("499ns", 0), ("500ns", 1), ("1499ns", 1), ("1500ns", 2), ("-499ns", 0), ("-500ns", -1), ("-600ns", -1),
            ("-1499ns", -1), ("-1500ns", -2), ("1.5us", 2), ("-1.5us", -2), ("1us", 1), ("-1us", -1),
            ("2m", 120_000_000),
        ]
        for (text, micros) in cases {
            let read = field(text) {
                CDRNumber.duration($0, $1, unitMicros: 1_000_000, takesComma: false)
            }
            #expect(read == micros, "\(text)")
        }
        let minutes: [(String, Int64?)] = [
            ("1", 60_000_000), ("-0.5", -30_000_000), ("0.000001", 60), ("0.0000005", 60), ("0.0000004", 0),
            ("9223372036854", nil),
        ]
        for (text, micros) in minutes {
            let read = field(text) {
                CDRNumber.duration($0, $1, unitMicros: 60_000_000, takesComma: false)
            }
            #expect(read == micros, "\(text) min")
        }
    }

    @Test func goDurations() {
        let cases: [(String, Int64?)] = [
            ("0", 0), ("0s", 0), ("1h2m3s", 3_723_000_000_000), ("1.5ms", 1_500_000), ("7us", 7000), ("7µs", 7000),
            ("12ns", 12), ("-2m", -120_000_000_000), ("3000000h", nil), ("5x", nil), ("s", nil), ("5", 5), ("1m5", nil),
        ]
        for (text, value) in cases { #expect(field(text) { CDRNumber.goDuration($0, $1) } == value, "\(text)") }
    }

    @Test func causes() {
        #expect(HangupCause.freeswitch("USER_BUSY") == HangupCause(code: 486, q850: 17))
        #expect(HangupCause.freeswitch("ORIGINATOR_CANCEL") == HangupCause(code: 487, q850: 0))
        #expect(HangupCause.freeswitch("CALL_REJECTED") == HangupCause(code: 0, q850: 21))
        #expect(HangupCause.freeswitch("NORMAL_CLEARING") == HangupCause(code: 0, q850: 16))
        #expect(HangupCause.freeswitch("nonsense") == nil)
    }

    @Test func causesOfTheSamplesAgreeWithTheNumbersGivenThere() throws {
        let truth = try #require(try Sample.truth("freeswitch-example.csv").all?.causes)
        var reader = try Sample.read(Sample.bytes("freeswitch-example.csv"), .freeswitchCSV)
        var board = NaiveBoard { _ in "" }
        board.add(reader.takeRecords())
        var expected: [Int: Int] = [:]
        for (name, count) in truth { expected[Int(HangupCause.freeswitch(name)?.q850 ?? 0), default: 0] += count }
        #expect(board.all.causes == expected)
        #expect(board.all.codes[487] == truth["ORIGINATOR_CANCEL"])
    }

    @Test func hashesTellPiecesApart() {
        func hash(_ pieces: [String], domain: UInt8 = 1) -> CallKey {
            var hash = CDRKeyHash(domain: domain)
            for piece in pieces { hash.combine(Array(piece.utf8).span) }
            return hash.finish()
        }
        let keys = [
            hash(["ab", "c"]), hash(["a", "bc"]), hash(["abc"]), hash(["abc", ""]), hash(["", "abc"]),
            hash(["abc"], domain: 2), hash(["abd"]), hash([]),
        ]
        #expect(Set(keys).count == keys.count)
        // The same in every run and on every host: positions saved and calls counted today are known tomorrow.
        #expect(hash(["abc"]) == hash(["abc"]))
    }

    @Test func recentKeysRememberAtLeastTheirCapacity() {
        var recent = RecentKeys(capacity: 100)
        for number in UInt64(1)...10_000 {
            let key = CallKey(high: number, low: 1)
            #expect(recent.insert(key) && !recent.insert(key))
            let old = CallKey(high: number > 100 ? number - 99 : 1, low: 1)
            #expect(recent.contains(old))
        }
        #expect(!recent.contains(CallKey(high: 9000, low: 1)))
    }
}
