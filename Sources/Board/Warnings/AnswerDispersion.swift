// How much ASR varies over time although nothing is wrong: measured over all customers, for each window separately.

/// How much ASR varies over time beyond chance, as the correlation of two calls at the same time, pooled over customers
/// and a day. 0.01 is a standard deviation of 5 points at an ASR of 50.
struct AnswerDispersion: Sendable {
    /// Used until enough is known; early values stay near it.
    static let prior = 0.01
    /// 1.6 and 16 points at an ASR of 50: calls were never more alike, and beyond 16 no drop could be detected.
    static let bounds = 0.001...0.1
    /// The prior's weight: fifty customers with many calls for a quarter of an hour, in customer-seconds.
    private static let priorWeight = 45_000.0
    /// Evidence fades with this time constant, so that it covers a day's pattern and hardly an hour's fault.
    private static let memorySeconds = 86_400.0

    private(set) var value = prior
    private var numerator = 0.0
    private var denominator = 0.0
    private var round = (numerator: 0.0, denominator: 0.0, weight: 0.0, cut: 0.0)

    init() {}

    /// The dispersion as saved: its value, and the weight of the evidence.
    init(value: Double, weight: Double) {
        guard Self.bounds.contains(value), weight.isFinite, weight >= 0 else { return }
        (self.value, denominator) = (value, weight)
        numerator = value * (Self.priorWeight + weight) - Self.prior * Self.priorWeight
    }

    /// The weight of the evidence, customer-seconds.
    var weight: Double { denominator }

    /// Adds one customer in a round through all.
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
        // Where a third of them are far out, something has happened to all customers: that is no dispersion.
        guard seconds > 0, round.denominator > 0, round.cut < 0.3 * round.weight else { return }
        let kept = 1 - seconds / Self.memorySeconds
        numerator = numerator * kept + round.numerator * seconds
        denominator = denominator * kept + round.denominator * seconds
        let pooled = (Self.prior * Self.priorWeight + numerator) / (Self.priorWeight + denominator)
        value = min(max(pooled, Self.bounds.lowerBound), Self.bounds.upperBound)
    }
}
