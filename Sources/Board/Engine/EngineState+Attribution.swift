// Whose a call is. A customer's address is his whoever else is at it; only then is asked whether the call comes from a host
// of our own: the switch passes his SIP user on to the carrier, and that leg is not his call again.

import CallEvents

extension EngineState {
    /// The customer's row, or `TrackedCall.otherLeg` or `.unattributed`.
    func resolve(_ party: Party, relayed: Bool) -> UInt32 {
        if party.customerID != 0 {
            return customers.row(id: party.customerID).map(UInt32.init) ?? TrackedCall.unattributed
        }
        if party.source != nil, let row = auth.row(of: Party(source: party.source)) { return row }
        if relayed { return TrackedCall.otherLeg }
        if let source = party.source, switches.contains(source) || isNode(source, callsTo: party.destination) {
            return TrackedCall.otherLeg
        }
        return auth.row(of: Party(sipUser: party.sipUser, account: party.account)) ?? TrackedCall.unattributed
    }

    /// Learns from a set-up which hosts are switches of ours: where a customer sends his calls, and whoever passes calls on.
    mutating func learnSwitches(_ party: Party, customer: UInt32) {
        guard customer == TrackedCall.otherLeg else { return learnSwitch(party.destination) }
        learnSwitch(party.source)
        guard let next = party.destination, nextHops.count < BoardLimits.unattributedSources else { return }
        nextHops.insert(next)
    }

    /// An address of a customer is none of a switch.
    mutating func learnSwitch(_ address: IPAddress?) {
        guard let address, !switches.contains(address), switches.count < BoardLimits.unattributedSources,
            auth.row(of: Party(source: address)) == nil
        else { return }
        switches.insert(address)
        unattributed.remove(address)
    }

    /// Who gets calls from a switch of ours and calls a host that is none is another node of ours, under whatever Call-ID
    /// it passes them on: a carrier would call our switches.
    private func isNode(_ source: IPAddress, callsTo destination: IPAddress?) -> Bool {
        guard let destination else { return false }
        return nextHops.contains(source) && !switches.contains(destination)
    }
}
