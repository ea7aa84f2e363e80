// The metrics of the board: one formula each, over counters and sums, for a customer, a group and the total alike.
// Ratios are computed last, from sums, and are null without a sample.
//
// Sources: ASR, ABR, NER: ITU-T E.411 and E.425; PDD: RFC 6076 4.3.1 (session request delay to the first indication of
// status); short calls: the surcharge rules of carriers (6 s).

/// Counters and sums of one customer, a group or all customers, in one window.
struct MetricTally: Sendable {
    var counts = [Int64](repeating: 0, count: CounterField.count)
    var sums = [Int64](repeating: 0, count: SumField.count)
    var cpsPeak: Int64 = 0
    var active: Int64 = 0
    var inboundActive: Int64 = 0
    var cps: Int64 = 0

    subscript(_ field: CounterField) -> Int64 { counts[field.rawValue] }
    subscript(_ field: SumField) -> Int64 { sums[field.rawValue] }

    /// Adds another customer's tally. The peaks of two customers need not fall into the same second: the larger one is
    /// retained.
    mutating func add(_ other: MetricTally) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        for index in sums.indices { sums[index] = sums[index].addingReportingOverflow(other.sums[index]).partialValue }
        cpsPeak = max(cpsPeak, other.cpsPeak)
        active += other.active
        inboundActive += other.inboundActive
        cps += other.cps
    }
}

/// How a metric is computed.
enum MetricFormula: Sendable {
    case count(MetricSum)
    /// scale x numerator / denominator; null when the denominator is 0.
    case ratio(numerator: MetricSum, denominator: MetricSum, scale: Double)
    /// A plain amount that is not a whole number: sum / divisor.
    case amount(MetricSum, divisor: Double)
    /// A quantile of the PDD histogram.
    case pddQuantile(Double)
    /// Micros of the customer's currency.
    case money(MetricSum)
}

/// Which time of a call determines its window.
enum CountedAt: String, Sendable {
    case setup = "set-up time"
    case outcome = "outcome time (answer or final failure)"
    case end = "end time"
    case now = "now (a gauge)"
}

struct Metric: Sendable {
    let name: String
    let formula: MetricFormula
    let countedAt: CountedAt
    /// The formula in words.
    let words: String
    /// What numerator and denominator are, for `explain`; empty if the metric is not a ratio.
    var numeratorName = ""
    var denominatorName = ""

    /// Whether it says how things are now, whatever the window.
    var isOfTheMoment: Bool {
        if case .count(let sum) = formula { sum.terms.allSatisfy(\.input.isGauge) } else { false }
    }

    /// Whether calls of a direction are in it.
    func concerns(isInbound: Bool) -> Bool {
        switch formula {
        // Live calls and costs include both directions.
        case .money, .count(.active): true
        default: name.hasPrefix("inbound_") == isInbound
        }
    }

    static func named(_ name: String) -> Metric? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
