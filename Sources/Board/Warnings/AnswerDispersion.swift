// How much ASR differs from time to time, although nothing is wrong: measured over all customers, for each window by itself.

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

    init() {}

    /// As it was saved: what it came to, and the weight of the evidence.
    init(value: Double, weight: Double) {
        guard Self.bounds.contains(value), weight.isFinite, weight >= 0 else { return }
        (self.value, denominator) = (value, weight)
        numerator = value * (Self.priorWeight + weight) - Self.prior * Self.priorWeight
    }

    /// Of the evidence, customer-seconds.
    var weight: Double { denominator }

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
