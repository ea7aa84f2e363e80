// The origin of a number: the formula with its terms, what was counted, and the calls behind it.

import Terminal
import Wire

struct ExplainReport: Report {
    var answer: Busyhour_V1_ExplainResponse

    func lines(_ page: Page) -> [String] {
        let unit = MetricUnit.of(answer.metric).map { " " + $0.rawValue } ?? ""
        let value = answer.hasValue_p ? MetricUnit.text(answer.value, of: answer.metric) + unit : "- (no sample)"
        var lines = ["\(answer.metric) of \(answer.customerName) (customer \(answer.customerID)): \(value)"]
        lines += facts(page).map { name, text in "  " + name + String(repeating: " ", count: 14 - name.count) + text }
        lines = lines.map(VisibleText.clean)
        if isOfOutcomes && !answer.classes.isEmpty {
            lines += ["", "outcomes by class"] + classTable.lines(page, hint: Self.hint)
        }
        if isOfOutcomes && !answer.codes.isEmpty {
            lines += ["", "outcomes by final SIP code"] + codeTable.lines(page, hint: Self.hint)
        }
        if !answer.recent.isEmpty {
            lines += ["", "latest finished calls"] + callTable(page).lines(page, hint: Self.hint)
            lines += answer.recent.map(\.details).correctionLines
        }
        return lines
    }

    private static let hint = "see --format json"

    /// Whether outcomes of calls say anything about the metric.
    private var isOfOutcomes: Bool {
        let names = ["asr", "asr_n", "ner", "ner_n", "abr", "abr_n", "answered", "failed"]
        return names.contains(answer.metric) || answer.metric.hasPrefix("causes")
    }

    private func facts(_ page: Page) -> [(String, String)] {
        var facts = [("formula", answer.formula)]
        facts.append(("numerator", "\(Self.text(answer.numerator))  \(answer.numeratorName)"))
        if !answer.denominatorName.isEmpty {
            facts.append(("denominator", "\(Self.text(answer.denominator))  \(answer.denominatorName)"))
        }
        let span = Timestamp.span(from: answer.windowStart, to: answer.windowEnd, in: page.zone)
        facts.append(("window", "\(answer.window)  \(span)"))
        facts.append(("counted at", answer.countedAt))
        facts.append(("as of", page.time(answer.asOf)))
        return facts
    }

    private var classTable: TextTable {
        var table = TextTable([
            .init("class"), .init("calls", .right), .init("in asr's denominator"), .init("in ner's numerator"),
        ])
        table.rows = answer.classes.map { outcome in
            [
                .init(outcome.name), .init(Number.grouped(outcome.count)),
                .init(outcome.inAsrDenominator ? "yes" : "no"),
                .init(outcome.inNerNumerator ? "yes" : "no"),
            ]
        }
        return table
    }

    private var codeTable: TextTable {
        var table = TextTable([.init("code", .right), .init("calls", .right)])
        table.rows = answer.codes.map {
            [.init($0.code == 0 ? "none" : String($0.code)), .init(Number.grouped($0.count))]
        }
        return table
    }

    private func callTable(_ page: Page) -> TextTable {
        var table = TextTable([
            .init("set up", isPinned: true), .init("outcome"), .init("code", .right, isPinned: true),
            .init("q850", .right), .init("pdd ms", .right), .init("talk s", .right), .init("ended"), .init("calling"),
            .init("called", isPinned: true), .init("call_id", isPinned: true), .init("source"), .init("reason"),
        ])
        table.rows = answer.recent.map { call in
            [
                .init(page.time(call.setupAt)), .init(call.outcome),
                .init(call.code == 0 ? "-" : String(call.code)), .init(call.q850 == 0 ? "-" : String(call.q850)),
                .init(call.delayMilliseconds.map { Number.grouped($0) } ?? "-"),
                .init(call.answerAt == 0 ? "-" : Number.fixed(Double(call.talkMilliseconds) / 1_000, decimals: 1)),
                .init(page.timeOrDash(call.endAt)),
                .init(call.details.calling.orDash), .init(call.details.called.orDash),
                .init(call.details.callID.orDash), .init(call.details.source.orDash),
                .init(call.details.reason.orDash),
            ]
        }
        table.removeUntoldDetails()
        return table
    }

    /// A whole number without decimals; others with at most two.
    private static func text(_ value: Double) -> String {
        Number.fixed(value, decimals: value == value.rounded() ? 0 : 2)
    }
}

extension ExplainReport {
    var json: JSONValue {
        .object([
            .init("metric", .text(answer.metric)), .init("customer", .unsigned(UInt64(answer.customerID))),
            .init("name", .text(answer.customerName)), .init("window", .text(answer.window)),
            .init("window_start", .text(Timestamp.text(micros: answer.windowStart))),
            .init("window_end", .text(Timestamp.text(micros: answer.windowEnd))),
            .init("as_of", .text(Timestamp.text(micros: answer.asOf))), .init("formula", .text(answer.formula)),
            .init("counted_at", .text(answer.countedAt)),
            .init("numerator", Self.term(answer.numeratorName, answer.numerator)),
            .init(
                "denominator",
                answer.denominatorName.isEmpty ? .null : Self.term(answer.denominatorName, answer.denominator)),
            .init("value", answer.hasValue_p ? .number(answer.value) : .null),
            .init("classes", .object(answer.classes.map { .init($0.name, .integer($0.count)) })),
            .init("codes", .object(answer.codes.map { .init(String($0.code), .integer($0.count)) })),
            .init("recent", .array(answer.recent.map(Self.json))),
        ])
    }

    private static func term(_ name: String, _ value: Double) -> JSONValue {
        .object([.init("name", .text(name)), .init("value", .number(value))])
    }

    private static func json(_ call: Busyhour_V1_RecentCall) -> JSONValue {
        .object(
            [
                .init("setup_at", .time(call.setupAt)), .init("ring_at", .time(call.ringAt)),
                .init("answer_at", .time(call.answerAt)), .init("end_at", .time(call.endAt)),
                .init("direction", .text(call.direction)), .init("outcome", .text(call.outcome)),
                .init("code", .unsigned(UInt64(call.code))),
                .init("q850", .unsigned(UInt64(call.q850))),
                .init("talk_milliseconds", .integer(call.talkMilliseconds)),
            ] + call.details.members + [.init("reason", call.details.reason.orNull)])
    }
}
