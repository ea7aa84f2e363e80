/// A time of a row, microseconds since 1970 (UTC). A local time in the hour repeated at the end of daylight saving has
/// two readings; `later` then is the second pass, else the same as `earlier`.
struct CDRTime: Equatable {
    var earlier: Int64
    var later: Int64

    init(_ micros: Int64) {
        earlier = micros
        later = micros
    }

    init(earlier: Int64, later: Int64) {
        self.earlier = earlier
        self.later = later
    }

    var isDoubtful: Bool { earlier != later }
}

/// Reads times as the products write them.
enum CDRTimeParser {
    /// The meaning of a time field.
    enum Reading {
        /// No time: empty, zero, or the zero time of Go and of databases.
        case none
        case time(CDRTime)
        case unreadable
    }

    /// A number of `unit`s since 1970.
    static func epoch(_ line: Span<UInt8>, _ field: CDRField, unit: CDRUnit) -> Reading {
        let micros: Int64?
        switch unit {
        case .seconds: micros = CDRNumber.fixed(line, field, places: 6)
        case .milliseconds: micros = CDRNumber.fixed(line, field, places: 3)
        case .nanoseconds: micros = CDRNumber.integer(line, field).map { $0 / 1000 }
        case .microseconds, .minutes, .anyTime, .text: micros = CDRNumber.fixed(line, field, places: 0)
        }
        guard let micros, micros >= 0, micros < CDRLimits.latestMicros else { return .unreadable }
        return micros == 0 ? .none : .time(CDRTime(micros))
    }

    /// A number by its size: seconds reach 10^11 in the year 5138, milliseconds were at 10^11 in 1973.
    private static func epoch(_ whole: Int64) -> Reading {
        let micros =
            switch whole {
            case ..<100_000_000_000: whole * 1_000_000
            case ..<100_000_000_000_000: whole * 1_000
            case ..<100_000_000_000_000_000: whole
            default: whole / 1_000
            }
        guard micros >= 0, micros < CDRLimits.latestMicros else { return .unreadable }
        return micros == 0 ? .none : .time(CDRTime(micros))
    }

    /// A time in any form: a number by its size, RFC 3339, or a local stamp of `clock`'s zone.
    static func any(_ line: Span<UInt8>, _ field: CDRField, clock: inout LocalClock) -> Reading {
        if field.isEmpty { return .none }
        let length = field.end - field.start
        if length > 4, line[field.start + 4] == UInt8(ascii: "-") || line[field.start + 4] == UInt8(ascii: "/") {
            return stamp(line, field, clock: &clock)
        }
        if length == 14, let reading = compact(line, field, clock: &clock) { return reading }
        if let whole = CDRNumber.whole(line, field) { return epoch(whole) }
        if isDotted(line, field) { return dotted(line, field, clock: &clock) }
        if isHourFirst(line, field) { return hourFirst(line, field, clock: &clock) }
        guard let whole = CDRNumber.fixed(line, field, places: 0), whole >= 0 else { return .unreadable }
        if whole < 100_000_000_000 { return epoch(line, field, unit: .seconds) }
        if whole < 100_000_000_000_000 { return epoch(line, field, unit: .milliseconds) }
        if whole < 100_000_000_000_000_000 { return epoch(line, field, unit: .microseconds) }
        return epoch(line, field, unit: .nanoseconds)
    }

    /// A calendar day as written.
    struct Date {
        var year: Int64
        var month: Int64
        var day: Int64

        /// Since 1970; nil: there is no such day, or it is before any call. (An epoch of zero in local time may be in
        /// 1969.)
        var days: Int64? {
            guard (1969...9999).contains(year), (1...12).contains(month), day >= 1,
                day <= CDRTimeParser.daysIn(month: month, year: year)
            else { return nil }
            return CivilDay.sinceEpoch(year: year, month: month, day: day)
        }

        var isZero: Bool { year <= 1 || year == 1970 && month == 1 && day == 1 }
    }

    /// `YYYY-MM-DD hh:mm:ss` or `YYYY/MM/DD hh:mm:ss`, with `T` for the blank, a fraction and an offset or `Z` if
    /// present.
    private static func stamp(_ line: Span<UInt8>, _ field: CDRField, clock: inout LocalClock) -> Reading {
        var at = field.start
        let end = field.end
        guard let year = number(line, &at, end, 4), skip(line, &at, end, "-", "/"),
            let month = number(line, &at, end, 2), skip(line, &at, end, "-", "/"),
            let day = number(line, &at, end, 2), skip(line, &at, end, " ", "T")
        else { return .unreadable }
        return clockTime(line, &at, end, Date(year: year, month: month, day: day), clock: &clock)
    }

