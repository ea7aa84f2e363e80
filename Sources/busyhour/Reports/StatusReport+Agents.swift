// The agents that send HEP: each one's clock and packets, and where each error was last seen.

import Terminal
import Wire

extension StatusReport {
    /// Empty if no agent was seen.
    func agentLines(_ page: Page) -> [String] {
        if status.agents.isEmpty { return [] }
        return ["", "HEP agents"] + agentTable(page).lines(page, hint: "see --format json")
            + status.agents.flatMap { agent in agent.errors.map { Self.line($0, page) } }
    }

    private func agentTable(_ page: Page) -> TextTable {
        var table = TextTable([
            .init("agent", .right), .init("address"), .init("clock"), .init("offset", .right),
            .init("corrected by", .right), .init("moved by", .right), .init("packets", .right), .init("errors", .right),
            .init("last packet"),
        ])
        table.rows = status.agents.map { agent in
            let errors = agent.errors.reduce(0) { $0 &+ $1.count }
            return [
                .init(agent.others ? "others" : agent.id == 0 ? "-" : String(agent.id)),
                .init(agent.others ? "" : agent.address.isEmpty ? "file or program" : agent.address),
                .init(agent.state, colour: agent.state == "ok" ? nil : .yellow),
                .init(agent.hasClockOffsetMicros ? Self.seconds(agent.clockOffsetMicros) : "-"),
                .init(agent.hasCorrectedByMicros ? Self.seconds(agent.correctedByMicros) : "-"),
                .init(agent.hasMovedByMicros ? Self.seconds(agent.movedByMicros) : "-"),
                .init(Number.grouped(agent.packets)),
                .init(Number.grouped(errors), colour: errors > 0 ? .yellow : nil),
                .init(page.timeOrDash(agent.lastPacket)),
            ]
        }
        return table
    }

    /// `hep_version 3: a HEP packet of version 1 or 2; last 2026-03-04 05:06:07Z from agent 7 at 10.0.0.1; set it to
    /// version 3`.
    private static func line(_ error: Busyhour_V1_HEPError, _ page: Page) -> String {
        let agent = error.agent == 0 ? "" : "agent \(error.agent) at "
        let sender = error.address.isEmpty ? "a file or program" : error.address
        let peers = error.source.isEmpty ? "" : " (\(error.source) to \(error.destination))"
        return VisibleText.clean(
            "\(error.name) \(Number.grouped(error.count)): \(error.what); last \(page.time(error.at)) "
                + "from \(agent)\(sender)\(peers); \(error.remedy)")
    }

    /// `+3,600.0 s`.
    private static func seconds(_ micros: Int64) -> String {
        (micros > 0 ? "+" : "") + Number.fixed(Double(micros) / 1_000_000, decimals: 1) + " s"
    }

    static func json(_ agent: Busyhour_V1_HEPAgent) -> JSONValue {
        .object([
            .init("id", agent.id == 0 ? .null : .unsigned(UInt64(agent.id))),
            .init("address", agent.address.isEmpty ? .null : .text(agent.address)),
            .init("others", .bool(agent.others)), .init("state", .text(agent.state)),
            .init(
                "clock_offset_seconds",
                agent.hasClockOffsetMicros ? .number(Double(agent.clockOffsetMicros) / 1_000_000) : .null),
            .init(
                "corrected_by_seconds",
                agent.hasCorrectedByMicros ? .number(Double(agent.correctedByMicros) / 1_000_000) : .null),
            .init(
                "moved_by_seconds",
                agent.hasMovedByMicros ? .number(Double(agent.movedByMicros) / 1_000_000) : .null),
            .init("packets", .unsigned(agent.packets)),
            .init("last_packet", agent.lastPacket == 0 ? .null : .time(agent.lastPacket)),
            .init("errors", .array(agent.errors.map(json))),
        ])
    }

    private static func json(_ error: Busyhour_V1_HEPError) -> JSONValue {
        func text(_ text: String) -> JSONValue { text.isEmpty ? .null : .text(text) }
        return .object([
            .init("name", .text(error.name)), .init("count", .unsigned(error.count)), .init("at", .time(error.at)),
            .init("agent", error.agent == 0 ? .null : .unsigned(UInt64(error.agent))),
            .init("address", text(error.address)), .init("source", text(error.source)),
            .init("destination", text(error.destination)), .init("what", text(error.what)),
            .init("remedy", text(error.remedy)),
        ])
    }
}
