/// Times that are neither numbers nor `YYYY-MM-DD hh:mm:ss`.
extension CDRTimeParser {
    /// `20.11.2026 10:00:00`: the day first, as usual with dots between the parts.
    static func isDotted(_ line: Span<UInt8>, _ field: CDRField) -> Bool {
        field.end - field.start > 10 && line[field.start + 2] == UInt8(ascii: ".")
            && line[field.start + 5] == UInt8(ascii: ".")
    }

    static func dotted(_ line: Span<UInt8>, _ field: CDRField, clock: inout LocalClock) -> Reading {
        var at = field.start
        guard let day = number(line, &at, field.end, 2), skip(line, &at, field.end, ".", "."),
            let month = number(line, &at, field.end, 2), skip(line, &at, field.end, ".", "."),
            let year = number(line, &at, field.end, 4), skip(line, &at, field.end, " ", "T")
        else { return .unreadable }
        return clockTime(line, &at, field.end, Date(year: year, month: month, day: day), clock: &clock)
    }

    /// `20261120100000`. As milliseconds it would be in a later century.
    static func compact(_ line: Span<UInt8>, _ field: CDRField, clock: inout LocalClock) -> Reading? {
        guard field.end - field.start == 14 else { return nil }
        var at = field.start
        guard let year = number(line, &at, field.end, 4), (1970...2199).contains(year),
            let month = number(line, &at, field.end, 2), let day = number(line, &at, field.end, 2),
            let hour = number(line, &at, field.end, 2), let minute = number(line, &at, field.end, 2),
            let second = number(line, &at, field.end, 2), hour < 24, minute < 60, second <= 60,
            let days = Date(year: year, month: month, day: day).days
        else { return nil }
        let (earlier, later) = clock.instants(days * 86400 + hour * 3600 + minute * 60 + second)
        return .time(CDRTime(earlier: earlier * 1_000_000, later: later * 1_000_000))
    }

    /// Whether the hour comes first: `10:00:00.250 UTC NOV 20 2026`, preceded by `*` or `.` if the clock is not set.
    static func isHourFirst(_ line: Span<UInt8>, _ field: CDRField) -> Bool {
        let start = hourStart(line, field)
        return field.end - start > 12 && line[start + 2] == .colon
    }

    private static func hourStart(_ line: Span<UInt8>, _ field: CDRField) -> Int {
        let mark = line[field.start]
        return mark == UInt8(ascii: "*") || mark == UInt8(ascii: ".") ? field.start + 1 : field.start
    }

    /// The time as Cisco, and programs with its attributes, write it: hour, zone, month and day, year; a day of the
    /// week may precede the month. A zone other than UTC is that of `clock`, unless that is UTC itself: then it is
    /// unknown.
    static func hourFirst(_ line: Span<UInt8>, _ field: CDRField, clock: inout LocalClock) -> Reading {
        var at = hourStart(line, field)
        guard let hour = number(line, &at, field.end, 2), skip(line, &at, field.end, ":", ":"),
            let minute = number(line, &at, field.end, 2), skip(line, &at, field.end, ":", ":"),
            let second = number(line, &at, field.end, 2), hour < 24, minute < 60, second <= 60
        else { return .unreadable }
        let fraction = fractionMicros(line, &at, field.end)
        guard let zone = word(line, &at, field.end), var name = word(line, &at, field.end) else { return .unreadable }
        var month = Self.month(line, name)
        if month == nil, let next = word(line, &at, field.end) {
            name = next
            month = Self.month(line, name)
        }
        guard let month, let dayField = word(line, &at, field.end), let day = CDRNumber.integer(line, dayField),
            let yearField = word(line, &at, field.end), let year = CDRNumber.integer(line, yearField),
            word(line, &at, field.end) == nil, let days = Date(year: year, month: month, day: day).days
        else { return .unreadable }
        if year < 1970 { return .none }
        let local = days * 86400 + hour * 3600 + minute * 60 + second
        let (earlier, later): (Int64, Int64)
        if let offset = zoneSeconds(line, zone.start, zone.end) {
            (earlier, later) = (local - offset, local - offset)
        } else if !clock.isUTC, (zone.start..<zone.end).allSatisfy({ line[$0].isLetter }) {
            (earlier, later) = clock.instants(local)
        } else {
            return .unreadable
        }
        if later <= 0 { return .none }
        return .time(CDRTime(earlier: earlier * 1_000_000 + fraction, later: later * 1_000_000 + fraction))
    }

    /// The next word; advances `at` past it.
    private static func word(_ line: Span<UInt8>, _ at: inout Int, _ end: Int) -> CDRField? {
        while at < end, line[at].isBlank || line[at] == .comma { at += 1 }
        let start = at
        while at < end, !line[at].isBlank, line[at] != .comma { at += 1 }
        return at > start ? CDRField(start: start, end: at) : nil
    }

    /// 1...12; nil: not a month's name.
    private static func month(_ line: Span<UInt8>, _ field: CDRField) -> Int64? {
        guard field.end - field.start >= 3 else { return nil }
        let names: [StaticString] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ]
        // A name, and not one of `Monday` or `Sunday` that begins like one: none does.
        return names.firstIndex { line.begins(with: $0, field.start..<field.end) }.map { Int64($0) + 1 }
    }
}
