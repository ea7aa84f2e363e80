// Amounts and times as people write them: every number of decimals, both sides of each limit, and back again.

import Randomness
import Testing

@testable import Board

@Suite struct ConstantsTests {
    @Test(arguments: Seeds.of(1)) func amountsReadBack(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let edges: [Int64] = [
            .min, .min + 1, -1_000_001, -1_000_000, -999_999, -500_000, -1, 0, 1, 10, 999_999, 1_000_000, 1_000_001,
            .max - 1, .max,
        ]
        let more = (0..<500).map { Int64.random(in: .min ... .max, using: &random) >> Int64($0 % 60) }
        for micros in edges + more {
            let text = Money.text(micros)
            #expect(Money.micros(text) == micros, "\(text)")
            #expect(text.hasPrefix("-") == (micros < 0) && !text.hasSuffix("."), "\(text)")
            #expect(!text.contains(".") || text.last != "0", "\(text)")
            if micros >= 0 { #expect(Money.micros("+" + text) == micros, "\(text)") }
        }
        for (text, micros) in [("1.5", 1_500_000), (".5", 500_000), ("1.", 1_000_000), ("-0.000001", -1)] {
            #expect(Money.micros(text) == Int64(micros), "\(text)")
        }
        for text in ["", ".", "-", "+", "1.0000001", "1e3", "1,5", "1.2.3", "--1", "٣", "9223372036854.775808", " 1"] {
            #expect(Money.micros(text) == nil, "\(text)")
        }
    }

    /// One to six decimals: as many tenths, hundredths or millionths.
    @Test func secondsHaveDecimals() {
        let whole: Int64 = 1_763_823_600_000_000
        #expect(Timestamp.micros("2025-11-22T15:00:00Z") == whole)
        var unit: Int64 = 1_000_000
        for decimals in 1...6 {
            unit /= 10
            for value in [0, 1, 7] as [Int64] {
                let digits = String(repeating: "0", count: decimals - 1) + String(value)
                #expect(Timestamp.micros("2025-11-22T15:00:00.\(digits)Z") == whole + value * unit, "\(digits)")
                let nines = String(repeating: "9", count: decimals)
                #expect(Timestamp.micros("2025-11-22T15:00:00.\(nines)Z") == whole + 1_000_000 - unit, "\(nines)")
            }
        }
        for fraction in [".", ".1234567", ".a", ",5", ".-5", ". 5"] {
            #expect(Timestamp.micros("2025-11-22T15:00:00\(fraction)Z") == nil, "\(fraction)")
        }
    }

    /// Every day of 1968 to 2110, over the leap days of 2000 and 2100.
    @Test func daysFollowOneAnother() {
        var day: Int64 = -731
        var wrong: [String] = []
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        for year in 1968...2110 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for date in 1...length {
                    let text = "\(year)-\(two(month + 1))-\(two(date))T00:00:01Z"
                    if Timestamp.micros(text) != (day * 86_400 + 1) * 1_000_000 { wrong.append(text) }
                    day += 1
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func whatIsNoTimeIsRefused() {
        for (text, isTime) in [
            ("2025-01-01T00:00:00Z", true), ("2025-12-31T23:59:60Z", true), ("2025-00-01T00:00:00Z", false),
            ("2025-13-01T00:00:00Z", false), ("2025-01-00T00:00:00Z", false), ("2025-01-32T00:00:00Z", false),
            ("2025-01-01T24:00:00Z", false), ("2025-01-01T00:60:00Z", false), ("2025-01-01T00:00:61Z", false),
            ("2025-01-01T00:00:00", false), ("2025-01-01 00:00:00Z", false), ("2025-01-01T00:00:00+", false),
            ("2025-1-01T00:00:00Z", false), ("+025-01-01T00:00:00Z", false), ("", false), ("Z", false),
        ] {
            #expect((Timestamp.micros(text) != nil) == isTime, "\(text)")
        }
    }
}
