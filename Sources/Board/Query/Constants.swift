// Constants as people write them, read without floating point.

enum Money {
    /// 10^-6 of a unit from a decimal number (`12.5`, `-0.000001`); nil when it has more than six decimals or an
    /// exponent, or does not fit.
    static func micros(_ text: String) -> Int64? {
        var digits = Substring(text)
        let negative = digits.first == "-"
        if negative || digits.first == "+" { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard whole.count + fraction.count > 0, fraction.count <= 6,
            (whole + fraction).allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        let padded = whole + fraction + String(repeating: "0", count: 6 - fraction.count)
        return Int64((negative ? "-" : "") + padded)
    }

    /// An amount as a decimal number with as many decimals as it needs.
    static func text(_ micros: Int64) -> String {
        let magnitude = micros.magnitude
        var fraction = String(1_000_000 + magnitude % 1_000_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return (micros < 0 ? "-" : "") + String(magnitude / 1_000_000) + (fraction.isEmpty ? "" : "." + fraction)
    }
}

enum Timestamp {
    /// Microseconds since 1970 from `2026-11-22T15:00:00Z`, seconds with up to six decimals; nil for anything else.
    static func micros(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        let marks: [(Int, UInt8)] = [(4, 45), (7, 45), (10, 84), (13, 58), (16, 58)]
        guard marks.allSatisfy({ bytes[$0.0] == $0.1 }) else { return nil }
        guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var micros: Int64 = 0
        if bytes.count > 20 {
            let fraction = bytes[20..<(bytes.count - 1)]
            guard bytes[19] == UInt8(ascii: "."), (1...6).contains(fraction.count), let value = number(fraction) else {
                return nil
            }
            micros = value * [100_000, 10_000, 1_000, 100, 10, 1][fraction.count - 1]
        }
        let seconds = (days(year, month, day) * 24 + hour) * 3_600 + minute * 60 + second
        return seconds * 1_000_000 + micros
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard !bytes.isEmpty, bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// Days from 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day is the last of a
    /// year.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
