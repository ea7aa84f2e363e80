// Calls to a customer: legs that a host of ours sends to its trunk or to one of its numbers, and records that say so.
//
// They use its channels and its credit, and are in no figure of the traffic that it sends. While no customer has an
// entry `to:` nothing here is done.

import CallEvents
import Columnar

/// The attribution of a call whose party gives its direction.
struct ToldCall {
    /// A row, or `TrackedCall.otherLeg` or `.unattributed`.
    var customer: UInt32
    var isInbound = false
    /// The account in the row is another customer's, and so is the cost.
    var isOthersCost = false
}

extension AuthEntry {
    /// The target of an entry that names the called side.
    var inboundTarget: InboundTarget? { receiver.flatMap { InboundTarget($0) } }
}

extension InboundIndex {
    /// The entries of all customers that exist.
    init(_ customers: CustomerTable) {
        self.init()
        customers.detailsByRow.forEachCustomer { row, details in
            for entry in details.auth where !customers.deleted[Int(row)] {
                if let target = entry.inboundTarget { insert(target, row: row) }
            }
        }
    }
}

extension EngineState {
    /// An entry that names the called side becomes a customer's. A host where the customer gets calls is none of ours.
    mutating func claimInbound(_ entry: AuthEntry, row: UInt32) {
        guard let target = entry.inboundTarget else { return }
        inbound.insert(target, row: row)
        guard case .address(let block) = target else { return }
        switches = switches.filter { !block.contains($0) }
        nextHops = nextHops.filter { !block.contains($0) }
    }

    /// Whether a customer gets calls at an address: it is no switch of ours, whatever comes from there.
    func isTrunk(_ address: IPAddress) -> Bool { !inbound.isEmpty && inbound.row(address: address) != nil }

    /// Whether a set-up that no customer sends may be a call to one: few boards have such entries or directions.
    @inline(__always)
    func mayBeInbound(_ batch: CallEventBatch, _ index: Int) -> Bool {
        !inbound.isEmpty || batch.parties.direction(Int(batch.party[index])) != .outbound
    }

    /// Attributes a call that no customer sends to the customer that it goes to, if any.
    mutating func attributeInbound(_ call: inout TrackedCall, _ party: Party) {
        if party.direction != .outbound {
            let told = customer(told: party)
            (call.customer, call.isInbound) = (told.customer, told.isInbound)
            return
        }
        guard !inbound.isEmpty, let row = customer(towards: party, isOtherLeg: call.customer == TrackedCall.otherLeg)
        else { return }
        // Only our switches call a customer's trunk.
        if call.customer == TrackedCall.unattributed { learnSwitches(party, customer: TrackedCall.otherLeg) }
        (call.customer, call.isInbound) = (row, true)
    }

    /// The customer that a leg goes to. A trunk's address tells by itself; a number only of a leg that a host of ours
    /// sends, and not to another one of ours: there the call has not arrived.
    func customer(towards party: Party, isOtherLeg: Bool) -> UInt32? {
        if let destination = party.destination, let row = inbound.row(address: destination) {
            // What a customer's trunk sends to another of its trunks does not concern us.
            return party.source.flatMap { inbound.row(address: $0) } == row ? nil : row
        }
        guard isOtherLeg, let called = party.claims?.called else { return nil }
        // A host that sends to itself is one of ours, too, as soon as this leg has told so.
        if let destination = party.destination, destination == party.source || switches.contains(destination) {
            return nil
        }
        return inbound.row(number: called)
    }

    /// The attribution of a call whose party gives its direction. An account counts before numbers and addresses where
    /// the source says that the call came in to it. A leg of the switch may carry the account of either side, so there
    /// it only decides whose the cost is.
    func customer(told party: Party) -> ToldCall {
        let own =
            party.customerID != 0
            ? customers.row(id: party.customerID).map(UInt32.init)
            : party.account.flatMap { auth.row(ofAccount: $0) }
        let target =
            party.destination.flatMap { inbound.row(address: $0) }
            ?? party.claims?.called.flatMap { inbound.row(number: $0) }
        let isOthers = own != nil && own != target
        switch party.direction {
        case .switchLeg:
            guard let target else { return ToldCall(customer: TrackedCall.otherLeg) }
            return ToldCall(customer: target, isInbound: true, isOthersCost: isOthers)
        case .inbound:
            if let own, inbound.has(row: own) { return ToldCall(customer: own, isInbound: true) }
            if let target { return ToldCall(customer: target, isInbound: true, isOthersCost: isOthers) }
            // No entry matches: as if no direction was given. A missing customer's call is no leg of ours.
            let row = own ?? resolve(party, relayed: false).row
            return ToldCall(customer: row == TrackedCall.otherLeg ? TrackedCall.unattributed : row)
        case .outbound: return ToldCall(customer: resolve(party, relayed: false).row)
        }
    }
}

// MARK: - Contributions

extension EngineState {
    /// Moves the figures from what a call to a customer added before to what it adds now.
    mutating func correctInbound(customer: UInt32, from old: Contribution, to new: Contribution) {
        fileInbound(customer, old, sign: -1)
        fileInbound(customer, new, sign: 1)
    }

    /// Adds a finished call to a customer.
    mutating func fileInbound(_ record: FinishedRecord, customer: UInt32, outcome: OutcomeClass) {
        var part = Contribution()
        part.setupMicros = record.setupMicros
        part.outcome = outcome
        part.outcomeMicros = Int64(record.outcomeSecond) * 1_000_000
        part.endMicros = record.endMicros
        part.talkMilliseconds = record.isAnswered ? record.talkMilliseconds : -1
        fileInbound(customer, part, sign: 1)
    }

    private mutating func fileInbound(_ customer: UInt32, _ part: Contribution, sign: Int64) {
        if part.setupMicros != 0 {
            timeline.addInbound(
                .inboundSetup, customer: customer, second: EngineState.second(part.setupMicros), value: sign)
        }
        if let outcome = part.outcome, outcome == .answered || outcomes.countsAsSeizure(outcome) {
            timeline.addInbound(
                outcome == .answered ? .inboundAnswer : .inboundFailure, customer: customer,
                second: EngineState.second(part.outcomeMicros), value: sign)
        }
        if part.endMicros != 0 && part.talkMilliseconds >= 0 {
            timeline.addInbound(
                .inboundTalk, customer: customer, second: EngineState.second(part.endMicros),
                value: sign * (Int64(part.talkMilliseconds) + 1))
        }
    }
}
