// The probability of so few answers if nothing has changed: the lower tail of a beta-binomial distribution, calls of
// which each is answered with a probability that itself varies over time.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

struct BetaBinomial {
    let count: Double
    let alpha: Double
    let beta: Double

    /// Up to this many answers the terms are added one by one, in some microseconds; larger counts are continuous.
    private static let termsAtMost = 4_096.0

    /// - Parameters:
    ///   - count: number of calls.
    ///   - mean: the expected share of answered calls, strictly between 0 and 1.
    ///   - correlation: how much calls at the same time have in common, strictly between 0 and 1: 0 would be the
    ///     binomial distribution.
    init(count: Int64, mean: Double, correlation: Double) {
        let precision = 1 / correlation - 1
        (self.count, alpha, beta) = (Double(count), mean * precision, (1 - mean) * precision)
    }

    init(count: Int64, alpha: Double, beta: Double) {
        (self.count, self.alpha, self.beta) = (Double(count), alpha, beta)
    }

    /// The probability of at most this many answers.
    func tail(_ answered: Int64) -> Double {
        guard Double(answered) < count else { return 1 }
        return Double(answered) <= Self.termsAtMost ? sum(Double(answered), above: .infinity) : continuousTail(answered)
    }

    /// Whether `tail` is below a level; usually one term decides it.
    func isTail(_ answered: Int64, below level: Double) -> Bool {
        guard Double(answered) < count else { return false }
        return Double(answered) <= Self.termsAtMost
            ? sum(Double(answered), above: level) < level : continuousTail(answered) < level
    }

    /// Sums the terms from this one down to 0; stops when the sum exceeds a level, or no longer can.
    private func sum(_ answered: Double, above level: Double) -> Double {
        var term = exp(logTerm(answered))
        var sum = term
        // Then the ratio of each term to the one above it falls on the way down.
        let isConcave = alpha >= 1 && beta >= 1
        let least = level.isFinite ? level : sum * 1e-17
        var left = answered
        while left > 0 && sum < level {
            let ratio = left * (count - left + beta) / ((count - left + 1) * (left - 1 + alpha))
            if isConcave && ratio < 1 {
                let rest = term * ratio / (1 - ratio)
                if level.isFinite ? sum + rest < least : rest <= least { break }
            }
            term *= ratio
            sum += term
            left -= 1
        }
        return level.isFinite ? sum : min(1, sum)
    }

    /// The beta distribution with the same mean and spread.
    private func continuousTail(_ answered: Int64) -> Double {
        let precision = alpha + beta
        let correlation = 1 / (precision + 1)
        let same = 1 / (correlation + (1 - correlation) / count) - 1
        return LogGamma.incompleteBeta(
            (Double(answered) + 0.5) / count, alpha / precision * same, beta / precision * same)
    }

    /// The logarithm of the probability of exactly this many answers.
    private func logTerm(_ answered: Double) -> Double {
        let others = count - answered
        let ways = LogGamma.of(count + 1) - LogGamma.of(answered + 1) - LogGamma.of(others + 1)
        let drawn = LogGamma.of(answered + alpha) + LogGamma.of(others + beta) - LogGamma.of(count + alpha + beta)
        return ways + drawn + LogGamma.of(alpha + beta) - LogGamma.of(alpha) - LogGamma.of(beta)
    }
}

enum LogGamma {
    /// The logarithm of the gamma function of a number above 0, to about 13 digits: Stirling's series (DLMF 5.11.1),
    /// smaller numbers moved up to where it converges.
    static func of(_ number: Double) -> Double {
        var (x, product) = (number, 1.0)
        while x < 10 {
            product *= x
            x += 1
        }
        let inverse = 1 / x
        let square = inverse * inverse
        let series =
            inverse
            * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square * (1.0 / 1_680 - square / 1_188))))
        return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_74 + series - log(product)
    }

    /// The regularised incomplete beta function (DLMF 8.17.22) by its continued fraction, evaluated as Lentz did.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let front = exp(of(a + b) - of(a) - of(b) + a * log(x) + b * log(1 - x)) / a
        let tiny = 1e-300
        func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / guarded(1 - (a + b) * x / (a + 1))
        var fraction = d
        for step in 1...512 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / guarded(1 + even * d)
            c = guarded(1 + even / c)
            fraction *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / guarded(1 + odd * d)
            c = guarded(1 + odd / c)
            fraction *= d * c
            if abs(d * c - 1) < 1e-13 { break }
        }
        return front * fraction
    }
}
