// Times as text: microseconds since 1970 to RFC 3339 in UTC, and ages for people.
//
// Civil dates are computed in eras of 400 years (146,097 days) that begin on 1 March, so that the leap day is the last
// of a year and months follow the line (153 m + 2) / 5.

public enum Timestamp {
    static let microsPerSecond: Int64 = 1_000_000

    /// RFC 3339 in UTC: `2026-03-04T05:06:07Z`, with three decimals of seconds for whole milliseconds, six for other
    /// fractions, none for zero. Years before 0 or after 9999 have no such form and appear with a sign or more digits.
    public static func text(micros: Int64) -> String {
        let (date, time, fraction) = parts(micros: micros)
        return date + "T" + time + fractionText(fraction) + "Z"
    }

    /// For tables: `2026-03-04 05:06:07Z`, `2026-03-04 06:06:07+01` in a zone east of it, to the second (rounded down).
    public static func short(micros: Int64, in zone: DisplayZone) -> String {
        let (date, time) = local(micros: micros, in: zone)
        return date + " " + time + zone.suffix(atSeconds: floorDivide(micros, microsPerSecond).quotient)
    }

    /// The date and the time of day by a zone's clock.
    public static func local(micros: Int64, in zone: DisplayZone) -> (date: String, time: String) {
        let (seconds, _) = floorDivide(micros, microsPerSecond)
        // No overflow: seconds are at most 2^63 / 10^6.
        return civil(seconds + zone.offset(seconds))
    }

    /// A span of time: the date of its end only where that is another.
    public static func span(from start: Int64, to end: Int64, in zone: DisplayZone) -> String {
        let (first, last) = (local(micros: start, in: zone), local(micros: end, in: zone))
        let suffix = zone.suffix(atSeconds: floorDivide(end, microsPerSecond).quotient)
        return first.date + " " + first.time + " to " + (first.date == last.date ? "" : last.date + " ") + last.time
            + suffix
    }

    /// Seconds since 1970 of a date and a time of day, as if they were of UTC; nil: there is no such day.
    public static func seconds(year: Int64, month: Int64, day: Int64, secondOfDay: Int64) -> Int64? {
        guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let (yearFromMarch, monthFromMarch) = (month <= 2 ? year - 1 : year, (month + 9) % 12)
        let (era, yearOfEra) = floorDivide(yearFromMarch, 400)
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let date = civilDate(daysSince1970: days)
        return date == (year, month, day) ? days * 86_400 + secondOfDay : nil
    }

    /// A length of time in its two largest units: `3 d 4 h`, `5 min 6 s`, `7 s`. Negative ones count as zero.
    public static func duration(seconds: Int64) -> String {
        let seconds = max(seconds, 0)
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60)
        if days > 0 { return "\(Number.grouped(days)) d \(hours) h" }
        if hours > 0 { return "\(hours) h \(minutes) min" }
        if minutes > 0 { return "\(minutes) min \(seconds % 60) s" }
        return "\(seconds) s"
    }

    private static func parts(micros: Int64) -> (date: String, time: String, microsOfSecond: Int64) {
        let (seconds, fraction) = floorDivide(micros, microsPerSecond)
        let (date, time) = civil(seconds)
        return (date, time, fraction)
    }

    private static func civil(_ seconds: Int64) -> (date: String, time: String) {
        let (days, second) = floorDivide(seconds, 86_400)
        let (year, month, day) = civilDate(daysSince1970: days)
        let date = [padded(year, to: 4), padded(month, to: 2), padded(day, to: 2)].joined(separator: "-")
        let time = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return (date, time)
    }

    static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // 719,468 days lie between 0000-03-01 and 1970-01-01. No overflow: days are at most 2^63 / 8.64e10.
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func fractionText(_ micros: Int64) -> String {
        if micros == 0 { return "" }
        return micros.isMultiple(of: 1_000) ? "." + padded(micros / 1_000, to: 3) : "." + padded(micros, to: 6)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64, to digits: Int) -> String {
        let text = String(value.magnitude)
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