    /// `hh:mm:ss`, or `hh:mm`, of a day, and what may follow it.
    static func clockTime(
        _ line: Span<UInt8>, _ at: inout Int, _ end: Int, _ date: Date, clock: inout LocalClock
    ) -> Reading {
        guard let hour = number(line, &at, end, 2), skip(line, &at, end, ":", ":"),
            let minute = number(line, &at, end, 2)
        else { return .unreadable }
        var second: Int64 = 0
        if at < end, line[at] == .colon {
            at += 1
            guard let given = number(line, &at, end, 2) else { return .unreadable }
            second = given
        }
        if date.year <= 1 || date.isZero && hour | minute | second == 0 { return .none }
        guard let days = date.days, hour < 24, minute < 60, second <= 60 else { return .unreadable }
        let fraction = fractionMicros(line, &at, end)
        let local = days * 86400 + hour * 3600 + minute * 60 + second
        let (earlier, later): (Int64, Int64)
        if at == end {
            (earlier, later) = clock.instants(local)
        } else {
            guard let offset = zoneSeconds(line, at, end) else { return .unreadable }
            (earlier, later) = (local - offset, local - offset)
        }
        // The zero of a clock in any zone: it did not happen.
        if later <= 0 { return .none }
        return .time(CDRTime(earlier: earlier * 1_000_000 + fraction, later: later * 1_000_000 + fraction))
    }

    /// An offset, with or without a blank before it and followed by the zone's name, as Go prints it (`+0200 CEST`), or
    /// `UTC` alone; in seconds.
    static func zoneSeconds(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        let rest = line.trimmingBlanks(start..<end)
        let word = rest.lowerBound..<(line.first(.space, in: rest) ?? rest.upperBound)
        if line.equals("utc", word) || line.equals("gmt", word) { return word == rest ? 0 : nil }
        let name = line.trimmingBlanks(word.upperBound..<rest.upperBound)
        guard name.allSatisfy({ line[$0].isLetter || line[$0].isDigit || line[$0] == 0x2B || line[$0] == 0x2D }) else {
            return nil
        }
        return offsetSeconds(line, word.lowerBound, word.upperBound)
    }

    /// `Z`, `+hh:mm`, `+hhmm` or `+hh` between `start` and `end`, in seconds.
    static func offsetSeconds(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        var at = start
        guard at < end else { return nil }
        let sign = line[at]
        at += 1
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return at == end ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(line, &at, end, 2) else {
            return nil
        }
        if at < end, line[at] == UInt8(ascii: ":") { at += 1 }
        var minutes: Int64 = 0
        if at < end {
            guard let given = number(line, &at, end, 2) else { return nil }
            minutes = given
        }
        guard at == end, hours <= 18, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// An optional `.123456789`; digits past the sixth are dropped.
    static func fractionMicros(_ line: Span<UInt8>, _ at: inout Int, _ end: Int) -> Int64 {
        guard at < end, line[at] == UInt8(ascii: ".") || line[at] == UInt8(ascii: ",") else { return 0 }
        at += 1
        var micros: Int64 = 0
        var place: Int64 = 100_000
        while at < end {
            let digit = line[at] &- UInt8(ascii: "0")
            if digit > 9 { break }
            micros += Int64(digit) * place
            place /= 10
            at += 1
        }
        return micros
    }

    static func number(_ line: Span<UInt8>, _ at: inout Int, _ end: Int, _ width: Int) -> Int64? {
        guard end - at >= width else { return nil }
        var value: Int64 = 0
        for index in at..<at + width {
            let digit = line[index] &- UInt8(ascii: "0")
            if digit > 9 { return nil }
            value = value * 10 + Int64(digit)
        }
        at += width
        return value
    }

    static func skip(
        _ line: Span<UInt8>, _ at: inout Int, _ end: Int, _ one: Unicode.Scalar, _ other: Unicode.Scalar
    ) -> Bool {
        guard at < end, line[at] == UInt8(ascii: one) || line[at] == UInt8(ascii: other) else { return false }
        at += 1
        return true
    }

    static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

/// Days of the Gregorian calendar.
enum CivilDay {
    /// Days since 1970-01-01 of a date from the year 1970 on: whole years, the leap days before them, and the days of
    /// the year counted from March, so that the leap day comes last.
    static func sinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let marchMonth = month <= 2 ? month + 9 : month - 3
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        // 719,468 days lie between 0000-03-01 and 1970-01-01.
        return marchYear * 365 + leapDays + dayOfYear - 719_468
    }
}
