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
        let distance = ratio - mean
        // How far it goes up when nothing is wrong is how far it goes down; what went down may be a fault. So an outage of many
        // customers does not hide itself and those that follow.
        guard distance >= 0 else { return nil }
        let square = distance * distance / (mean * (1 - mean))
        // What lies further out is the end of a fault, and says nothing of days without one.
        let isCut = square > 9 * expected
        let weight = dispersion / expected
        return (
            weight * weight * (min(square, 9 * expected) - chance), weight * weight * share, weight * weight, isCut
        )
    }
}
