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
        if let source = party.source, switches.contains(source) { return TrackedCall.otherLeg }
        return auth.row(of: Party(sipUser: party.sipUser, account: party.account)) ?? TrackedCall.unattributed
    }

    /// Where a customer sends his calls is a switch of ours, unless it is a customer's address as well.
    mutating func learnSwitch(_ party: Party) {
        guard let address = party.destination, !switches.contains(address),
            switches.count < BoardLimits.unattributedSources, auth.row(of: Party(source: address)) == nil
        else { return }
        switches.insert(address)
        unattributed.remove(address)
    }
}
