// When a change takes effect, and for how long.

import ArgumentParser
import Foundation
import Terminal

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
            "Set it back at this time: 18:00 (the next one, in --time-zone), 2026-11-22, 2026-11-22T18:00:00Z or +2h.",
            valueName: "time"))
    var until: String?

    func validate() throws {
        guard duration == nil || until == nil else { throw UsageError("--for and --until say the same; leave one out") }
        _ = try micros(now: 0, in: .utc)
    }

    /// Microseconds since 1970; 0: it is not set back.
    /// - Parameters:
    ///   - now: when the change begins: `18:00` is the next one after it.
    ///   - zone: of times without one.
    func micros(now: Int64, in zone: DisplayZone) throws(UsageError) -> Int64 {
        if let duration { return now + duration * 1_000_000 }
        guard let until else { return 0 }
        return try TimeArgument.micros(until, of: "--until", now: now, in: zone)
    }

    static func seconds(_ text: String, of option: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count <= 366 * 86_400 / unit
        else { throw UsageError("\(option): '\(text)' is not a duration; write 30s, 90m, 1h or 2d") }
        return count * unit
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}

/// When a change begins.
struct FromOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Begin at this time, as --until takes it; --for counts from there. Who is meant by a condition and what expressions "
                + "come to is decided then.",
            valueName: "time"))
    var from: String?

    func validate() throws { _ = try micros(now: 0, in: .utc) }

    /// Microseconds since 1970; 0: at once.
    func micros(now: Int64, in zone: DisplayZone) throws(UsageError) -> Int64 {
        guard let from else { return 0 }
        return try TimeArgument.micros(from, of: "--from", now: now, in: zone)
    }

    /// Writes both times into a request.
    /// - Throws: what begins has passed, or would be set back before.
    func times(
        until: UntilOptions, now: Int64, in zone: DisplayZone
    ) throws(UsageError) -> (beginAt: Int64, undoAt: Int64) {
        let begin = try micros(now: now, in: zone)
        guard begin == 0 || begin > now else {
            throw UsageError(
                "--from \(from ?? "") has passed; give a time to come, or leave --from out to change at once")
        }
        let end = try until.micros(now: begin == 0 ? now : begin, in: zone)
        guard end == 0 || end > max(begin, now) else {
            throw UsageError(
                begin == 0
                    ? "--until \(until.until ?? "") has passed; give a time to come"
                    : "--until \(until.until ?? "") is not after --from \(from ?? ""); give a later time")
        }
        return (begin, end)
    }
}
