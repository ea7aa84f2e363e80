// The list of all metrics, in the order of the contract.

extension Metric {
    static let all: [Metric] = gauges + attemptMetrics + ratios + delays + durations + inbound + causes

    private static let gauges = [
        Metric(
            name: "active", formula: .count(.active), countedAt: .now,
            words: "live calls now, ringing included, in both directions"),
        Metric(name: "cps", formula: .count(.cps), countedAt: .setup, words: "set-ups in the last full second"),
        Metric(
            name: "cps_peak", formula: .count(.cpsPeak), countedAt: .setup,
            words: "most set-ups in one second of the window"),
    ]

    private static let attemptMetrics = [
        Metric(name: "bids", formula: .count(MetricSum(.bids)), countedAt: .setup, words: "set-ups"),
        Metric(
            name: "attempts", formula: .count(.attempts), countedAt: .setup,
            words: "set-ups that seized: bids less those that our own switch blocked"),
        Metric(name: "answered", formula: .count(MetricSum(.answered)), countedAt: .outcome, words: "calls answered"),
        Metric(
            name: "failed", formula: .count(.failed), countedAt: .outcome,
            words: "outcomes of any class but answered"),
    ]

    private static let ratios = [
        ratio(
            "asr", 100, .outcome, "100 x answered / outcomes (classes that count in the denominator)",
            "answered", MetricSum(.answered), "outcomes", MetricSum(.outcomes)),
        sample("asr_n", .outcome, "outcomes that count in the denominator of asr", MetricSum(.outcomes)),
        ratio(
            "ner", 100, .outcome, "100 x outcomes in which the network did its part / outcomes",
            "effective outcomes", MetricSum(.effective), "outcomes", MetricSum(.outcomes)),
        sample("ner_n", .outcome, "outcomes that count in the denominator of ner", MetricSum(.outcomes)),
        ratio(
            "abr", 100, .outcome, "100 x answered / bids",
            "answered", MetricSum(.answered), "bids", MetricSum(.bids)),
        sample("abr_n", .setup, "bids", MetricSum(.bids)),
        ratio(
            "short_ratio", 100, .end,
            "100 x answered calls that lasted at most the short-call limit / answered calls that ended",
            "short calls", MetricSum(.short), "answered calls that ended", MetricSum(.talked)),
        sample("short_ratio_n", .end, "answered calls that ended", MetricSum(.talked)),
    ]

    private static let delays = [
        ratio(
            "pdd", 1, .outcome, "milliseconds from set-up to the first ringing or, if none, to the answer; mean",
            "milliseconds", MetricSum(.pddMilliseconds), "calls that rang or were answered", MetricSum(.pddCount)),
        sample("pdd_n", .outcome, "calls that rang or were answered", MetricSum(.pddCount)),
        Metric(
            name: "pdd_p50", formula: .pddQuantile(0.5), countedAt: .outcome,
            words: "median post-dial delay, milliseconds, within 5 %"),
        Metric(
            name: "pdd_p95", formula: .pddQuantile(0.95), countedAt: .outcome,
            words: "95th percentile of the post-dial delay, milliseconds, within 5 %"),
    ]

    private static let durations = [
        ratio(
            "acd", 0.001, .end, "talk time of answered calls that ended / their number, seconds",
            "talk milliseconds", MetricSum(.talkMilliseconds), "answered calls that ended", MetricSum(.talked)),
        sample("acd_n", .end, "answered calls that ended", MetricSum(.talked)),
        ratio(
            "acd_attempts", 0.001, .end, "talk time / all calls that ended, seconds",
            "talk milliseconds", MetricSum(.talkMilliseconds), "calls that ended", MetricSum(.ended)),
        sample("acd_attempts_n", .end, "calls that ended, answered or not", MetricSum(.ended)),
        Metric(
            name: "talk", formula: .amount(MetricSum(.talkMilliseconds), divisor: 1_000), countedAt: .end,
            words: "talk time of calls that ended, seconds"),
        Metric(
            name: "cost", formula: .money(MetricSum(.costMicros)), countedAt: .end,
            words: "cost of calls that ended, in both directions, in the customer's currency"),
    ]

    /// Metrics of calls to the customer, which count in `active` and `cost` and in nothing else.
    private static let inbound = [
        Metric(
            name: "inbound_active", formula: .count(.inboundActive), countedAt: .now,
            words: "live calls to the customer now, ringing included"),
        Metric(
            name: "inbound_attempts", formula: .count(MetricSum(.inboundSetups)), countedAt: .setup,
            words: "set-ups of calls to the customer"),
        ratio(
            "inbound_asr", 100, .outcome,
            "100 x answered / outcomes (classes that count in the denominator), of calls to the customer",
            "answered", MetricSum(.inboundAnswered), "outcomes", MetricSum(.inboundOutcomes)),
        sample(
            "inbound_asr_n", .outcome, "outcomes that count in the denominator of inbound_asr",
            MetricSum(.inboundOutcomes)),
    ]

    private static let causes = OutcomeClass.allCases.map { outcome in
        Metric(
            name: "causes.\(outcome.name)",
            formula: .count(.outcomes(of: outcome)), countedAt: .outcome,
            words: "outcomes of class \(outcome.name)")
    }

    private static func ratio(
        _ name: String, _ scale: Double, _ countedAt: CountedAt, _ words: String,
        _ numeratorName: String, _ numerator: MetricSum,
        _ denominatorName: String, _ denominator: MetricSum
    ) -> Metric {
        Metric(
            name: name, formula: .ratio(numerator: numerator, denominator: denominator, scale: scale),
            countedAt: countedAt, words: words, numeratorName: numeratorName, denominatorName: denominatorName)
    }

    private static func sample(
        _ name: String, _ countedAt: CountedAt, _ words: String, _ count: MetricSum
    ) -> Metric {
        Metric(name: name, formula: .count(count), countedAt: countedAt, words: words)
    }
}
