// The columns of the board, one per line, for `busyhour help columns`. A test compares the list with the engine's.

struct ColumnGuide: Sendable {
    var name: String
    /// The unit of its values: `text`, `money`, `%`, `calls`, ...
    var unit: String
    var meaning: String
    /// Measured in the requested window, or in its own: `asr_5m`.
    var hasWindow = false

    static let all = fields + metrics

    /// Fields of the customer.
    static let fields: [ColumnGuide] = [
        .init("id", "number", "the customer's number, given at creation"),
        .init("name", "text", "unique, whatever the case"),
        .init(
            "status", "text", "Active, Inactive, Pending, Pending Approval or Penalty; Dialing: Active with live calls"),
        .init("currency", "text", "ISO 4217: EUR, USD, ...; all money of the customer is in it"),
        .init("country", "text", "ISO 3166: DE, US, ..."),
        .init("company", "text", "legal name"),
        .init("tags", "list", "ask with tags HAS gold"),
        .init("credit", "money", "what the customer has paid and not used"),
        .init("available", "money", "credit + debit_limit"),
        .init("channels", "number", "most calls at a time; 0: no limit"),
        .init("warnings", "list", "names of the warnings raised; ask with warnings HAS credit_low"),
        .init("debit_limit", "money", "how far credit may go below zero; negative: a reserve"),
        .init("flow_speed", "number", "most set-ups a second; 0: no limit"),
        .init("portal_access", "yes/no", "whether the customer may use the portal"),
        .init("account_manager", "text", "who looks after the customer"),
        .init("short_call_seconds", "number", "answered calls up to this length are short ones, in seconds"),
        .init("created_at", "time", "when the customer was created"),
        .init("updated_at", "time", "when it was last changed"),
        .init("version", "number", "how often it was changed, for edit --version"),
        .init("last_call", "time", "the latest set-up; empty: none yet"),
    ]

    /// Figures of traffic.
    static let metrics: [ColumnGuide] =
        [
            metric("active", "live calls now, ringing included, in both directions"),
            metric("cps", "set-ups in the last full second"),
            metric("cps_peak", "most set-ups in one second of the window"),
            metric("bids", "set-ups"),
            metric("attempts", "set-ups that seized: bids less those that our own switch blocked"),
            metric("answered", "calls answered"),
            metric("failed", "outcomes of any class but answered"),
            metric("asr", "100 x answered / outcomes (classes that count in the denominator)"),
            metric("asr_n", "outcomes that count in the denominator of asr"),
            metric("ner", "100 x outcomes in which the network did its part / outcomes"),
            metric("ner_n", "outcomes that count in the denominator of ner"),
            metric("abr", "100 x answered / bids"),
            metric("abr_n", "bids"),
            metric(
                "short_ratio",
                "100 x answered calls that lasted at most the short-call limit / answered calls that ended"),
            metric("short_ratio_n", "answered calls that ended"),
            metric("pdd", "milliseconds from set-up to the first ringing or, if none, to the answer; mean"),
            metric("pdd_n", "calls that rang or were answered"),
            metric("pdd_p50", "median post-dial delay, milliseconds, within 5 %"),
            metric("pdd_p95", "95th percentile of the post-dial delay, milliseconds, within 5 %"),
            metric("acd", "talk time of answered calls that ended / their number, seconds"),
            metric("acd_n", "answered calls that ended"),
            metric("acd_attempts", "talk time / all calls that ended, seconds"),
            metric("acd_attempts_n", "calls that ended, answered or not"),
            metric("talk", "talk time of calls that ended, seconds"),
            metric("cost", "cost of calls that ended, in both directions, in the customer's currency"),
            metric("inbound_active", "live calls to the customer now, ringing included"),
            metric("inbound_attempts", "set-ups of calls to the customer"),
            metric(
                "inbound_asr",
                "100 x answered / outcomes (classes that count in the denominator), of calls to the customer"),
            metric("inbound_asr_n", "outcomes that count in the denominator of inbound_asr"),
        ] + OutcomeClasses.names.map { metric("causes.\($0)", "outcomes of class \($0)") }

    init(_ name: String, _ unit: String, _ meaning: String) {
        (self.name, self.unit, self.meaning) = (name, unit, meaning)
    }

    private static func metric(_ name: String, _ meaning: String) -> ColumnGuide {
        var guide = ColumnGuide(name, MetricUnit.of(name)?.rawValue ?? (name == "cost" ? "money" : "calls"), meaning)
        guide.hasWindow = !["active", "inbound_active", "cps"].contains(name)
        return guide
    }
}

/// The outcomes of calls, as `causes.NAME`.
enum OutcomeClasses {
    static let names = [
        "answered", "busy", "no_answer", "rejected", "abandoned", "bad_number", "network", "refused", "blocked",
    ]
}
