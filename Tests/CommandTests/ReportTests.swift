import ArgumentParser
import Foundation
import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

@Suite struct ReportTests {
    private static func explanation() -> Busyhour_V1_ExplainResponse {
        var answer = Busyhour_V1_ExplainResponse()
        answer.metric = "asr"
        answer.customerID = 7
        answer.customerName = "Acme\u{202E}"
        answer.window = "15m"
        answer.windowStart = 900_000_000
        answer.windowEnd = 1_800_000_000
        answer.asOf = 1_800_000_000
        answer.formula = "100 x answered / outcomes"
        answer.countedAt = "outcome time"
        (answer.numeratorName, answer.numerator) = ("answered", 1)
        (answer.denominatorName, answer.denominator) = ("outcomes", 3)
        (answer.hasValue_p, answer.value) = (true, 100.0 / 3)
        var outcome = Busyhour_V1_OutcomeClass()
        (outcome.name, outcome.count, outcome.inAsrDenominator) = ("busy", 2, true)
        answer.classes = [outcome]
        var code = Busyhour_V1_CodeCount()
        (code.code, code.count) = (486, 2)
        answer.codes = [code]
        var call = Busyhour_V1_RecentCall()
        (call.setupAt, call.ringAt, call.answerAt, call.endAt) = (1_000_000_000, 1_001_500_000, 0, 1_002_000_000)
        (call.outcome, call.code) = ("busy", 486)
        answer.recent = [call]
        return answer
    }

    @Test func explainShowsTheWholeComputation() {
        let text = ExplainReport(answer: Self.explanation()).text(as: .table)
        for part in [
            "asr of Acme\\u{202E} (customer 7): 33.3 %", "100 x answered / outcomes", "1  answered", "3  outcomes",
            "1970-01-01 00:15:00 to 00:30:00Z", "outcome time", " 486      2",
            "busy      486     -   1,500",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
    }

    /// What became of calls says something of these metrics, and nothing of others.
    @Test func outcomesStandWhereTheyMatter() {
        let (withOutcomes, without) = (
            ["asr", "asr_n", "ner", "abr", "answered", "failed", "causes.busy"],
            [
                "active", "cps", "cps_peak", "bids", "attempts", "acd", "acd_n", "pdd", "pdd_p50", "pdd_p95", "talk",
                "cost",
            ]
        )
        for metric in withOutcomes + without {
            var answer = Self.explanation()
            answer.metric = metric
            let text = ExplainReport(answer: answer).text(as: .table)
            #expect(text.contains("outcomes by class") == withOutcomes.contains(metric), "\(metric)")
            #expect(text.contains("final SIP code") == withOutcomes.contains(metric), "\(metric)")
            #expect(text.contains("latest finished calls"), "\(metric)")
        }
    }

    @Test func explainJSONHasTheKeysOfTheContract() {
        #expect(
            ExplainReport(answer: Self.explanation()).json.text == """
                {"metric":"asr","customer":7,"name":"Acme\\u202e","window":"15m","window_start":"1970-01-01T00:15:00Z",\
                "window_end":"1970-01-01T00:30:00Z","as_of":"1970-01-01T00:30:00Z",\
                "formula":"100 x answered / outcomes",\
                "counted_at":"outcome time","numerator":{"name":"answered","value":1},\
                "denominator":{"name":"outcomes","value":3},"value":33.333333333333336,"classes":{"busy":2},\
                "codes":{"486":2},"recent":[{"setup_at":"1970-01-01T00:16:40Z","ring_at":"1970-01-01T00:16:41.500Z",\
                "answer_at":null,"end_at":"1970-01-01T00:16:42Z","direction":"","outcome":"busy","code":486,"q850":0,\
                "talk_milliseconds":0,"call_id":null,"calling":null,"called":null,"source":null,"destination":null,\
                "clock_corrected_ms":null,"reason":null}]}
                """)
    }

    @Test func withoutASampleThereIsNoValue() {
        var answer = Self.explanation()
        answer.hasValue_p = false
        #expect(ExplainReport(answer: answer).lines(.plain)[0].hasSuffix(": - (no sample)"))
        #expect(ExplainReport(answer: answer).json.text.contains(#""value":null"#))
    }

