// For how long a change holds.

import ArgumentParser
import Foundation
import Glibc

struct UntilOptions: ParsableArguments {
    @Option(
        name: .customLong("for"),
        parsing: .unconditional,
        help: ArgumentHelp("Set it back after this time: 30s, 90m, 1h, 2d.", valueName: "duration"),
        transform: { try Self.seconds($0, of: "--for") })
    var duration: Int64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Set it back at this time: 18:00 (the next one, by this machine's clock) or 2026-11-22T18:00:00Z.",
            valueName: "time"))
    var until: String?

    func validate() throws {
        guard duration == nil || until == nil else { throw UsageError("--for and --until say the same; leave one out") }
        _ = try micros(now: 0)
    }

    /// Microseconds since 1970; 0: it is not set back.
    func micros(now: Int64) throws(UsageError) -> Int64 {
        if let duration { return now + duration * 1_000_000 }
        guard let until else { return 0 }
        return try Self.time(until, now: now)
    }

    static func seconds(_ text: String, of option: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count <= 366 * 86_400 / unit
        else { throw UsageError("\(option): '\(text)' is no time; write 30s, 90m, 1h or 2d") }
        return count * unit
    }

    private static func time(_ text: String, now: Int64) throws(UsageError) -> Int64 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let hour = Int32(parts[0]), let minute = Int32(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        {
            var seconds = time_t(now / 1_000_000)
            var local = tm()
            localtime_r(&seconds, &local)
            (local.tm_hour, local.tm_min, local.tm_sec, local.tm_isdst) = (hour, minute, 0, -1)
            var found = mktime(&local)
            if Int64(found) * 1_000_000 <= now {
                local.tm_mday += 1
                local.tm_isdst = -1
                found = mktime(&local)
            }
            return Int64(found) * 1_000_000
        }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw UsageError("--until: '\(text)' is no time; write 18:00 or 2026-11-22T18:00:00Z")
        }
        return Int64(date.timeIntervalSince1970.rounded()) * 1_000_000
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}
