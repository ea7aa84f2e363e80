// Whether a customer's ASR has fallen: the calls of a recent window against those of the 24 hours that are not in it.
//
// ASR differs from one quarter of an hour to the next although nothing is wrong: other destinations, other hours. How much is
// measured over all customers (`AnswerDispersion`), and a fall counts when it is too large for that and for chance.

/// A customer's recent calls and those before.
struct AnswerDrop {
    /// Outcomes of the recent window, and answers.
    let recent: (count: Int64, answered: Int64)
    /// The same of the day before it.
    let before: (count: Int64, answered: Int64)

    /// Half an answer more keeps it off 0 and 1.
    private var mean: Double { (Double(before.answered) + 0.5) / (Double(before.count) + 1) }
    private var ratio: Double { Double(recent.answered) / Double(recent.count) }

    /// How far ASR has fallen, points.
    var points: Double { 100 * (mean - ratio) }

    /// What the recent share varies by, as a part of mean * (1 - mean): what calls of one time have in common, twice if the day
    /// before has no more of it, and the chance in the day's own figure.
    private func correlation(_ dispersion: Double) -> Double {
        let pieces = max(1, Double(before.count) / Double(recent.count))
        return min(0.5, dispersion * (1 + 1 / pieces) + 1 / Double(before.count))
    }

    private func distribution(_ dispersion: Double) -> BetaBinomial {
        BetaBinomial(count: recent.count, mean: mean, correlation: correlation(dispersion))
    }

    /// The probability of so few answers, if nothing is wrong.
    func probability(_ dispersion: Double) -> Double { distribution(dispersion).tail(recent.answered) }

    /// Whether it is less likely than a level. Almost always one division says no.
    func isUnlikely(_ dispersion: Double, level: Double) -> Bool {
        let mean = mean
        let distance = mean - ratio
        guard distance > 0 else { return false }
        let variance = mean * (1 - mean) * (correlation(dispersion) + 1 / Double(recent.count))
        // Near the mean nothing is as rare as a level can be set. Below half of it something may be, however wide the spread: of a
        // low ASR no answer at all in many calls.
        if level <= 0.01 && 2 * ratio >= mean && distance * distance < 3 * variance { return false }
        return distribution(dispersion).isTail(recent.answered, below: level)
    }

    /// What it tells of the dispersion, for one of so much: a numerator and a denominator, with the weight of what chance has
    /// left of it, and whether it was cut.
    func evidence(_ dispersion: Double) -> (numerator: Double, denominator: Double, weight: Double, isCut: Bool)? {
        let mean = mean
        guard mean > 0.02, mean < 0.98 else { return nil }
        let chance = 1 / Double(recent.count) + 1 / Double(before.count)
        let share = 1 + 1 / max(1, Double(before.count) / Double(recent.count)) - 1 / Double(recent.count)
        let expected = dispersion * share + chance
        let distance = mean - ratio
        let square = distance * distance / (mean * (1 - mean))
        // What lies further out is a fault somewhere, and says nothing of days without one.
        let isCut = square > 9 * expected
        let weight = dispersion / expected
        return (
            weight * weight * (min(square, 9 * expected) - chance), weight * weight * share, weight * weight, isCut
        )
    }
}

/// How much ASR differs from time to time beyond chance, as the correlation of two calls of one time, pooled over customers and
/// a day. 0.01 is a standard deviation of 5 points at an ASR of 50.
struct AnswerDispersion: Sendable {
    /// Until enough is known, and never far from it before.
    static let prior = 0.01
    /// 1.6 and 16 points at an ASR of 50: calls were never more alike, and beyond it nothing could be told.
    static let bounds = 0.001...0.1
    /// What the prior weighs: fifty customers with many calls for a quarter of an hour, in customer-seconds.
    private static let priorWeight = 45_000.0
    /// Evidence fades with this time constant, so that a day's pattern is in it and a fault of an hour hardly.
    private static let memorySeconds = 86_400.0

    private(set) var value = prior
    private var numerator = 0.0
    private var denominator = 0.0
    private var round = (numerator: 0.0, denominator: 0.0, weight: 0.0, cut: 0.0)

    /// One customer of a round through all.
    mutating func add(_ drop: AnswerDrop) {
        guard let evidence = drop.evidence(value) else { return }
        round.numerator += evidence.numerator
        round.denominator += evidence.denominator
        round.weight += evidence.weight
        if evidence.isCut { round.cut += evidence.weight }
    }

    /// - Parameter seconds: since the last round.
    mutating func endRound(seconds: Int64) {
        defer { round = (0, 0, 0, 0) }
        let seconds = Double(min(max(seconds, 0), 60))
        // Where a third of all lie far out something has happened to everybody: that is no dispersion.
        guard seconds > 0, round.denominator > 0, round.cut < 0.3 * round.weight else { return }
        let kept = 1 - seconds / Self.memorySeconds
        numerator = numerator * kept + round.numerator * seconds
        denominator = denominator * kept + round.denominator * seconds
        let pooled = (Self.prior * Self.priorWeight + numerator) / (Self.priorWeight + denominator)
        value = min(max(pooled, Self.bounds.lowerBound), Self.bounds.upperBound)
    }
}