    @Test func statusPutsHealthFirst() {
        var status = Busyhour_V1_StatusResponse()
        (status.health, status.version, status.clock) = ("ok", "0.1.0", "wall")
        (status.startedAt, status.now) = (1_000_000, 3_661_000_000)
        var feed = Busyhour_V1_FeedStatus()
        (feed.name, feed.received, feed.errors, feed.errorsByName) = ("hep-udp", 1_234, 2, ["hep_magic": 2])
        status.feeds = [feed]
        var source = Busyhour_V1_UnattributedSource()
        (source.source, source.attempts, source.lastSeen) = ("192.0.2.1", 5, 2_000_000)
        status.unattributedSources = [source]
        let report = StatusReport(status: status)
        let text = report.text(as: .table)
        #expect(text.hasPrefix("ok  busyhourd 0.1.0, up 1 h 1 min, clock wall\n"))
        #expect(text.contains("errors of hep-udp: hep_magic 2"))
        #expect(text.contains("192.0.2.1         5  1970-01-01 00:00:02Z"))
        #expect(report.json.text.contains(#""errors_by_name":{"hep_magic":2}"#))
        #expect(report.text(as: .csv).contains("feeds.0.errors_by_name.hep_magic,2\n"))
        #expect(!text.contains("details refused") && report.json.text.contains(#""details_refused":0,"#))
        status.detailsRefused = 1_200
        #expect(
            StatusReport(status: status).text(as: .table).contains("details refused     of 1,200 calls, for lack of"))
    }

    @Test func customersPrintAsImportReadsThem() {
        var customer = Busyhour_V1_Customer()
        (customer.id, customer.name, customer.currency, customer.status) = (7, "Acme", "USD", "Active")
        (customer.creditMicros, customer.tags) = (12_500_000, ["a", "b;c"])
        customer.auth = [.init(.ip, "203.0.113.0/24"), .init(.sip, "alice")]
        customer.routes = [.init("std")]
        #expect(CreatedCustomerReport(customer: customer).text(as: .table) == "7\n")
        let csv = CustomerReport(customer: customer).text(as: .csv).split(separator: "\n")
        #expect(csv[0].hasPrefix("id,name,currency,status,credit,debit_limit,channels,flow_speed,portal_access,"))
        #expect(
            csv[1].hasPrefix("7,Acme,USD,Active,12.50,0.00,0,0,false,,,,a;b;;c,,ip:203.0.113.0/24;sip:alice,std,0,"))
        #expect(CustomersReport(customers: [customer]).lines(.plain)[0] == "1 customer")
    }

    @Test func callsShowTheirAge() {
        var call = Busyhour_V1_LiveCall()
        (call.customerID, call.customerName, call.state, call.keyHigh, call.keyLow) = (7, "Acme", "ringing", 1, 0xAB)
        call.setupAt = 1_000_000
        var answer = Busyhour_V1_CallsResponse()
        (answer.calls, answer.total, answer.asOf) = ([call], 3, 63_000_000)
        let report = CallsReport(answer: answer)
        #expect(report.lines(.plain)[0] == "3 live calls, 1 shown  as of 1970-01-01 00:01:03Z")
        #expect(report.lines(.plain)[2].contains("Acme  ringing     62"))
        #expect(report.jsonRows[0].text.contains(#""call":"000000000000000100000000000000ab""#))
    }

    /// Calls whose times are not those of their agents say so, and the others nothing.
    @Test func correctedTimesAreTold() {
        var (right, ahead, behind) = (Busyhour_V1_LiveCall(), Busyhour_V1_LiveCall(), Busyhour_V1_LiveCall())
        (right.state, ahead.state, behind.state) = ("setup", "setup", "setup")
        ahead.details.clockCorrectedMs = -3_600_000
        behind.details.clockCorrectedMs = 61_500
        var answer = Busyhour_V1_CallsResponse()
        (answer.calls, answer.total) = ([right], 1)
        #expect(!CallsReport(answer: answer).lines(.plain).contains { $0.contains("corrected") })
        #expect(CallsReport(answer: answer).jsonRows[0].text.contains(#""clock_corrected_ms":null"#))
        (answer.calls, answer.total) = ([right, ahead], 2)
        #expect(
            CallsReport(answer: answer).lines(.plain).last
                == "times of 1 call are corrected by -3,600.0 s: the clock of the HEP agent is off, "
                + "see agents in busyhour status")
        #expect(CallsReport(answer: answer).jsonRows[1].text.contains(#""clock_corrected_ms":-3600000"#))
        (answer.calls, answer.total) = ([right, ahead, behind], 3)
        let report = CallsReport(answer: answer)
        #expect(report.lines(.plain).last?.contains("of 2 calls are corrected by -3,600.0 s to +61.5 s") == true)
        #expect(report.text(as: .csv).contains(",clock_corrected_ms\n"))
        var finished = Busyhour_V1_FinishedCallsResponse()
        finished.calls = [.with { $0.details.clockCorrectedMs = -3_600_000 }]
        #expect(FinishedCallsReport(answer: finished).lines(.plain).last?.hasPrefix("times of 1 call") == true)
        var explanation = Self.explanation()
        explanation.recent = finished.calls
        #expect(ExplainReport(answer: explanation).lines(.plain).last?.hasPrefix("times of 1 call") == true)
    }

    @Test func whoSaysWhoIsCalled() throws {
        var answer = Busyhour_V1_WhoResponse()
        (answer.outcome, answer.customerID, answer.customer, answer.direction) = (.customer, 3, "Acme", "inbound")
        let report = WhoReport(answer: answer)
        #expect(report.lines(.plain)[0] == "Acme (customer 3), which is called")
        #expect(report.json.text.contains(#""direction":"inbound""#))
        let number = try CallOptions.parse(["--to", "442079460170"]).party()
        #expect(number.called == "442079460170" && number.direction == "leg" && number.destination.isEmpty)
        let trunk = try CallOptions.parse(["--to", "10.1.0.4", "--called", "4930"]).party()
        #expect(trunk.destination == Data([10, 1, 0, 4]) && trunk.called == "4930" && trunk.direction == "leg")
        let record = try CallOptions.parse(["--account", "a1", "--direction", "Inbound"]).party()
        #expect(record.direction == "inbound")
        for wrong in [
            ["--to", "4930", "--called", "4930"], ["--to", "10.1.0.4", "--destination", "10.1.0.4"],
            ["--to", "4930", "--direction", "leg"], ["--direction", "up", "--called", "4930"], ["--direction", "leg"],
        ] {
            #expect(throws: UsageError.self, "\(wrong)") { try CallOptions.parse(wrong).party() }
        }
    }
}
