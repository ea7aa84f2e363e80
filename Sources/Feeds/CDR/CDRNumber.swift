/// Numbers of a row, read from bytes with exact integer arithmetic. `nil` means: not a number, or out of range.
enum CDRNumber {
    /// One to eighteen decimal digits and nothing else, like nearly all numbers.
    static func whole(_ line: Span<UInt8>, _ field: CDRField) -> Int64? {
        guard (1...18).contains(field.end - field.start) else { return nil }
        var value: Int64 = 0
        for at in field.start..<field.end {
            let digit = line[at] &- UInt8(ascii: "0")
            if digit > 9 { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// Decimal digits with an optional minus sign, and nothing else.
    static func integer(_ line: Span<UInt8>, _ field: CDRField) -> Int64? {
        if let whole = whole(line, field) { return whole }
        var at = field.start
        guard at < field.end else { return nil }
        let isNegative = line[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        guard let magnitude = digits(line, &at, field.end), at == field.end else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    /// A decimal number such as `12`, `-0.0273` or `.5` times 10^`places`, rounded to nearest (halves away from zero).
    /// `takesComma`: the file is not split at commas, so a comma is a decimal mark as well.
    static func fixed(_ line: Span<UInt8>, _ field: CDRField, places: Int, takesComma: Bool = false) -> Int64? {
        var at = field.start
        guard at < field.end else { return nil }
        let isNegative = line[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        guard let magnitude = scaled(line, &at, field.end, places: places, takesComma: takesComma), at == field.end
        else {
            return nil
        }
        return isNegative ? -magnitude : magnitude
    }

    /// An amount in millionths, rounded to nearest; also with an exponent, as JSON has it below a millionth (`5e-07`).
    static func amount(_ line: Span<UInt8>, _ field: CDRField, takesComma: Bool) -> Int64? {
        var mark = field.start
        while mark < field.end, line[mark] | 0x20 != UInt8(ascii: "e") { mark += 1 }
        if mark == field.end { return fixed(line, field, places: 6, takesComma: takesComma) }
        var power = CDRField(start: mark + 1, end: field.end)
        if power.start < power.end, line[power.start] == UInt8(ascii: "+") { power.start += 1 }
        let mantissa = CDRField(start: field.start, end: mark)
        guard let exponent = integer(line, power), (-400...12).contains(exponent) else { return nil }
        if exponent >= -6 { return fixed(line, mantissa, places: 6 + Int(exponent), takesComma: takesComma) }
        // JSON's mantissa has one digit before the point: less than 10 x 10^-7. Nine decimals, so that 4.95 is not
        // rounded to 5 before it is compared.
        guard let digits = fixed(line, mantissa, places: 9, takesComma: takesComma) else { return nil }
        return exponent == -7 && digits.magnitude >= 5_000_000_000 ? digits.signum() : 0
    }

    /// A duration as Go prints it (`9.77s`, `1h2m3s`, `10ms`) or a bare number of nanoseconds, in nanoseconds.
    static func goDuration(_ line: Span<UInt8>, _ field: CDRField) -> Int64? {
        if let bare = integer(line, field) { return bare }
        var at = field.start
        guard at < field.end else { return nil }
        let isNegative = line[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var total: Int64 = 0
        guard at < field.end else { return nil }
        while at < field.end {
            // Seven decimals of the unit are used: a tenth of a microsecond of a second.
            guard let amount = scaled(line, &at, field.end, places: 7),
                let unit = goUnit(line, &at, field.end)
            else { return nil }
            let (whole, partial) = amount.quotientAndRemainder(dividingBy: 10_000_000)
            let (part, overflow) = whole.multipliedReportingOverflow(by: unit)
            // `partial` is below 10^7, so the quotient is below `unit` and fits.
            let rest = Int64(10_000_000).dividingFullWidth(partial.multipliedFullWidth(by: unit)).quotient
            let (sum, overflow2) = part.addingReportingOverflow(rest)
            let (next, overflow3) = total.addingReportingOverflow(sum)
            if overflow || overflow2 || overflow3 { return nil }
            total = next
        }
        return isNegative ? -total : total
    }

    /// Digits from `at` on, at least one; advances `at` past them.
    static func digits(_ line: Span<UInt8>, _ at: inout Int, _ end: Int) -> Int64? {
        let start = at
        var value: Int64 = 0
        while at < end {
            let digit = line[at] &- UInt8(ascii: "0")
            if digit > 9 { break }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow2) = tenfold.addingReportingOverflow(Int64(digit))
            if overflow || overflow2 { return nil }
            value = next
            at += 1
        }
        return at == start ? nil : value
    }

    /// Digits with an optional fraction, times 10^`places`; advances `at` past them.
    private static func scaled(
        _ line: Span<UInt8>, _ at: inout Int, _ end: Int, places: Int, takesComma: Bool = false
    ) -> Int64? {
        var value: Int64 = 0
        var decimals = -1
        var roundUp = false
        let start = at
        while at < end {
            let byte = line[at]
            if byte == UInt8(ascii: ".") || takesComma && byte == .comma, decimals < 0 {
                decimals = 0
                at += 1
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 { break }
            at += 1
            if decimals >= places {
                if decimals == places { roundUp = digit >= 5 }
                decimals += 1
                continue
            }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow2) = tenfold.addingReportingOverflow(Int64(digit))
            if overflow || overflow2 { return nil }
            value = next
            if decimals >= 0 { decimals += 1 }
        }
        if at == start || (at == start + 1 && decimals == 0) { return nil }
        var missing = places - max(decimals, 0)
        while missing > 0 {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = tenfold
            missing -= 1
        }
        let (rounded, overflow) = value.addingReportingOverflow(roundUp ? 1 : 0)
        return overflow ? nil : rounded
    }

    /// The nanoseconds in a unit of Go's durations.
    private static func goUnit(_ line: Span<UInt8>, _ at: inout Int, _ end: Int) -> Int64? {
        guard at < end else { return nil }
        let letter = line[at]
        let next = at + 1 < end ? line[at + 1] : 0
        switch letter {
        case UInt8(ascii: "h"):
            at += 1
            return 3_600_000_000_000
        case UInt8(ascii: "m"):
            at += next == UInt8(ascii: "s") ? 2 : 1
            return next == UInt8(ascii: "s") ? 1_000_000 : 60_000_000_000
        case UInt8(ascii: "s"):
            at += 1
            return 1_000_000_000
        case UInt8(ascii: "u") where next == UInt8(ascii: "s"):
            at += 2
            return 1000
        case 0xC2 where next == 0xB5 && at + 2 < end && line[at + 2] == UInt8(ascii: "s"):  // the micro sign
            at += 3
            return 1000
        case UInt8(ascii: "n") where next == UInt8(ascii: "s"):
            at += 2
            return 1
        default: return nil
        }
    }
}
