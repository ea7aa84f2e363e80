import Foundation
import Randomness
import Testing

@testable import Terminal

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000001Z"), (1_000, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"), (1_709_164_800_000_000, "2024-02-29T00:00:00Z"),
            (951_782_399_500_000, "2000-02-28T23:59:59.500Z"), (-2_203_891_200_000_000, "1900-03-01T00:00:00Z"),
            (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func isRFC3339(micros: Int64, text: String) {
        #expect(Timestamp.text(micros: micros) == text)
    }

    @Test func noTimeTraps() {
        #expect(Timestamp.text(micros: .min) == "-290308-12-21T19:59:05.224192Z")
        #expect(Timestamp.text(micros: .max) == "294247-01-10T04:00:54.775807Z")
        #expect(Timestamp.short(micros: .min, in: .utc) == "-290308-12-21 19:59:05Z")
    }

    @Test(arguments: Seeds.of()) func agreesWithTheCalendarOfFoundation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for _ in 0..<500 {
            // From 1700, after the Gregorian reform, to 2500.
            let seconds = Int64.random(in: -8_520_336_000...16_725_225_600, using: &random)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(seconds)))
            let expected = String(
                format: "%04d-%02d-%02d %02d:%02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
                parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
            #expect(Timestamp.short(micros: seconds * 1_000_000, in: .utc) == expected + "Z", "seed \(seed)")
        }
    }

    @Test func noTimeTrapsInAnyZone() {
        for offset: Int64 in [-50_400, 0, 50_400] {
            for micros in [Int64.min, -1, 0, .max] {
                #expect(!Timestamp.short(micros: micros, in: .fixed(seconds: offset)).isEmpty)
            }
        }
        #expect(Timestamp.short(micros: -1, in: .utc) == "1969-12-31 23:59:59Z")
    }

    @Test func aSpanNamesADateTwiceOnlyIfItChanges() {
        let noon: Int64 = 1_709_164_800_000_000 + 43_200_000_000
        #expect(
            Timestamp.span(from: noon, to: noon + 900_000_000, in: .utc) == "2024-02-29 12:00:00 to 12:15:00Z")
        #expect(
            Timestamp.span(from: noon, to: noon + 43_200_000_000, in: .utc)
                == "2024-02-29 12:00:00 to 2024-03-01 00:00:00Z")
        #expect(
            Timestamp.span(from: noon, to: noon + 43_200_000_000, in: .fixed(seconds: -3_600))
                == "2024-02-29 11:00:00 to 23:00:00-01")
    }

    @Test func civilTimesAreSecondsSince1970() {
        #expect(Timestamp.seconds(year: 1970, month: 1, day: 1, secondOfDay: 5) == 5)
        #expect(Timestamp.seconds(year: 2024, month: 2, day: 29, secondOfDay: 0) == 1_709_164_800)
        for (month, day) in [(2, 30), (13, 1), (0, 1), (4, 31), (1, 0), (1, 32)] as [(Int64, Int64)] {
            #expect(Timestamp.seconds(year: 2026, month: month, day: day, secondOfDay: 0) == nil)
        }
        #expect(Timestamp.seconds(year: 2025, month: 2, day: 29, secondOfDay: 0) == nil)
        for day: Int64 in stride(from: -300_000, to: 300_000, by: 97) {
            let date = Timestamp.civilDate(daysSince1970: day)
            #expect(
                Timestamp.seconds(year: date.year, month: date.month, day: date.day, secondOfDay: 7) == day * 86_400 + 7
            )
        }
    }

    @Test(
        arguments: [
            (-5, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_600, "1 h 0 min"), (90_061, "1 d 1 h"),
            (86_400_000, "1,000 d 0 h"),
        ] as [(Int64, String)])
    func durationsHaveTwoUnits(seconds: Int64, text: String) {
        #expect(Timestamp.duration(seconds: seconds) == text)
    }
}
