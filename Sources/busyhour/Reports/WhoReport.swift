// The customer that a call would be attributed to.

import Terminal
import Wire

struct WhoReport: Report {
    var answer: Busyhour_V1_WhoResponse

    func lines(_ page: Page) -> [String] {
        var lines: [String] =
            switch answer.outcome {
            case .customer:
                ["\(answer.customer) (customer \(answer.customerID))" + (isInbound ? ", which is called" : "")]
            case .ownSwitch: ["no customer's: a leg of our own switch"]
            default: ["no customer's"]
            }
        lines.append("  because  \(answer.reason)")
        if !answer.called.isEmpty { lines.append("  called   \(answer.called)") }
        lines = lines.map(VisibleText.clean)
        if !answer.matches.isEmpty { lines += ["", "entries that the call meets"] + table(answer.matches, page) }
        if !answer.nearest.isEmpty { lines += ["", "entries nearest to it"] + table(answer.nearest, page) }
        return lines
    }

    private var isInbound: Bool { answer.direction == "inbound" }

    private func table(_ entries: [Busyhour_V1_WhoEntry], _ page: Page) -> [String] {
        let areNearest = entries.contains { !$0.unmet.isEmpty }
        var table = TextTable(
            [.init("entry", isPinned: true), .init("customer")] + (areNearest ? [.init("not met", isPinned: true)] : [])
        )
        table.rows = entries.map { entry in
            [.init(entry.entry.listed), .init("\(entry.customerID) \(entry.customer)")]
                + (areNearest ? [.init(entry.unmet.isEmpty ? "-" : entry.unmet.joined(separator: ", "))] : [])
        }
        return table.lines(page, hint: "see --format json")
    }

    var json: JSONValue {
        .object([
            .init("outcome", .text(outcome)),
            .init("customer", answer.customerID == 0 ? .null : .unsigned(UInt64(answer.customerID))),
            .init("name", .optional(answer.customer)), .init("direction", .optional(answer.direction)),
            .init("reason", .text(answer.reason)),
            .init("called", .optional(answer.called)),
            .init("entry", answer.outcome == .customer ? answer.matches.first.map(Self.entry) ?? .null : .null),
            .init("matches", .array(answer.matches.map(Self.json))),
            .init("nearest", .array(answer.nearest.map(Self.json))),
        ])
    }

    private var outcome: String {
        switch answer.outcome {
        case .customer: "customer"
        case .ownSwitch: "own_switch"
        default: "nobody"
        }
    }

    private static func entry(_ found: Busyhour_V1_WhoEntry) -> JSONValue { CustomerColumn.json(found.entry) }

    private static func json(_ found: Busyhour_V1_WhoEntry) -> JSONValue {
        .object([
            .init("customer", .unsigned(UInt64(found.customerID))), .init("name", .text(found.customer)),
            .init("entry", entry(found)), .init("text", .text(found.entry.listed)),
            .init("unmet", .array(found.unmet.map(JSONValue.text))),
        ])
    }
}
