// The calls of `feed cdr --dry-run` one by one, as text and as JSON.

import CallEvents
import Terminal

extension CDRPreview {
    /// A column that is shown if some call has a value in it.
    private struct Extra {
        var name: String
        var alignment = TextTable.Alignment.left
        /// Empty: no value.
        var text: (Row) -> String

        var column: TextTable.Column { TextTable.Column(name, alignment) }

        func cell(_ row: Row) -> TextTable.Cell { TextTable.Cell(text(row).orDash) }
    }

    private var afterID: [Extra] { [Extra(name: "call_id") { $0.callID }] }

    private var afterAddress: [Extra] {
        [
            Extra(name: "port", alignment: .right) { row in
                let port = row.party.claims?.sourcePort ?? 0
                return port == 0 ? "" : String(port)
            }, Extra(name: "direction") { $0.party.direction == .outbound ? "" : $0.party.direction.name },
        ]
    }

    private var afterCost: [Extra] {
        let headers = Set(rows.flatMap { $0.claims.headers.map(\.name) }).sorted()
        return [
            Extra(name: "currency") { $0.currency ?? "" }, Extra(name: "calling") { $0.details.calling },
            Extra(name: "called") { $0.details.called },
            Extra(name: "destination") { $0.details.destination.map { "\($0)" } ?? "" },
            Extra(name: "from_domain") { $0.claims.fromDomain ?? "" },
            Extra(name: "uri_domain") { $0.claims.uriDomain ?? "" },
            Extra(name: "contact_domain") { $0.claims.contactDomain ?? "" },
            Extra(name: "tgrp") { $0.claims.trunkGroup ?? "" },
            Extra(name: "pai") { $0.claims.assertedIdentities.joined(separator: " ") },
        ]
            + headers.map { name in
                Extra(name: "header_" + name) { row in
                    row.claims.headers.first { $0.name == name }.map { $0.value } ?? ""
                }
            }
    }

    var rowTable: TextTable {
        let isShown = { (extra: Extra) in rows.contains { !extra.text($0).isEmpty } }
        let (ids, addresses, others) = (
            afterID.filter(isShown), afterAddress.filter(isShown), afterCost.filter(isShown)
        )
        var columns: [TextTable.Column] = [.init("line", .right), .init("id")]
        columns += ids.map(\.column)
        columns += [.init("account"), .init("ip")]
        columns += addresses.map(\.column)
        columns += [.init("setup_at")] + ["ring", "answer", "end", "talk"].map { .init($0, .right) }
        columns += [.init("outcome"), .init("cost", .right)]
        columns += others.map(\.column)
        var table = TextTable(columns)
        table.rows = rows.map { row in
            var cells: [TextTable.Cell] = [.init(String(row.line)), .init(row.shownID.orDash)]
            cells += ids.map { $0.cell(row) }
            cells.append(.init((row.party.account ?? row.party.sipUser ?? "").orDash))
            cells.append(.init(row.party.source.map { "\($0)" } ?? "-"))
            cells += addresses.map { $0.cell(row) }
            cells.append(.init(Timestamp.text(micros: row.setupMicros)))
            cells += [row.ringText, row.answerText, Self.seconds(row.end), row.talkText].map { .init($0) }
            cells.append(.init(row.outcome))
            cells.append(.init(row.costMicros.map { Money.text(micros: $0) } ?? "-"))
            return cells + others.map { $0.cell(row) }
        }
        return table
    }

    var jsonRows: [JSONValue] {
        rows.map { row in
            .object([
                .init("line", .unsigned(UInt64(row.line))), .init("id", .optional(row.shownID)),
                .init("call_id", .optional(row.details.callID)),
                .init("account", .optional(row.party.account ?? "")),
                .init("sip_user", .optional(row.party.sipUser ?? "")),
                .init("ip", row.party.source.map { .text("\($0)") } ?? .null),
                .init("port", row.claims.sourcePort == 0 ? .null : .unsigned(UInt64(row.claims.sourcePort))),
                .init("direction", .text(row.party.direction.name)),
                .init("setup_at", .time(row.setupMicros)), .init("ring_ms", Self.json(row.ring)),
                .init("answer_ms", Self.json(row.answer)), .init("end_ms", .unsigned(UInt64(row.end))),
                .init("talk_ms", row.isAnswered ? .unsigned(UInt64(row.talkMilliseconds)) : .null),
                .init("answered", .bool(row.isAnswered)), .init("code", .unsigned(UInt64(row.code))),
                .init("q850", .unsigned(UInt64(row.q850))),
                .init("cost", row.costMicros.map { .text(Money.text(micros: $0)) } ?? .null),
                .init("currency", .optional(row.currency ?? "")), .init("calling", .optional(row.details.calling)),
                .init("called", .optional(row.details.called)),
                .init("destination", row.details.destination.map { .text("\($0)") } ?? .null),
                .init("from_domain", .optional(row.claims.fromDomain ?? "")),
                .init("uri_domain", .optional(row.claims.uriDomain ?? "")),
                .init("contact_domain", .optional(row.claims.contactDomain ?? "")),
                .init("tgrp", .optional(row.claims.trunkGroup ?? "")),
                .init("pai", .array(row.claims.assertedIdentities.map { .text($0) })),
                .init("headers", .object(row.claims.headers.map { .init($0.name, .text($0.value)) })),
            ])
        }
    }

    private static func json(_ milliseconds: UInt32) -> JSONValue {
        milliseconds < CallRecordBatch.unknown ? .unsigned(UInt64(milliseconds)) : .null
    }
}

extension CDRPreview.Row {
    /// The file's other claims about the sender.
    var claims: PartyClaims { party.claims ?? PartyClaims() }

    /// The id, or the Call-ID if there is no column for an id.
    var shownID: String { id.isEmpty ? details.callID : id }

    /// The Call-ID, if that is not the id; else empty.
    var callID: String { details.callID == shownID ? "" : details.callID }

    var isAnswered: Bool { answer < CallRecordBatch.unknown }

    /// As stated, or from the answer to the end.
    var talkMilliseconds: UInt32 { talk == CallRecordBatch.never ? end - min(answer, end) : talk }

    var ringText: String { ring < CallRecordBatch.unknown ? CDRPreview.seconds(ring) : "-" }
    var answerText: String { isAnswered ? CDRPreview.seconds(answer) : "-" }
    var talkText: String { isAnswered ? CDRPreview.seconds(talkMilliseconds) : "-" }

    var outcome: String {
        if isAnswered { return q850 == 0 ? "answered" : "answered q850:\(q850)" }
        let parts = (code == 0 ? [] : [String(code)]) + (q850 == 0 ? [] : ["q850:\(q850)"])
        return parts.isEmpty ? "failed" : parts.joined(separator: " ")
    }
}
