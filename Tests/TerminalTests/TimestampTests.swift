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
        #expect(Timestamp.short(micros: .min) == "-290308-12-21 19:59:05")
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
            #expect(Timestamp.short(micros: seconds * 1_000_000) == expected, "seed \(seed)")
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
