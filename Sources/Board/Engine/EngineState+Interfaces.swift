// Proxies of ours with several addresses: an INVITE arrives at one of them and leaves from another.

import CallEvents

extension EngineState {
    /// Learns an address of a switch of ours from a set-up that continues a customer's attempt: the same Call-ID, From
    /// tag and CSeq leave it moments after they came from the customer, before any answer. The INVITE of a customer's
    /// proxy that fails over looks alike, but goes to one of our switches; this one goes to a host that is none.
    /// - Returns: whether it is one; the set-up is another leg then.
    mutating func learnInterface(_ batch: CallEventBatch, _ index: Int) -> Bool {
        let party = batch.parties[Int(batch.party[index])]
        guard party.customerID == 0, let source = party.source, let destination = party.destination,
            !switches.contains(source), !switches.contains(destination),
            !auth.hasEntry(around: source), !isTrunk(source),
            let number = calls.find(batch.transaction[index].dialog)
        else { return false }
        let call = calls[number]
        let passing = batch.timeMicros[index] &- calls.trace(number).lastSetupMicros
        guard call.isCustomers, call.setupSequence == batch.sequence[index], !call.isAnswered, !call.isOver,
            passing >= -BoardLimits.passingOnMicros / 40, passing <= BoardLimits.passingOnMicros
        else { return false }
        learnSwitch(source)
        return switches.contains(source)
    }
}
