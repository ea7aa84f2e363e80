// Which customer a call belongs to as more of it is observed. An address counts from the first INVITE on. Credentials
// count at once, and are taken back if the switch refused them and the caller did not follow: the figures depend on the
// set of events, not on their order.

import CallEvents

extension EngineState {
    /// Attributes a call by a set-up. What is known already stays, except for credentials that may be refused.
    /// - Parameters:
    ///   - number: the call's number.
    ///   - customer: the customer of the set-up by itself.
    ///   - hasCredentials: the customer is known by credentials.
    mutating func attribute(
        _ call: inout TrackedCall, _ number: UInt32, to customer: UInt32, hasCredentials: Bool,
        _ batch: CallEventBatch, _ index: Int
    ) {
        let isOpen = call.customer == TrackedCall.unknown || call.customer == TrackedCall.unattributed
        let known = calls.claim(number)
        if hasCredentials && customer < TrackedCall.otherLeg && (isOpen || known != nil),
            let claim = claim(customer, known, batch, index)
        {
            calls.setClaim(number, claim)
            call.customer = claim.customer
        } else if let known {
            guard customer < TrackedCall.otherLeg, known.otherwise >= TrackedCall.otherLeg else { return }
            // One from the customer's own address needs no credentials.
            var claim = known
            claim.otherwise = customer
            calls.setClaim(number, claim.customer == customer ? nil : claim)
            if claim.customer == customer { call.customer = customer }
        } else if call.customer == TrackedCall.unknown {
            call.customer = customer
            if customer >= TrackedCall.otherLeg && mayBeInbound(batch, index) {
                attributeInbound(&call, batch.parties[Int(batch.party[index])])
            }
        } else if isOpen && customer < TrackedCall.otherLeg {
            call.customer = customer
        }
    }

    /// The claim that a set-up with credentials makes; nil: without them it belongs to the same customer.
    private func claim(_ customer: UInt32, _ known: CallClaim?, _ batch: CallEventBatch, _ index: Int) -> CallClaim? {
        var party = batch.parties[Int(batch.party[index])]
        party.userProof = .claimed
        party.hasCredentials = false
        let otherwise = resolve(party, relayed: batch.relayed[index]).row
        if otherwise == customer { return nil }
        let sequence = batch.sequence[index]
        guard let known else {
            return CallClaim(customer: customer, otherwise: otherwise, sequence: sequence, source: party.source)
        }
        var claim = known
        if sequence > known.sequence { (claim.customer, claim.sequence) = (customer, sequence) }
        if known.otherwise >= TrackedCall.otherLeg { claim.otherwise = otherwise }
        return claim
    }

    /// Judges a call's credentials, if it rests on some. To be called after each event of the call.
    mutating func judge(_ number: UInt32, _ call: inout TrackedCall) {
        guard let claim = calls.claim(number) else { return }
        // A record exists for the call, and its writer knew the customer.
        if call.isTold { return calls.setClaim(number, nil) }
        if call.isLetThrough || claim.customer == claim.otherwise {
            calls.setClaim(number, nil)
            call.customer = claim.customer
        } else {
            call.customer = call.isRefused ? claim.otherwise : claim.customer
        }
    }

    /// Counts a call that was attributed, or is unattributed again.
    /// - Parameters:
    ///   - index: of the event that decides it.
    ///   - source: where it came from, if known.
    mutating func noteMove(
        from before: UInt32, to customer: UInt32, _ party: Party?, micros: Int64, _ index: Int,
        _ summary: inout IngestSummary
    ) {
        if before == customer { return }
        if customer == TrackedCall.unattributed {
            unattributed.count(party, micros: micros)
            summary.countUnattributed(index)
        } else if before == TrackedCall.unattributed {
            unattributed.count(party, micros: micros, attempts: -1)
            summary.unattributed -= 1
        }
        let (was, isNow) = (before < TrackedCall.otherLeg, customer < TrackedCall.otherLeg)
        if was != isNow { summary.calls += isNow ? 1 : -1 }
    }

    /// Takes back all that a call added to the figures of a customer that it does not belong to.
    /// - Returns: the call without a customer and without any contribution.
    mutating func takeBack(_ number: UInt32, _ call: TrackedCall) -> TrackedCall {
        let added = call.contribution(table: outcomes)
        if call.isInbound {
            correctInbound(customer: call.customer, from: added, to: Contribution())
        } else {
            correct(customer: call.customer, from: added, to: Contribution())
        }
        if call.isLive { countLive(call, -1) }
        if call.recentNumber != 0 {
            let packed = recent.packedDetails(call.recentNumber)
            if !packed.isEmpty { details.set(number, packed) }
            withdraw(call.recentNumber)
        }
        var call = call
        call.customer = TrackedCall.unknown
        call.recentNumber = 0
        return call
    }
}
