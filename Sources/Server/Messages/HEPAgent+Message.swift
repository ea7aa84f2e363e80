// HEP agents as messages.

import CallEvents
import Feeds
import Wire

extension HEPAgents {
    /// Every agent, then what the others come to, if there are any.
    var messages: [Busyhour_V1_HEPAgent] {
        var messages = agents.map { Busyhour_V1_HEPAgent($0) }
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
        state = "ok"
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
