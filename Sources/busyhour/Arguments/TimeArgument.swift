// A time to come, as people write it.

import Foundation
import Glibc

enum TimeArgument {
    static let forms = "18:00, 2026-11-22, 2026-11-22 18:00, 2026-11-22T18:00:00Z, or +2h from now"

    /// Microseconds since 1970. Without a zone it is a time by this machine's clock: `18:00` the next one, a date its beginning;
    /// `+2h` is counted from `now`.
    /// - Parameter option: whose value it is, for the error.
    static func micros(_ text: String, of option: String, now: Int64) throws(UsageError) -> Int64 {
        let text = text.trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("+") {
            guard let seconds = try? UntilOptions.seconds(String(text.dropFirst()), of: option) else {
                throw UsageError("\(option): '\(text)' is no time; write +30s, +90m, +1h or +2d")
            }
            return now + seconds * 1_000_000
        }
        if let clock = clock(text[...]) { return next(clock, after: now) }
        guard let dated = dated(text) else { throw UsageError("\(option): '\(text)' is no time; write \(forms)") }
        return dated
    }

    /// `18:00` or `18:00:30`, in seconds of the day.
    private static func clock(_ text: Substring) -> (hour: Int32, minute: Int32, second: Int32)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ (1...2).contains($0.count) }) else { return nil }
        let numbers = parts.compactMap { number($0) }
        guard numbers.count == parts.count, numbers[0] < 24, numbers[1] < 60, numbers.count == 2 || numbers[2] < 60
        else { return nil }
        return (numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : 0)
    }

    private static func number(_ text: Substring) -> Int32? {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int32(text) : nil
    }

    /// Today's, or tomorrow's where that has passed.
    private static func next(_ clock: (hour: Int32, minute: Int32, second: Int32), after now: Int64) -> Int64 {
        var seconds = time_t(now / 1_000_000)
        var today = tm()
        localtime_r(&seconds, &today)
        for days in 0...1 as ClosedRange<Int32> {
            var time = today
            (time.tm_hour, time.tm_min, time.tm_sec, time.tm_isdst) = (clock.hour, clock.minute, clock.second, -1)
            time.tm_mday += days
            let found = Int64(mktime(&time)) * 1_000_000
            if found > now || days == 1 { return found }
        }
        return now
    }

    /// A date, perhaps with a time of day and a zone. Nil: it is none, or there is no such day.
    private static func dated(_ text: String) -> Int64? {
        let parts = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "T" })
        let date = (parts.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, date.map(\.count) == [4, 2, 2] else { return nil }
        let numbers = date.compactMap { number($0) }
        guard numbers.count == 3 else { return nil }
        var rest = parts.count == 2 ? parts[1] : "00:00"
        let zone = zone(cutFrom: &rest)
        // Fractions of a second are as good as none.
        if let point = rest.firstIndex(of: "."), number(rest[rest.index(after: point)...].prefix(9)) != nil {
            rest = rest[..<point]
        }
        guard let clock = clock(rest) else { return nil }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (numbers[0] - 1_900, numbers[1] - 1, numbers[2])
        (time.tm_hour, time.tm_min, time.tm_sec, time.tm_isdst) = (clock.hour, clock.minute, clock.second, -1)
        let found = zone == nil ? mktime(&time) : timegm(&time)
        // The 31st of February became a day of March.
        guard time.tm_mday == numbers[2], time.tm_mon == numbers[1] - 1 else { return nil }
        return (Int64(found) - (zone ?? 0)) * 1_000_000
    }

    /// Takes `Z`, `+02:00`, `+0200` or `+02` from the end of a time. Seconds east of Greenwich; nil: there is none.
    private static func zone(cutFrom text: inout Substring) -> Int64? {
        if text.last == "Z" || text.last == "z" {
            text.removeLast()
            return 0
        }
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return nil }
        let digits = text[text.index(after: sign)...].filter { $0 != ":" }
        guard digits.count == 2 || digits.count == 4, let hours = number(Substring(digits.prefix(2))), hours < 24,
            let minutes = digits.count == 2 ? 0 : number(Substring(digits.suffix(2))), minutes < 60
        else { return nil }
        let seconds = Int64(hours) * 3_600 + Int64(minutes) * 60
        let isWest = text[sign] == "-"
        text = text[..<sign]
        return isWest ? -seconds : seconds
    }
}
