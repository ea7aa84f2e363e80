// A future time, as people write it.

import Foundation
import Terminal

enum TimeArgument {
    static let forms = "18:00, 2026-11-22, 2026-11-22 18:00, 2026-11-22T18:00:00Z, or +2h from now"

    /// Microseconds since 1970. Without a zone it is a time by the clock of `zone`: `18:00` the next one, a date its
    /// beginning; `+2h` is counted from `now`.
    /// - Parameter option: whose value it is, for the error.
    static func micros(
        _ text: String, of option: String, now: Int64, in zone: DisplayZone
    ) throws(UsageError) -> Int64 {
        let text = text.trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("+") {
            guard let seconds = try? UntilOptions.seconds(String(text.dropFirst()), of: option) else {
                throw UsageError("\(option): '\(text)' is not a duration; write +30s, +90m, +1h or +2d")
            }
            return now + seconds * 1_000_000
        }
        if let second = secondOfDay(text[...]) { return next(second, after: now, zone) }
        guard let dated = dated(text, zone) else {
            throw UsageError("\(option): '\(text)' is not a time; write \(forms)")
        }
        return dated
    }

    /// `18:00` or `18:00:30`, in seconds of the day.
    private static func secondOfDay(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ (1...2).contains($0.count) }) else { return nil }
        let numbers = parts.compactMap { number($0) }
        guard numbers.count == parts.count, numbers[0] < 24, numbers[1] < 60, numbers.count == 2 || numbers[2] < 60
        else { return nil }
        return numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int64(text) : nil
    }

    /// Today's, or tomorrow's where that has passed.
    private static func next(_ secondOfDay: Int64, after now: Int64, _ zone: DisplayZone) -> Int64 {
        let seconds = now / 1_000_000
        let local = seconds + zone.offset(seconds)
        let midnight = local - local % 86_400
        let today = zone.instant(ofLocal: midnight + secondOfDay) * 1_000_000
        return today > now ? today : zone.instant(ofLocal: midnight + 86_400 + secondOfDay) * 1_000_000
    }

    /// A date, perhaps with a time of day and a zone. Nil: it is none, or there is no such day.
    private static func dated(_ text: String, _ zone: DisplayZone) -> Int64? {
        let parts = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "T" })
        let date = (parts.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, date.map(\.count) == [4, 2, 2] else { return nil }
        let numbers = date.compactMap { number($0) }
        guard numbers.count == 3 else { return nil }
        var rest = parts.count == 2 ? parts[1] : "00:00"
        let offset = offset(cutFrom: &rest)
        // Fractions of a second are as good as none.
        if let point = rest.firstIndex(of: "."), number(rest[rest.index(after: point)...].prefix(9)) != nil {
            rest = rest[..<point]
        }
        guard let second = secondOfDay(rest),
            let local = Timestamp.seconds(year: numbers[0], month: numbers[1], day: numbers[2], secondOfDay: second)
        else { return nil }
        return (offset.map { local - $0 } ?? zone.instant(ofLocal: local)) * 1_000_000
    }

    /// Takes `Z`, `+02:00`, `+0200` or `+02` from the end of a time. Seconds east of Greenwich; nil: there is none.
    private static func offset(cutFrom text: inout Substring) -> Int64? {
        if text.last == "Z" || text.last == "z" {
            text.removeLast()
            return 0
        }
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }), let seconds = ZoneName.offset(text[sign...])
        else { return nil }
        text = text[..<sign]
        return seconds
    }
}
