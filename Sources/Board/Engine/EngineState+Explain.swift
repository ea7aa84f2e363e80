// Where a figure comes from: numerator and denominator, the window's bounds, the outcome classes, the final codes, the
// customer's newest calls.

import CallEvents
import Columnar

extension EngineState {
    mutating func explain(
        metric name: String, customerID: UInt32, window: Window, now: Int64
    ) throws(QueryError) -> Explanation? {
        advance(now: now)
        guard case .metric(let metric, let window) = try BoardColumn.named(name, window: window) else {
            throw QueryError("'\(name)' is a field and needs no explanation; name a metric, as asr or acd")
        }
        guard let row = customers.row(id: customerID) else { return nil }
        timeline.refreshPeaks(window)
        var tally = MetricTally()
        load(row, window, into: &tally)
        tally.cps = timeline.setupsInLastSecond()[UInt32(row)] ?? 0
        var result = Explanation()
        result.metric = metric.name
        result.customerID = customerID
        result.window = window
        result.asOfMicros = asOfMicros == 0 ? now : asOfMicros
        (result.windowStartMicros, result.windowEndMicros) = bounds(of: window, asOf: result.asOfMicros)
        result.formula = metric.words
        result.countedAt = metric.countedAt.rawValue + lateness(of: metric, row: UInt32(row))
        fillValue(&result, metric, tally, row: UInt32(row))
        // Calls to customers are not counted by class and code.
        result.classes =
            !metric.concerns(isInbound: false)
            ? []
            : OutcomeClass.allCases.map { outcome in
                ClassCount(
                    name: outcome.name, count: tally.counts[CounterField.outcome(Int(outcome.rawValue))],
                    inASRDenominator: outcomes.countsAsSeizure(outcome),
                    inNERNumerator: outcomes.countsAsEffective(outcome))
            }
        result.codes = metric.concerns(isInbound: false) ? codes(row: UInt32(row), window) : []
        result.recent = recent.latest(
            customer: UInt32(row), count: BoardLimits.explainedCalls, within: BoardLimits.explainedWithin,
            where: metric.concerns)
        for index in result.recent.indices {
            result.recent[index].details = configuration.numberMask.shown(result.recent[index].details)
        }
        return result
    }

    /// What is to be known of figures of the moment where a customer's calls come as CDRs; else nothing.
    private func lateness(of metric: Metric, row: UInt32) -> String {
        guard metric.isOfTheMoment,
            recent.cameAsRecords(
                customer: row, count: BoardLimits.explainedCalls, within: BoardLimits.explainedWithin)
        else { return "" }
        let consequence =
            metric.countedAt == .now ? "live calls are not known" : "their set-ups are past when they are told"
        return "; the latest calls came as CDRs, after they had ended: " + consequence
    }

    private func fillValue(_ result: inout Explanation, _ metric: Metric, _ tally: MetricTally, row: UInt32) {
        switch metric.formula {
        case .ratio(let numerator, let denominator, let scale):
            result.numeratorName = metric.numeratorName
            result.numerator = Double(numerator(tally))
            result.denominatorName = metric.denominatorName
            result.denominator = Double(denominator(tally))
            result.value = result.denominator == 0 ? nil : scale * result.numerator / result.denominator
        case .count(let count):
            fillPlain(&result, Double(count(tally)))
        case .amount(let amount, let divisor):
            fillPlain(&result, Double(amount(tally)) / divisor)
        case .money(let money):
            fillPlain(&result, Double(money(tally)) / 1_000_000)
        case .pddQuantile(let quantile):
            let counts = delayCounts(result.window, rows: [row]).byRow[row] ?? []
            result.numeratorName = "samples up to the quantile"
            result.denominatorName = "calls that rang or were answered"
            result.denominator = Double(counts.reduce(0, +))
            result.numerator = (quantile * result.denominator).rounded(.up)
            result.value = PDDHistogram.quantile(quantile, counts: counts)
        }
    }

    private func fillPlain(_ result: inout Explanation, _ value: Double) {
        result.numeratorName = result.metric
        result.numerator = value
        result.value = value
    }

    /// Outcomes by final code, ascending.
    private func codes(row: UInt32, _ window: Window) -> [(code: UInt16, count: Int64)] {
        timeline.codes(customer: row, in: window).filter { $0.value != 0 }.sorted { $0.key < $1.key }.map {
            (code: $0.key, count: $0.value)
        }
    }

    /// Live calls of a customer (0: of all), oldest first, and how many there are.
    /// - Parameter isInbound: only calls to customers, or only those that they make; nil: both.
    mutating func liveCalls(
        customerID: UInt32, isInbound: Bool?, limit: Int, now: Int64
    ) -> (calls: [LiveCallInfo], total: Int) {
        advance(now: now)
        var live: [(number: UInt32, setupMicros: Int64)] = []
        for number in calls.numbers {
            let call = calls[number]
            guard call.isCustomers, call.isLive, customerID == 0 || call.customer == customerID - 1,
                isInbound == nil || call.isInbound == isInbound
            else { continue }
            live.append((number, call.setupMicros))
        }
        let sorted = live.sorted { $0.setupMicros < $1.setupMicros }.prefix(max(0, limit))
        return (
            sorted.map { number, _ in
                let call = calls[number]
                return LiveCallInfo(
                    customerID: call.customer + 1, key: call.key,
                    state: call.isAnswered ? .answered : call.ringMicros != 0 ? .ringing : .setup,
                    setupMicros: call.setupMicros, ringMicros: call.ringMicros, answerMicros: call.answerMicros,
                    isInbound: call.isInbound, details: configuration.numberMask.shown(details.details(number)))
            }, live.count
        )
    }
}
