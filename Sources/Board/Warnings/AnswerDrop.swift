// Whether a customer's ASR has fallen: the calls of a recent window against the other calls of the last 24 hours.
//
// ASR varies from one quarter of an hour to the next although nothing is wrong: other destinations, other hours. How
// much is measured over all customers (`AnswerDispersion`), and a drop counts if too large for that and for chance.

/// A customer's recent calls and its earlier ones.
struct AnswerDrop {
    /// Outcomes in the recent window, and the answers among them.
    let recent: (count: Int64, answered: Int64)
    /// Outcomes and answers of the day before that window.
    let before: (count: Int64, answered: Int64)

    /// Half an answer more keeps it away from 0 and 1.
    private var mean: Double { (Double(before.answered) + 0.5) / (Double(before.count) + 1) }
    private var ratio: Double { Double(recent.answered) / Double(recent.count) }

    /// How far ASR has fallen, in points.
    var points: Double { 100 * (mean - ratio) }

    /// The variance of the recent share, as a fraction of mean * (1 - mean): what calls at the same time have in
    /// common, twice if the day before is no longer than the window, plus the chance in the day's own figure.
    private func correlation(_ dispersion: Double) -> Double {
        let pieces = max(1, Double(before.count) / Double(recent.count))
        return min(0.5, dispersion * (1 + 1 / pieces) + 1 / Double(before.count))
    }

    private func distribution(_ dispersion: Double) -> BetaBinomial {
        BetaBinomial(count: recent.count, mean: mean, correlation: correlation(dispersion))
    }

    /// The probability of so few answers if nothing is wrong.
    func probability(_ dispersion: Double) -> Double { distribution(dispersion).tail(recent.answered) }

    /// Whether the drop is less likely than a level. Almost always one division says no.
    func isUnlikely(_ dispersion: Double, level: Double) -> Bool {
        let mean = mean
        let distance = mean - ratio
        guard distance > 0 else { return false }
        let variance = mean * (1 - mean) * (correlation(dispersion) + 1 / Double(recent.count))
        // Near the mean nothing is as rare as any level that can be set. Below half of the mean it may be, however wide
        // the spread: with a low ASR, no answer at all in many calls.
        if level <= 0.01 && 2 * ratio >= mean && distance * distance < 3 * variance { return false }
        return distribution(dispersion).isTail(recent.answered, below: level)
    }

    /// What it contributes to the dispersion: a numerator and a denominator, with the weight that chance leaves, and
    /// whether it was cut.
    func evidence(_ dispersion: Double) -> (numerator: Double, denominator: Double, weight: Double, isCut: Bool)? {
        let mean = mean
        guard mean > 0.02, mean < 0.98 else { return nil }
        let chance = 1 / Double(recent.count) + 1 / Double(before.count)
        let share = 1 + 1 / max(1, Double(before.count) / Double(recent.count)) - 1 / Double(recent.count)
        let expected = dispersion * share + chance
        let distance = ratio - mean
        // Without faults ASR rises as far as it falls; a fall may be a fault. So an outage of many customers does not
        // hide itself and later ones.
        guard distance >= 0 else { return nil }
        let square = distance * distance / (mean * (1 - mean))
        // Anything further out is the end of a fault, and says nothing about days without one.
        let isCut = square > 9 * expected
        let weight = dispersion / expected
        return (
            weight * weight * (min(square, 9 * expected) - chance), weight * weight * share, weight * weight, isCut
        )
    }
}
