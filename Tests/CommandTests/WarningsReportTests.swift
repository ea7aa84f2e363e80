import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

@Suite struct WarningsReportTests {
    private static func answer() -> Busyhour_V1_WarningsResponse {
        var drop = Busyhour_V1_Warning()
        (drop.customerID, drop.customerName, drop.warning, drop.level) = (
            123_456, "A Very Long Carrier's Name GmbH", "asr_drop", "warn"
        )
        (drop.raisedAt, drop.hasMeasured_p, drop.measured, drop.raise, drop.clear) = (
            1_000_000_000_000_000, true, 31.25, 5, 3
        )
        drop.reason = "ASR 10 % of 143 calls in 15m, 41.3 % of 8211 in the 24h before; p 3e-15"
        (drop.acknowledgedBy, drop.acknowledgedAt) = ("anna", 1_000_000_060_000_000)
        var mismatch = Busyhour_V1_Warning()
        (mismatch.customerID, mismatch.customerName, mismatch.warning, mismatch.level) = (7, "Acme", "no_auth", "warn")
        var response = Busyhour_V1_WarningsResponse()
        (response.warnings, response.total) = ([drop, mismatch], 2)
        response.counts = [.with { ($0.warning, $0.level, $0.count) = ("asr_drop", "warn", 1_234) }]
        return response
    }

    @Test func eightyColumnsShowSinceWhenAndHowMuch() {
        let lines = WarningsReport(answer: Self.answer()).lines(Page(width: 80))
        #expect(lines[2].contains("asr_drop") && lines[2].contains("31.3") && lines[2].contains("2001-09-09 01:46:40Z"))
        #expect(lines[2].count <= 80)
    }

    @Test func csvHasAllColumnsAndNoDashes() {
        let text = WarningsReport(answer: Self.answer()).text(as: .csv).split(whereSeparator: \.isNewline).map(
            String.init)
        #expect(
            text[0] == "id,name,warning,level,raised_at,value,raise,clear,acknowledged_by,acknowledged_at,muted_by,"
                + "muted_until,reason")
        #expect(text[1].contains(",warn,2001-09-09T01:46:40Z,31.25,5.0,3.0,anna,2001-09-09T01:47:40Z,,,"))
        #expect(text[1].contains("p 3e-15"))
        #expect(text[2] == "7,Acme,no_auth,warn,,,,,,,,,")
    }

    @Test func countsAreByKind() {
        let report = WarningCountsReport(answer: Self.answer())
        #expect(report.text(as: .csv).contains("asr_drop,warn,1234"))
        #expect(report.json.text == #"[{"warning":"asr_drop","level":"warn","count":1234}]"#)
        #expect(WarningsReport(answer: Self.answer()).json.text.contains(#""counts":[{"warning":"asr_drop""#))
    }

    @Test func outcomesAreExplainedWhereTheyMatter() {
        var answer = Busyhour_V1_ExplainResponse()
        answer.classes = [.with { ($0.name, $0.count) = ("busy", 2) }]
        answer.codes = [.with { ($0.code, $0.count) = (486, 2) }]
        for (metric, isShown) in [
            ("asr", true), ("ner", true), ("causes.busy", true), ("cps", false), ("pdd_p95", false),
        ] {
            answer.metric = metric
            #expect(ExplainReport(answer: answer).text(as: .table).contains("outcomes by") == isShown, "\(metric)")
        }
    }

    @Test(
        arguments: [
            (["warning", "ack"], false), (["warning", "ack", "1"], false), (["warning", "ack", "1", "asr_low"], true),
            (["warning", "ack", "--where", "country = 'DE'"], true), (["warning", "ack", "--where", " "], false),
            (["warning", "mute", "1", "--where", "id = 1", "--for", "1h"], false),
            (["warning", "list", "--since", "1h", "--kind", "asr_low", "--where", "id = 1", "--count"], true),
            (["warning", "list", "--warning", "asr_low"], true), (["warning", "list", "--since", "x"], false),
        ] as [([String], Bool)])
    func argumentsAreChecked(arguments: [String], isRight: Bool) {
        let parsed = try? BusyHour.parse(commandLine: arguments)
        #expect((parsed != nil) == isRight)
    }
}
