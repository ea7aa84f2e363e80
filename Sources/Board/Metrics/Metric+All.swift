// The list of all metrics, in the order of the contract.

extension Metric {
    static let all: [Metric] = gauges + attemptMetrics + ratios + delays + durations + causes

    private static let gauges = [
        Metric(
            name: "active", formula: .count { $0.active }, countedAt: .now, words: "live calls now, ringing included"),
        Metric(name: "cps", formula: .count { $0.cps }, countedAt: .setup, words: "set-ups in the last full second"),
        Metric(
            name: "cps_peak", formula: .count { $0.cpsPeak }, countedAt: .setup,
            words: "most set-ups in one second of the window"),
    ]

    private static let attemptMetrics = [
        Metric(name: "bids", formula: .count { $0[.bids] }, countedAt: .setup, words: "set-ups"),
        Metric(
            name: "attempts", formula: .count { $0.attempts }, countedAt: .setup,
            words: "set-ups that seized: bids less those that our own switch blocked"),
        Metric(name: "answered", formula: .count { $0[.answered] }, countedAt: .outcome, words: "calls answered"),
        Metric(
            name: "failed", formula: .count { $0.failed }, countedAt: .outcome,
            words: "outcomes of any class but answered"),
    ]

    private static let ratios = [
        ratio(
            "asr", 100, .outcome, "100 x answered / outcomes (classes that count in the denominator)",
            "answered", { $0[.answered] }, "outcomes", { $0[.outcomes] }),
        sample("asr_n", .outcome, "outcomes that count in the denominator of asr") { $0[.outcomes] },
        ratio(
            "ner", 100, .outcome, "100 x outcomes in which the network did its part / outcomes",
            "effective outcomes", { $0[.effective] }, "outcomes", { $0[.outcomes] }),
        sample("ner_n", .outcome, "outcomes that count in the denominator of ner") { $0[.outcomes] },
        ratio(
            "abr", 100, .outcome, "100 x answered / bids",
            "answered", { $0[.answered] }, "bids", { $0[.bids] }),
        sample("abr_n", .setup, "bids") { $0[.bids] },
        ratio(
            "short_ratio", 100, .end,
            "100 x answered calls that lasted at most the short-call limit / answered calls that ended",
            "short calls", { $0[.short] }, "answered calls that ended", { $0[.talked] }),
        sample("short_ratio_n", .end, "answered calls that ended") { $0[.talked] },
    ]

    private static let delays = [
        ratio(
            "pdd", 1, .outcome, "milliseconds from set-up to the first ringing or, if none, to the answer; mean",
            "milliseconds", { $0[.pddMilliseconds] }, "calls that rang or were answered", { $0[.pddCount] }),
        sample("pdd_n", .outcome, "calls that rang or were answered") { $0[.pddCount] },
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
            "talk milliseconds", { $0[.talkMilliseconds] }, "answered calls that ended", { $0[.talked] }),
        sample("acd_n", .end, "answered calls that ended") { $0[.talked] },
        ratio(
            "acd_attempts", 0.001, .end, "talk time / all calls that ended, seconds",
            "talk milliseconds", { $0[.talkMilliseconds] }, "calls that ended", { $0[.ended] }),
        sample("acd_attempts_n", .end, "calls that ended, answered or not") { $0[.ended] },
        Metric(
            name: "talk", formula: .amount({ $0[.talkMilliseconds] }, divisor: 1_000), countedAt: .end,
            words: "talk time of calls that ended, seconds"),
        Metric(
            name: "cost", formula: .money { $0[.costMicros] }, countedAt: .end,
            words: "cost of calls that ended, in the customer's currency"),
    ]

    private static let causes = OutcomeClass.allCases.map { outcome in
        Metric(
            name: "causes.\(outcome.name)",
            formula: .count { $0.counts[CounterField.outcome(Int(outcome.rawValue))] }, countedAt: .outcome,
            words: "outcomes of class \(outcome.name)")
    }

    private static func ratio(
        _ name: String, _ scale: Double, _ countedAt: CountedAt, _ words: String,
        _ numeratorName: String, _ numerator: @escaping @Sendable (MetricTally) -> Int64,
        _ denominatorName: String, _ denominator: @escaping @Sendable (MetricTally) -> Int64
    ) -> Metric {
        Metric(
            name: name, formula: .ratio(numerator: numerator, denominator: denominator, scale: scale),
            countedAt: countedAt, words: words, numeratorName: numeratorName, denominatorName: denominatorName)
    }

    private static func sample(
        _ name: String, _ countedAt: CountedAt, _ words: String, _ count: @escaping @Sendable (MetricTally) -> Int64
    ) -> Metric {
        Metric(name: name, formula: .count(count), countedAt: countedAt, words: words)
    }
}
