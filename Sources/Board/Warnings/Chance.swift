// Whether a figure of few calls shows that a threshold is crossed, or may be chance.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

enum Chance {
    /// The probability of at most `hits` of `count`, each with probability `share`.
    static func atMost(_ hits: Int64, of count: Int64, share: Double) -> Double {
        if hits >= count { return 1 }
        if hits < 0 { return 0 }
        return LogGamma.incompleteBeta(1 - share, Double(count - hits), Double(hits) + 1)
    }

    /// The probability of at least `hits` of `count`.
    static func atLeast(_ hits: Int64, of count: Int64, share: Double) -> Double {
        if hits <= 0 { return 1 }
        if hits > count { return 0 }
        return LogGamma.incompleteBeta(share, Double(hits), Double(count - hits) + 1)
    }

    /// The probability that the mean of `count` durations is at most `mean`, if they are exponential with the mean
    /// `expected`: the root of a gamma distribution is normal to three digits (Wilson and Hilferty, 1931).
    static func meanAtMost(_ mean: Double, of count: Int64, expected: Double) -> Double {
        guard mean > 0, expected > 0, count > 0 else { return 0 }
        let ninth = 1 / (9 * Double(count))
        let distance = (pow(mean / expected, 1.0 / 3) - (1 - ninth)) / ninth.squareRoot()
        return 0.5 * erfc(-distance / 2.0.squareRoot())
    }
}
