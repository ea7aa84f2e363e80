/// Durations as people and databases write them.
extension CDRNumber {
    /// Microseconds of a bare number of `unitMicros`, or of a duration with its own unit: `01:09:30`, `9:30`, `1m30s`,
    /// `250ms`.
    static func duration(
        _ line: Span<UInt8>, _ field: CDRField, unitMicros: Int64, takesComma: Bool
    ) -> Int64? {
        // Nearly all are bare numbers.
        if let millionths = fixed(line, field, places: 6, takesComma: takesComma) {
            if unitMicros == 1_000_000 { return millionths }
            let (product, overflow) = millionths.multipliedReportingOverflow(by: unitMicros / 1_000)
            return overflow ? nil : rounded(product, 1_000)
        }
        if line.first(.colon, in: field.start..<field.end) != nil { return clockDuration(line, field, takesComma) }
        return goDuration(line, field).map { rounded($0, 1_000) }
    }

    private static func rounded(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest.magnitude * 2 >= divisor.magnitude ? quotient + rest.signum() : quotient
    }

    /// `hh:mm:ss` or `mm:ss`, with decimals of the seconds; hours, or the minutes of two parts, may be any number.
    private static func clockDuration(_ line: Span<UInt8>, _ field: CDRField, _ takesComma: Bool) -> Int64? {
        var total: Int64 = 0
        var parts = 0
        var start = field.start
        while let colon = line.first(.colon, in: start..<field.end) {
            guard parts < 2, let value = whole(line, CDRField(start: start, end: colon)), value < 10_000_000,
                parts == 0 || value < 60
            else { return nil }
            total = total * 60 + value
            parts += 1
            start = colon + 1
        }
        let last = CDRField(start: start, end: field.end)
        guard parts > 0, last.end - last.start >= 2, line[start].isDigit,
            let seconds = fixed(line, last, places: 6, takesComma: takesComma), seconds < 60_000_000
        else { return nil }
        return total * 60_000_000 + seconds
    }
}
