// Finished calls, newest first, with the details that find them on the switch.

import Terminal
import Wire

struct FinishedCallsReport: Report {
    var answer: Busyhour_V1_FinishedCallsResponse

    func lines(_ page: Page) -> [String] {
        let noun = answer.calls.count == 1 ? "call" : "calls"
        let head =
            "\(Number.grouped(answer.calls.count)) finished \(noun), newest first, of \(Number.grouped(answer.kept)) kept  "
            + "as of \(page.time(answer.asOf))"
        guard !answer.calls.isEmpty else { return [head] }
        var table = TextTable([
            .init("ended", isPinned: true), .init("customer", .right), .init("name"), .init("direction"),
            .init("code", .right, isPinned: true), .init("outcome"), .init("talk s", .right), .init("calling"),
            .init("called", isPinned: true), .init("call_id", isPinned: true), .init("source"), .init("destination"),
            .init("reason"),
        ])
        table.rows = answer.calls.map { call in
            [
                .init(page.timeOrDash(call.endAt)), .init(String(call.customerID)),
                .init(call.customerName), .init(call.direction.orDash), .init(call.code == 0 ? "-" : String(call.code)),
                .init(call.outcome),
                .init(call.answerAt == 0 ? "-" : Number.fixed(Double(call.talkMilliseconds) / 1_000, decimals: 1)),
                .init(call.details.calling.orDash), .init(call.details.called.orDash),
                .init(call.details.callID.orDash), .init(call.details.source.orDash),
                .init(call.details.destination.orDash), .init(call.details.reason.orDash),
            ]
        }
        table.removeDirectionOfOutboundCalls()
        table.removeUntoldDetails()
        return [head] + table.lines(page, hint: "see --format json") + answer.calls.map(\.details).correctionLines
    }

    var json: JSONValue {
        .object([
            .init("as_of", .text(Timestamp.text(micros: answer.asOf))), .init("kept", .unsigned(answer.kept)),
            .init("looked", .unsigned(answer.looked)), .init("calls", .array(jsonRows)),
        ])
    }

    var jsonRows: [JSONValue] {
        answer.calls.map { call in
            .object(
                [
                    .init("customer", .unsigned(UInt64(call.customerID))), .init("name", .text(call.customerName)),
                    .init("direction", .text(call.direction)), .init("outcome", .text(call.outcome)),
                    .init("code", call.code == 0 ? .null : .unsigned(UInt64(call.code))),
                    .init("q850", call.q850 == 0 ? .null : .unsigned(UInt64(call.q850))),
                    .init("setup_at", .time(call.setupAt)), .init("ring_at", .time(call.ringAt)),
                    .init("answered_at", .time(call.answerAt)), .init("ended_at", .time(call.endAt)),
                    .init("talk", call.answerAt == 0 ? .null : .number(Double(call.talkMilliseconds) / 1_000)),
                    .init("pdd_ms", call.delayMilliseconds.map { .integer($0) } ?? .null),
                    .init("cost", call.costMicros == 0 ? .null : .money(call.costMicros)),
                    .init("currency", .text(call.currency)),
                ] + call.details.members + [.init("reason", call.details.reason.orNull)])
        }
    }

    private static let columns = [
        "customer", "name", "direction", "outcome", "code", "q850", "setup_at", "ring_at", "answered_at", "ended_at",
        "talk",
        "pdd_ms",
        "cost", "currency", "call_id", "calling", "called", "source", "destination", "reason",
        "clock_corrected_ms",
    ]

    var csv: [[CSVText.Cell]] {
        [Self.columns.map(CSVText.Cell.text)]
            + answer.calls.map { call in
                let details = call.details
                return [
                    .number(String(call.customerID)), .text(call.customerName),
                    .text(call.direction), .text(call.outcome),
                    call.code == 0 ? .empty : .number(String(call.code)),
                    call.q850 == 0 ? .empty : .number(String(call.q850)),
                    .time(call.setupAt), .time(call.ringAt), .time(call.answerAt), .time(call.endAt),
                    call.answerAt == 0
                        ? .empty : .number(JSONValue.number(Double(call.talkMilliseconds) / 1_000).text),
                    call.delayMilliseconds.map { .number(String($0)) } ?? .empty,
                    call.costMicros == 0 ? .empty : .number(Money.text(micros: call.costMicros)),
                    .text(call.currency), .text(details.callID), .text(details.calling), .text(details.called),
                    .text(details.source), .text(details.destination), .text(details.reason),
                    details.correctionCell,
                ]
            }
    }
}

extension TextTable {
    /// Removes the column of directions if all calls are made by customers, as is usual.
    mutating func removeDirectionOfOutboundCalls() {
        guard let index = columns.firstIndex(where: { $0.title == "direction" }),
            rows.allSatisfy({ $0[index].text != "inbound" })
        else { return }
        columns.remove(at: index)
        for row in rows.indices { rows[row].remove(at: index) }
    }

    /// Removes the columns of details that no call has, so that the others have room.
    mutating func removeUntoldDetails() {
        let details: Set = ["calling", "called", "call_id", "source", "destination", "reason"]
        for index in columns.indices.reversed()
        where details.contains(columns[index].title) && rows.allSatisfy({ $0[index].text == "-" }) {
            columns.remove(at: index)
            for row in rows.indices { rows[row].remove(at: index) }
        }
    }
}

extension String {
    var orDash: String { isEmpty ? "-" : self }
    var orNull: JSONValue { isEmpty ? .null : .text(self) }
}

extension Busyhour_V1_CallDetails {
    /// All but the reason, which a live call does not have.
    var members: [JSONValue.Member] {
        [
            .init("call_id", callID.orNull), .init("calling", calling.orNull), .init("called", called.orNull),
            .init("source", source.orNull), .init("destination", destination.orNull),
            .init("clock_corrected_ms", clockCorrectedMs == 0 ? .null : .integer(Int64(clockCorrectedMs))),
        ]
    }

    /// In CSV: by how much its times were corrected.
    var correctionCell: CSVText.Cell { clockCorrectedMs == 0 ? .empty : .number(String(clockCorrectedMs)) }
}

extension Busyhour_V1_RecentCall {
    /// From set-up to ringing or, if none, to the answer.
    var delayMilliseconds: Int64? {
        let heard = ringAt != 0 ? ringAt : answerAt
        guard heard != 0 else { return nil }
        let (micros, overflow) = heard.subtractingReportingOverflow(setupAt)
        return overflow ? nil : micros / 1_000
    }
}

extension [Busyhour_V1_CallDetails] {
    /// A note under a table of calls some of whose times are not those that their agents wrote; else nothing.
    var correctionLines: [String] {
        let corrected = map(\.clockCorrectedMs).filter { $0 != 0 }
        guard let least = corrected.min(), let most = corrected.max() else { return [] }
        func seconds(_ millis: Int32) -> String {
            (millis > 0 ? "+" : "") + Number.fixed(Double(millis) / 1_000, decimals: 1) + " s"
        }
        let by = seconds(least) == seconds(most) ? seconds(least) : "\(seconds(least)) to \(seconds(most))"
        let whose = corrected.count == 1 ? "of 1 call" : "of \(Number.grouped(corrected.count)) calls"
        return [
            "",
            "times \(whose) are corrected by \(by): the clock of the HEP agent is off, see agents in busyhour status",
        ]
    }
}
