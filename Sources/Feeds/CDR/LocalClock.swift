import Foundation

/// Turns local times of one zone into instants.
///
/// The zone's offset is looked up once for each quarter of an hour of local time and cached in a small direct-mapped
/// table: all zones in use change on quarter hours. A zone with a fixed offset needs no look-up.
struct LocalClock {
    private enum Zone {
        case fixed(seconds: Int64)
        case named(TimeZone)
    }

    /// How local times of one quarter hour are read: `instant = local - offset`, with a second offset in the hour that
    /// is repeated.
    private struct Quarter {
        var number = Int64.min
        var earlierOffset: Int64 = 0
        var laterOffset: Int64 = 0
    }

    private let zone: Zone
    private var quarters: [Quarter] = []

    /// `name`: an IANA name (`Europe/Berlin`), `UTC`, `Z`, or an offset (`+02:00`). Nil if it is none of these.
    init?(_ name: String) {
        let bytes = Array(name.utf8)
        if name.uppercased() == "UTC" {
            zone = .fixed(seconds: 0)
        } else if let offset = CDRTimeParser.offsetSeconds(bytes.span, 0, bytes.count) {
            zone = .fixed(seconds: offset)
        } else if bytes.first != UInt8(ascii: "+"), bytes.first != UInt8(ascii: "-"),
            let named = TimeZone(identifier: name)
        {
            zone = .named(named)
            quarters = Array(repeating: Quarter(), count: CDRLimits.zoneCacheSlots)
        } else {
            return nil
        }
    }

    /// Local times are those of UTC.
    var isUTC: Bool { if case .fixed(seconds: 0) = zone { true } else { false } }

    /// The instants (seconds since 1970, UTC) that a local time may mean. They are the same except in the hour repeated
    /// at the end of daylight saving. A local time that daylight saving skips is read with the offset before the
    /// change: 02:30 of such a night is half an hour after 02:00, the instant that the wall clock shows as 03:30.
    mutating func instants(_ local: Int64) -> (earlier: Int64, later: Int64) {
        switch zone {
        case .fixed(let seconds):
            return (local - seconds, local - seconds)
        case .named(let zone):
            let number = local >= 0 ? local / 900 : (local - 899) / 900
            let slot = Int(truncatingIfNeeded: number) & (CDRLimits.zoneCacheSlots - 1)
            if quarters[slot].number != number { quarters[slot] = Self.quarter(number, in: zone) }
            return (local - quarters[slot].earlierOffset, local - quarters[slot].laterOffset)
        }
    }

    private static func quarter(_ number: Int64, in zone: TimeZone) -> Quarter {
        let local = number * 900
        // One of these two lies before and one after any change that matters here: zones change at most once in two
        // days.
        let before = offset(local - 86400, in: zone)
        let after = offset(local + 86400, in: zone)
        let beforeHolds = offset(local - before, in: zone) == before
        let afterHolds = offset(local - after, in: zone) == after
        switch (beforeHolds, afterHolds) {
        case (true, true): return Quarter(number: number, earlierOffset: before, laterOffset: after)
        case (false, true): return Quarter(number: number, earlierOffset: after, laterOffset: after)
        default: return Quarter(number: number, earlierOffset: before, laterOffset: before)
        }
    }

    private static func offset(_ instant: Int64, in zone: TimeZone) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))))
    }
}
