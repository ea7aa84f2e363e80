// What metrics are made of, as data: a small sum of a window's counters, sums and gauges, each with a factor. A query
// adds up the columns behind it; a row, a group and the total evaluate it in the same way.

/// A column that traffic changes.
enum MetricInput: Hashable, Sendable {
    case counter(CounterField)
    case sum(SumField)
    /// Most set-ups in one second. For several customers the largest counts: their seconds need not be the same.
    case cpsPeak
    case active
    /// The part of `active` that goes to the customer.
    case inboundActive
    case cps

    /// Whether it is a gauge: the same in every window.
    var isGauge: Bool { self == .active || self == .inboundActive || self == .cps }
}

struct MetricSum: Equatable, Sendable {
    struct Term: Equatable, Sendable {
        var input: MetricInput
        var factor: Int64
    }

    var terms: [Term]

    init(_ terms: [Term]) { self.terms = terms }
    init(_ input: MetricInput) { terms = [Term(input: input, factor: 1)] }
    init(_ field: CounterField) { self.init(.counter(field)) }
    init(_ field: SumField) { self.init(.sum(field)) }

    static let active = MetricSum(.active)
    static let inboundActive = MetricSum(.inboundActive)
    static let cps = MetricSum(.cps)
    static let cpsPeak = MetricSum(.cpsPeak)
    static let attempts = MetricSum([
        Term(input: .counter(.bids), factor: 1), Term(input: .counter(.blockedSetups), factor: -1),
    ])
    /// Outcomes of every class except answered.
    static let failed = MetricSum(OutcomeClass.allCases.dropFirst().flatMap { outcomes(of: $0).terms })

    static func outcomes(of outcome: OutcomeClass) -> MetricSum {
        CounterField(rawValue: CounterField.outcome(Int(outcome.rawValue))).map { MetricSum($0) } ?? MetricSum([])
    }

    /// The sum for a tally. Wraps where the true sum does not fit 64 bits, which no number of calls reaches.
    func callAsFunction(_ tally: MetricTally) -> Int64 {
        callAsFunction { tally[$0] }
    }

    /// The sum over any source of the inputs.
    func callAsFunction(_ value: (MetricInput) -> Int64) -> Int64 {
        terms.reduce(0) { $0 &+ $1.factor &* value($1.input) }
    }
}

extension MetricTally {
    subscript(_ input: MetricInput) -> Int64 {
        switch input {
        case .counter(let field): self[field]
        case .sum(let field): self[field]
        case .cpsPeak: cpsPeak
        case .active: active
        case .inboundActive: inboundActive
        case .cps: cps
        }
    }
}
