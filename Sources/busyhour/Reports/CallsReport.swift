import Terminal
import Wire

struct CallsReport: Report {
    var answer: Busyhour_V1_CallsResponse

    func lines(_ page: Page) -> [String] {
        let shown = UInt64(answer.calls.count) == answer.total ? "" : ", \(Number.grouped(answer.calls.count)) shown"
        let noun = answer.total == 1 ? "call" : "calls"
        let head = "\(Number.grouped(answer.total)) live \(noun)\(shown)  as of \(page.time(answer.asOf))"
        guard !answer.calls.isEmpty else { return [head] }
        var table = TextTable([
            .init("customer", .right), .init("name"), .init("direction"), .init("state"),
            .init("age s", .right, isPinned: true),
            .init("set up"), .init("answered"), .init("calling"), .init("called", isPinned: true),
            .init("call", isPinned: true), .init("source"), .init("destination"),
        ])
        table.rows = answer.calls.map { call in
            [
                .init(String(call.customerID)), .init(call.customerName), .init(call.direction.orDash),
                .init(call.state),
                .init(
                    Number.grouped(
                        max(0, (answer.asOf.subtractingReportingOverflow(call.setupAt).partialValue) / 1_000_000))),
                .init(page.time(call.setupAt)),
                .init(page.timeOrDash(call.answerAt)),
                .init(call.details.calling.orDash), .init(call.details.called.orDash), .init(Self.name(call)),
                .init(call.details.source.orDash), .init(call.details.destination.orDash),
            ]
        }
        table.removeDirectionOfOutboundCalls()
        table.removeUntoldDetails()
        return [head] + table.lines(page, hint: "see --format json") + answer.calls.map(\.details).correctionLines
    }

    var json: JSONValue {
        .object([
            .init("as_of", .text(Timestamp.text(micros: answer.asOf))), .init("total", .unsigned(answer.total)),
            .init("calls", .array(jsonRows)),
        ])
    }

    var jsonRows: [JSONValue] {
        answer.calls.map { call in
            .object(
                [
                    .init("call", .text(Self.key(call))), .init("customer", .unsigned(UInt64(call.customerID))),
                    .init("name", .text(call.customerName)), .init("direction", .text(call.direction)),
                    .init("state", .text(call.state)),
                    .init("setup_at", .time(call.setupAt)), .init("ring_at", .time(call.ringAt)),
                    .init("answer_at", .time(call.answerAt)),
                ] + call.details.members)
        }
    }

    var csv: [[CSVText.Cell]] {
        let header = [
            "call", "customer", "name", "direction", "state", "setup_at", "ring_at", "answer_at", "call_id", "calling",
            "called",
            "source",
            "destination", "clock_corrected_ms",
        ]
        return [header.map(CSVText.Cell.text)]
            + answer.calls.map { call in
                [
                    .text(Self.key(call)), .number(String(call.customerID)), .text(call.customerName),
                    .text(call.direction), .text(call.state),
                    .time(call.setupAt), .time(call.ringAt), .time(call.answerAt), .text(call.details.callID),
                    .text(call.details.calling), .text(call.details.called), .text(call.details.source),
                    .text(call.details.destination), call.details.correctionCell,
                ]
            }
    }

    /// The switch's name of the call, if that is known.
    private static func name(_ call: Busyhour_V1_LiveCall) -> String {
        call.details.callID.isEmpty ? key(call) : call.details.callID
    }

    /// The call's identity: 32 hexadecimal digits.
    private static func key(_ call: Busyhour_V1_LiveCall) -> String {
        [call.keyHigh, call.keyLow].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

extension CSVText.Cell {
    /// A time, or nothing for 0: it did not happen.
    static func time(_ micros: Int64) -> Self { micros == 0 ? .empty : .text(Timestamp.text(micros: micros)) }
}
