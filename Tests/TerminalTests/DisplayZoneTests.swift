import Foundation
import Randomness
import Terminal
import Testing

@Suite struct DisplayZoneTests {
    private static func zone(_ name: String) throws -> DisplayZone {
        let zone = try #require(TimeZone(identifier: name))
        return DisplayZone(name: name) { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0)))) }
    }

    @Test func theOffsetStandsBehindTheTime() throws {
        let noon: Int64 = 1_784_548_800_000_000
        func shown(_ zone: DisplayZone) -> String { Timestamp.short(micros: noon, in: zone) }
        #expect(shown(.utc) == "2026-07-20 12:00:00Z" && shown(.fixed(seconds: 0)) == "2026-07-20 12:00:00Z")
        #expect(shown(.fixed(seconds: 19_800)) == "2026-07-20 17:30:00+05:30")
        #expect(shown(.fixed(seconds: -12_600)) == "2026-07-20 08:30:00-03:30")
        #expect(shown(.fixed(seconds: 43_200)) == "2026-07-21 00:00:00+12")
        #expect(try shown(Self.zone("Europe/Berlin")) == "2026-07-20 14:00:00+02")
        #expect(try shown(Self.zone("Europe/London")) == "2026-07-20 13:00:00+01")
        #expect(DisplayZone.fixed(seconds: -3_600).name == "-01:00")
    }

    /// A local time is read as the instant that shows as it, unless daylight saving skips it.
    @Test(
        arguments: Seeds.of(),
        ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"])
    func localTimesReadBack(seed: UInt64, name: String) throws {
        var random = SeededGenerator(seed: seed)
        let zone = try Self.zone(name)
        for _ in 0..<500 {
            let instant = Int64.random(in: 1_400_000_000...1_900_000_000, using: &random)
            let local = instant + zone.offset(instant)
            let read = zone.instant(ofLocal: local)
            #expect(read + zone.offset(read) == local && read <= instant, "seed \(seed): \(name) \(instant)")
        }
    }
}
