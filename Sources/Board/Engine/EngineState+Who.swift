// Which customer a call would be attributed to: what live traffic and CDRs do, plus everything that the call meets.

import CallEvents
import Columnar

extension EngineState {
    /// - Returns: the answer, and the search for the nearest entries if that is to be made for it.
    func attribution(of party: Party) -> (answer: Attribution, search: NearestEntries?) {
        let match = resolve(party, relayed: false)
        if let answer = inboundAttribution(of: party, sender: match.row) { return (answer, nil) }
        var answer = Attribution()
        answer.called = party.claims?.called.map { String($0.utf8.dropFirst(Int(match.prefixBytes))) ?? $0 } ?? ""
        answer.matches = matches(party)
        // No customer receives the call. Where its direction is told, `customer(told:)` decides, as for records.
        let row = party.direction == .outbound ? match.row : customer(told: party).customer
        if row < TrackedCall.otherLeg {
            answer.outcome = .customer
            (answer.customerID, answer.customer) = (row + 1, customers.names[Int(row)])
            answer.reason = reason(answer, party)
        } else if row == TrackedCall.otherLeg {
            // What else the leg says of itself counts for no customer.
            (answer.outcome, answer.matches) = (.ownSwitch, [])
            answer.reason = reason(answer, party)
        } else {
            return (answer, NearestEntries(party, unprovenEntries(party)))
        }
        return (answer, nil)
    }

    /// What a search found is a part of the answer.
    func finish(_ answer: inout Attribution, _ search: NearestEntries) {
        answer.nearest = search.found
        answer.reason = reason(answer, search.party)
    }

    /// All entries that a call meets, the most exact first.
    private func matches(_ party: Party) -> [Attribution.Entry] {
        let probe = AuthProbe(party)
        var found = auth.conditions.matches(probe, under: nil)
        var plain: [Attribution.Entry] = []
        for block in party.source.map({ auth.blocks(around: $0) }) ?? [] {
            found += auth.conditions.matches(probe, under: block)
            if let row = auth.owner(of: block) { plain.append(entry(.ip(block.description), row)) }
        }
        // See `resolve`: what a switch of ours sends from a customer's block is attributed by that alone.
        if isSwitch(party.source) { found.removeAll { $0.conditions.block == nil } }
        found.sort { $0.isMoreExact(than: $1) }
        if let user = party.sipUser, let row = match(byUser: party)?.row { plain.append(entry(.sip(user), row)) }
        if let code = party.account, let row = auth.row(ofAccount: code) { plain.append(entry(.account(code), row)) }
        return found.map { entry(.conditions($0.conditions), $0.row) } + plain
    }

    func entry(_ entry: AuthEntry, _ row: UInt32) -> Attribution.Entry {
        Attribution.Entry(customerID: row + 1, customer: customers.names[Int(row)], entry: entry)
    }

    /// Entries that name what the call says, and of which it gives no proof: a user that is no more than claimed, and
    /// who is called by a leg that no switch of ours sends.
    private func unprovenEntries(_ party: Party) -> [Attribution.Entry] {
        var entries: [Attribution.Entry] = []
        if let user = party.sipUser, let row = auth.row(ofSIPUser: user), match(byUser: party) == nil {
            entries.append(entry(.sip(user), row))
        }
        return Array((entries + receivers(of: party)).prefix(BoardLimits.nearestEntries))
    }

    private func reason(_ answer: Attribution, _ party: Party) -> String {
        switch answer.outcome {
        case .customer:
            guard party.customerID == 0 else { return "the producer tells the customer" }
            guard let first = answer.matches.first else { return "" }
            guard answer.matches.count > 1 else { return "\(first.entry.listed) is the only entry that the call meets" }
            return "\(first.entry.listed) is the most exact of \(answer.matches.count) entries that the call meets"
        case .ownSwitch where party.direction != .outbound:
            return "no customer has an entry to: of where it goes; give its customer one, as auth+=to:442079460170"
        case .ownSwitch:
            return
                "\(party.source.map { "\($0)" } ?? "its source") is a switch of ours: what it sends on is another leg of a call, not one more"
        case .nobody:
            if party.customerID != 0 { return "there is no customer with id \(party.customerID)" }
            if answer.nearest.first?.entry.receiver != nil {
                return "a call comes to a customer only by a leg that a switch of ours sends; ask for that one by --to"
            }
            if answer.nearest.isEmpty { return "no entry is met; give its customer one, as auth+=ip:203.0.113.7" }
            return "no entry is met as a whole; see what the nearest ones ask for"
        }
    }
}
