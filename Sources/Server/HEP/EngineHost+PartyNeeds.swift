// What the HEP parsers read of an INVITE for the customers' auth entries. It changes with the customers, on the
// engine's loop; the parser of the sockets lives on another loop and is sent each change.

import Board
import CallEvents
import NIOCore

extension EngineHost {
    /// From now on the sockets' parser is sent what to read: at once, before its first packet, and on each change.
    func publishNeeds(to receiver: NIOLoopBound<HEPReceiver>) {
        hepReceiver = receiver
        send(captures.needs, to: receiver)
        publishNeeds()
    }

    /// To be called when customers may have changed: costs a comparison of two numbers if they have not.
    func publishNeeds() {
        guard engine.customersVersion != needsVersion else { return }
        needsVersion = engine.customersVersion
        let needs = engine.partyNeeds
        guard needs != captures.needs else { return }
        captures.needs = needs
        if let hepReceiver { send(needs, to: hepReceiver) }
    }

    private func send(_ needs: PartyNeeds, to receiver: NIOLoopBound<HEPReceiver>) {
        receiver.eventLoop.execute { receiver.value.needs = needs }
    }
}
