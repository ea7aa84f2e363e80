// HEP agents as messages.

import CallEvents
import Feeds
import Wire

extension HEPAgents {
    /// Every agent, then the sums of the others, if there are any.
    /// - Parameter policy: nil: clocks are not checked.
    func messages(_ policy: AgentClockPolicy?) -> [Busyhour_V1_HEPAgent] {
        var messages = agents.map { agent in
            var message = Busyhour_V1_HEPAgent(agent)
            if policy == .correct, let correction = agent.clock.correctionMicros {
                message.correctedByMicros = correction
            }
            return message
        }
        if others != HEPAgents().others {
            var message = Busyhour_V1_HEPAgent(others)
            message.others = true
            messages.append(message)
        }
        return messages
    }
}

extension Busyhour_V1_HEPAgent {
    init(_ agent: HEPAgent) {
        self.init()
        id = agent.id
        address = agent.sender?.description ?? ""
        packets = UInt64(clamping: agent.packets)
        state = agent.clock.state.rawValue
        if agent.moveMicros != 0 { movedByMicros = agent.moveMicros }
        if let offset = agent.clock.offsetMicros { clockOffsetMicros = offset }
        lastPacket = agent.lastMicros
        errors = agent.faults.map { Busyhour_V1_HEPError($0) }
    }
}

extension Busyhour_V1_HEPError {
    init(_ fault: HEPFault) {
        self.init()
        name = fault.error.rawValue
        count = UInt64(clamping: fault.count)
        at = fault.latest.arrivalMicros
        agent = fault.latest.agent
        address = fault.latest.sender?.description ?? ""
        source = fault.latest.source?.description ?? ""
        destination = fault.latest.destination?.description ?? ""
        what = fault.error.explanation
        remedy = fault.error.remedy
    }
}
