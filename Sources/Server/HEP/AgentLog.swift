// What the log hears of HEP agents: each error of each agent once, by name, with its place and its remedy. However many agents
// there are, it is a few lines a minute.

import CallEvents
import Feeds
import Logging
import NIOCore

/// Knows what was told.
struct AgentLog {
    private var told = HEPAgents()
    private var linesLeft = Limits.agentLogLines
    private var untold = 0
    private var nextInterval = NIODeadline.distantPast

    /// The lines about what is new in `agents`.
    mutating func lines(_ agents: HEPAgents, now: NIODeadline) -> [String] {
        var lines: [String] = []
        if now >= nextInterval {
            (linesLeft, nextInterval) = (Limits.agentLogLines, now + Limits.agentLogInterval)
            if untold > 0 { 
                lines.append("\(untold) further lines about HEP agents were left out: see busyhour status")
            }
            untold = 0
        }
        defer { told = agents }
        var news = Self.news(agents.others, since: told.others)
        for place in agents.agents.indices {
            let agent = agents.agents[place]
            let before = told.agents.indices.contains(place) ? told.agents[place] : nil
            news += Self.news(agent, since: before?.isSame(as: agent) == true ? before : nil)
        }
        lines += news.prefix(linesLeft)
        untold += max(0, news.count - linesLeft)
        linesLeft -= min(linesLeft, news.count)
        return lines
    }

    private static func news(_ agent: HEPAgent, since before: HEPAgent?) -> [String] {
        if agent.faults.count == before?.faults.count { return [] }
        return agent.faults.filter { fault in
            before?.faults.contains { $0.error == fault.error } != true
        }.map(\.line)
    }
}

extension HEPAgent {
    fileprivate func isSame(as other: HEPAgent) -> Bool { id == other.id && sender == other.sender }
}

extension HEPFault {
    /// `HEP agent 2001 at 198.51.100.7: hep_version: a HEP packet of version 1 (from 10.0.0.1 to 10.0.0.2); what to do`.
    var line: String {
        let agent = latest.agent == 0 ? "HEP" : "HEP agent \(latest.agent)"
        let sender = latest.sender.map { "at \($0)" } ?? "of a file or a program"
        var peers = ""
        if let source = latest.source, let destination = latest.destination {
            peers = " (from \(source) to \(destination))"
        }
        return "\(agent) \(sender): \(error.rawValue): \(error.explanation)\(peers); \(error.remedy)"
    }
}

extension EngineHost {
    /// Takes what is known of the agents that send to the sockets.
    func take(_ agents: HEPAgents) {
        self.agents = agents
        for line in agentLog.lines(agents, now: .now()) { logger?.warning("\(line)") }
    }
}
