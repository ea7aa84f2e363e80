import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Numbers, times and lengths of time as they mostly are, read by shorter ways: against the obvious ones.
@Suite struct FastPathsTests {
    private static func field(_ bytes: [UInt8]) -> CDRField { CDRField(start: 0, end: bytes.count) }

    /// Digits mostly, and what else may stand among them.
    private static func text(_ length: Int, _ odd: [Character], _ random: inout SeededGenerator) -> String {
        String(
            (0..<length).map { _ in
                Int.random(in: 0..<12, using: &random) == 0
                    ? odd.randomElement(using: &random)! : "0123456789".randomElement(using: &random)!
            })
    }

    @Test(arguments: Seeds.of(1, 2, 3)) func wholeNumbers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            let text = Self.text(Int.random(in: 0...21, using: &random), ["-", "+", ".", " ", ":", "a"], &random)
            let bytes = Array(text.utf8)
            let isPlain = !text.isEmpty && text.allSatisfy { "0123456789".contains($0) }
            let whole = CDRNumber.whole(bytes.span, Self.field(bytes))
            #expect(whole == (isPlain && text.count <= 18 ? Int64(text) : nil), "\(text)")
            let isNegative = text.hasPrefix("-") && text.dropFirst().allSatisfy { "0123456789".contains($0) }
            let integer = CDRNumber.integer(bytes.span, Self.field(bytes))
            #expect(integer == (isPlain || isNegative && text.count > 1 ? Int64(text) : nil), "\(text)")
        }
    }

    /// The same moment with decimals goes the longer way.
    @Test(arguments: Seeds.of(1, 2, 3)) func timesInWholeNumbers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var clock = try #require(LocalClock("+02:00"))
        for _ in 0..<3_000 {
            let text = Self.text(Int.random(in: 1...18, using: &random), ["0"], &random)
            // Fourteen digits may be a date.
            if text.count == 14 { continue }
            let (bytes, decimals) = (Array(text.utf8), Array((text + ".0").utf8))
            let short = CDRTimeParser.any(bytes.span, Self.field(bytes), clock: &clock)
            // With nineteen digits before the point the longer way has no room for them.
            let long = CDRTimeParser.any(decimals.span, Self.field(decimals), clock: &clock)
            let value = Int64(text) ?? 0
            guard value < 100_000_000_000_000_000 else { continue }
            switch (short, long) {
            case (.time(let one), .time(let other)): #expect(one == other, "\(text)")
            case (.none, .none), (.unreadable, .unreadable): break
            default: Issue.record("\(text): \(short), \(long)")
            }
        }
    }

    /// `hh:mm:ss` cut at its colons by the standard library.
    private static func naive(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 || parts.count == 3, let last = parts.last else { return nil }
        let seconds = last.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard last.count >= 2, seconds.count <= 2, let whole = seconds.first, !whole.isEmpty,
            seconds.joined().allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        let decimals = seconds.count == 2 ? seconds[1] : ""
        var micros = Int64((decimals + "000000").prefix(6)) ?? 0
        if decimals.count > 6, let next = decimals.dropFirst(6).first, next >= "5" { micros += 1 }
        guard whole.count < 12, let second = Int64(whole), second * 1_000_000 + micros < 60_000_000 else { return nil }
        micros += second * 1_000_000
        var minutes: Int64 = 0
        for (index, part) in parts.dropLast().enumerated() {
            guard !part.isEmpty, part.count <= 18, part.allSatisfy({ $0.isASCII && $0.isNumber }),
                let value = Int64(part), value < 10_000_000, index == 0 || value < 60
            else { return nil }
            minutes = minutes * 60 + value
        }
        return minutes * 60_000_000 + micros
    }

    @Test(arguments: Seeds.of(1, 2, 3)) func lengthsWithColons(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4_000 {
            var parts = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? String(Int.random(in: 0...75, using: &random))
                    : Self.text(Int.random(in: 0...9, using: &random), ["-", " ", "x"], &random)
            }
            if Bool.random(using: &random) {
                let decimals = Self.text(Int.random(in: 0...8, using: &random), ["0"], &random)
                parts[parts.count - 1] += "." + decimals
            }
            let text = parts.joined(separator: ":")
            guard text.contains(":") else { continue }
            let bytes = Array(text.utf8)
            let micros = CDRNumber.duration(
                bytes.span, Self.field(bytes), unitMicros: 1_000_000, takesComma: false)
            #expect(micros == Self.naive(text), "\(text)")
        }
    }

    /// Dotted quads are read without a text of them; whatever else is an address goes the longer way.
    @Test(arguments: Seeds.of(1, 2)) func addresses(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var known = 0
        for _ in 0..<6_000 {
            var text = (0..<Int.random(in: 3...5, using: &random)).map { _ in
                ["0", "00", "01", "1", "9", "10", "99", "255", "256", "1000", "", "x"].randomElement(using: &random)!
            }.prefix(Int.random(in: 3...9, using: &random) > 4 ? 4 : 3).joined(separator: ".")
            switch Int.random(in: 0..<12, using: &random) {
            case 0: text += ":5060"
            case 1: text = "[" + text + "]"
            case 2: text = "2001:db8::" + text
            case 3: text += "."
            case 4: text = "::ffff:" + text
            case 5: text += " "
            default: break
            }
            let bytes = Array(text.utf8)
            let short = CDRReader.address(bytes.span, Self.field(bytes))
            #expect(short == CDRReader.address(text), "seed \(seed): \(text)")
            if short != nil { known += 1 }
        }
        #expect(known > 50)
    }
}
