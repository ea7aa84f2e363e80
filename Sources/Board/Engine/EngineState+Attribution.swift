// Which customer a call belongs to. A customer's address comes first, whatever else matches. Only then does it matter
// whether the call comes from a host of ours: the switch passes the customer's SIP user on to the carrier, and that leg
// is not a second call. A From user proves nothing anywhere else.

import CallEvents

extension EngineState {
    /// The customer's row, or `TrackedCall.otherLeg` or `.unattributed`; and the entry that attributes the call.
    func resolve(_ party: Party, relayed: Bool) -> AuthIndex.Match {
        if party.customerID != 0 {
            let row = customers.row(id: party.customerID).map(UInt32.init)
            return AuthIndex.Match(row: row ?? TrackedCall.unattributed)
        }
        let bySource = auth.match(bySource: party)
        if let bySource {
            // Whatever else the call claims is repeated on the legs that a switch of ours makes of it.
            guard auth.conditions.hasAnywhere, !relayed, !isSwitch(party.source) else { return bySource }
        } else if relayed || isSwitch(party.source) || isNode(party) {
            return AuthIndex.Match(row: TrackedCall.otherLeg)
        }
        var party = party
        if party.userProof == .claimed { party.sipUser = nil }
        return auth.match(anywhere: party, bySource: bySource) ?? match(byCredentials: party)
            ?? AuthIndex.Match(row: TrackedCall.unattributed)
    }

    /// Matches by the SIP user alone, else by the account alone.
    func match(byCredentials party: Party) -> AuthIndex.Match? {
        if let match = match(byUser: party) { return match }
        return party.account.flatMap { auth.row(ofAccount: $0) }.map { AuthIndex.Match(row: $0) }
    }

    /// Matches by the SIP user alone, where it proves anything.
    func match(byUser party: Party) -> AuthIndex.Match? {
        if party.userProof == .claimed { return nil }
        return party.sipUser.flatMap { auth.row(ofSIPUser: $0) }.map { AuthIndex.Match(row: $0) }
    }

    /// Learns from a set-up which hosts are switches of ours: destinations of customers' calls, and hosts that pass
    /// calls on.
    mutating func learnSwitches(_ party: Party, customer: UInt32) {
        guard customer == TrackedCall.otherLeg else { return learnSwitch(party.destination) }
        learnSwitch(party.source)
        guard let next = party.destination, nextHops.count < BoardLimits.unattributedSources, !isTrunk(next) else {
            return
        }
        nextHops.insert(next)
    }

    /// A customer's address is never learnt as a switch.
    mutating func learnSwitch(_ address: IPAddress?) {
        guard let address, !switches.contains(address), switches.count < BoardLimits.unattributedSources,
            !auth.hasEntry(around: address), !isTrunk(address)
        else { return }
        switches.insert(address)
        unattributed.remove(address)
    }

    func isSwitch(_ source: IPAddress?) -> Bool { source.map { switches.contains($0) } ?? false }

    /// A host that gets calls from a switch of ours and calls a host that is no switch is another node of ours, under
    /// whatever Call-ID: a carrier would call our switches. A customer's address is no node, whatever its entries'
    /// conditions.
    private func isNode(_ party: Party) -> Bool {
        guard let source = party.source, let destination = party.destination else { return false }
        return nextHops.contains(source) && !switches.contains(destination) && !auth.hasEntry(around: source)
            && !isTrunk(source)
    }
}
