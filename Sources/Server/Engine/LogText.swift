// Times as shown in the log and in messages.

import Glibc

enum LogText {
    /// `2026-03-04T05:06:07Z`, rounded down; years after 9999 have more digits.
    static func time(_ micros: Int64) -> String {
        var seconds = time_t(micros.quotientRoundedDown(by: 1_000_000))
        var parts = tm()
        var text = [CChar](repeating: 0, count: 40)
        gmtime_r(&seconds, &parts)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `0.27 s`.
    static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let hundredths = seconds * 100 + (attoseconds + 5_000_000_000_000_000) / 10_000_000_000_000_000
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }

    /// Seconds without a sign, with one decimal, rounded: `3600.0`.
    static func tenths(micros: Int64) -> String {
        let tenths = (micros.magnitude + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// A duration in its two largest units: `1 d 2 h`, `59 min 56 s`, `7 s`.
    static func length(micros: Int64) -> String {
        let seconds = max(0, micros / 1_000_000)
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60)
        if days > 0 { return "\(days) d \(hours) h" }
        if hours > 0 { return "\(hours) h \(minutes) min" }
        if minutes > 0 { return "\(minutes) min \(seconds % 60) s" }
        return "\(seconds) s"
    }
}

extension Int64 {
    fileprivate func quotientRoundedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
