// What the log says of HEP agents: each error of each agent once, by name, with its location and its remedy, and each
// change of an agent's clock. However many agents there are, it is a few lines a minute.

import CallEvents
import Feeds
import Logging
import NIOCore

/// Remembers what was logged.
struct AgentLog {
    struct Line: Equatable {
        var level = Logger.Level.warning
        var text: String
    }

    private var told = HEPAgents()
    private var linesLeft = Limits.agentLogLines
    private var untold = 0
    private var nextInterval = NIODeadline.distantPast

    /// The lines about what is new in `agents`.
    /// - Parameter policy: how times that are off are treated.
    mutating func lines(_ agents: HEPAgents, _ policy: AgentClockPolicy, now: NIODeadline) -> [Line] {
        var lines: [Line] = []
        if now >= nextInterval {
            (linesLeft, nextInterval) = (Limits.agentLogLines, now + Limits.agentLogInterval)
            if untold > 0 {
                lines.append(Line(text: "\(untold) further lines about HEP agents were left out: see busyhour status"))
            }
            untold = 0
        }
        defer { told = agents }
        var news = Self.news(agents.others, since: told.others, policy)
        for place in agents.agents.indices {
            let agent = agents.agents[place]
            let before = told.agents.indices.contains(place) ? told.agents[place] : nil
            news += Self.news(agent, since: before?.isSame(as: agent) == true ? before : nil, policy)
        }
        lines += news.prefix(linesLeft)
        untold += max(0, news.count - linesLeft)
        linesLeft -= min(linesLeft, news.count)
        return lines
    }

    private static func news(_ agent: HEPAgent, since before: HEPAgent?, _ policy: AgentClockPolicy) -> [Line] {
        var lines: [Line] = []
        if agent.clock.state != before?.clock.state ?? .ok {
            let isRight = agent.clock.state == .ok
            lines.append(Line(level: isRight ? .notice : .warning, text: "HEP \(agent.clockText(policy))"))
        }
        if agent.faults.count == before?.faults.count { return lines }
        let new = agent.faults.filter { fault in before?.faults.contains { $0.error == fault.error } != true }
        return lines + new.map { Line(text: $0.text) }
    }
}

extension HEPAgent {
    fileprivate func isSame(as other: HEPAgent) -> Bool { id == other.id && sender == other.sender }

    /// `agent 2002 at 198.51.100.7: its clock is 3600.0 s ahead of ours; its times are corrected; set ...`.
    func clockText(_ policy: AgentClockPolicy) -> String {
        let name = (id == 0 ? "agent" : "agent \(id)") + (sender.map { " at \($0)" } ?? "")
        let seconds = LogText.tenths(micros: clock.offsetMicros ?? 0)
        let wrong: String
        switch clock.state {
        case .ok: return "\(name): its clock is right (\(seconds) s off)"
        case .ahead: wrong = "its clock is \(seconds) s ahead of this server's"
        case .behind: wrong = "its clock is \(seconds) s behind this server's"
        case .unsteady: wrong = "its clock jumps"
        }
        let consequence =
            switch policy {
            case .correct where clock.state == .unsteady: "the times of arrival are taken"
            case .correct: "its times are corrected"
            case .trust: "its times are taken as they are (--agent-clock trust)"
            case .refuse: "its packets are refused (--agent-clock refuse)"
            }
        return "\(name): \(wrong); \(consequence); set it by NTP, and let it stamp in UTC"
    }
}

extension HEPFault {
    /// `HEP agent 2001 at 198.51.100.7: hep_version: a HEP packet of version 1 (from 10.0.0.1 to 10.0.0.2); what to
    /// do`.
    var text: String {
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
    /// Takes the state of the agents that send to the sockets.
    func take(_ agents: HEPAgents) {
        self.agents = agents
        for line in agentLog.lines(agents, agentClock, now: .now()) { logger?.log(level: line.level, "\(line.text)") }
    }

    /// Nil: no agent observed recently has a clock that is off.
    var agentNotice: String? {
        let since = now() &- Limits.agentNoticeMicros
        let wrong = agents.agents.filter { $0.clock.state != .ok && $0.lastMicros >= since }
        guard let first = wrong.first else { return nil }
        let more = wrong.count == 1 ? "" : ", and \(wrong.count - 1) more: see agents"
        return "agent clock: \(first.clockText(agentClock))\(more)"
    }
}
