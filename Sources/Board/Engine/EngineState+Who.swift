// Whose a call would be: what live traffic and CDRs are asked, and beside it all that the call meets.

import CallEvents
import Columnar

extension EngineState {
    func attribution(of party: Party) -> Attribution {
        let match = resolve(party, relayed: false)
        var answer = Attribution()
        answer.called = party.claims?.called.map { String($0.utf8.dropFirst(Int(match.prefixBytes))) ?? $0 } ?? ""
        answer.matches = matches(party)
        if match.row < TrackedCall.otherLeg {
            answer.outcome = .customer
            (answer.customerID, answer.customer) = (match.row + 1, customers.names[Int(match.row)])
        } else if match.row == TrackedCall.otherLeg {
            // What the leg says of itself besides counts for nobody.
            (answer.outcome, answer.matches) = (.ownSwitch, [])
        } else {
            answer.nearest = nearest(party)
        }
        answer.reason = reason(answer, party)
        return answer
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
        // See `resolve`: what a switch of ours sends from a customer's block is told by that alone.
        if isSwitch(party.source) { found.removeAll { $0.conditions.block == nil } }
        found.sort { $0.isMoreExact(than: $1) }
        if let user = party.sipUser, let row = match(byUser: party)?.row { plain.append(entry(.sip(user), row)) }
        if let code = party.account, let row = auth.row(ofAccount: code) { plain.append(entry(.account(code), row)) }
        return found.map { entry(.conditions($0.conditions), $0.row) } + plain
    }

    private func entry(_ entry: AuthEntry, _ row: UInt32) -> Attribution.Entry {
        Attribution.Entry(customerID: row + 1, customer: customers.names[Int(row)], entry: entry)
    }

    /// Entries of which the call meets something: those with the fewest conditions that it does not meet.
    private func nearest(_ party: Party) -> [Attribution.Entry] {
        var near: [Attribution.Entry] = []
        if let user = party.sipUser, let row = auth.row(ofSIPUser: user), match(byUser: party) == nil {
            near.append(entry(.sip(user), row))
        }
        for found in auth.conditions.all.prefix(BoardLimits.entriesLookedAt) where found.conditions.receiver == nil {
            let unmet = found.conditions.all.filter { !$0.match(party) }
            guard unmet.count < found.conditions.all.count, !unmet.isEmpty else { continue }
            if near.count == BoardLimits.nearestEntries, let last = near.last, last.unmet.count <= unmet.count {
                continue
            }
            var candidate = entry(.conditions(found.conditions), found.row)
            candidate.unmet = unmet
            near.insert(candidate, at: near.firstIndex { $0.unmet.count > unmet.count } ?? near.count)
            if near.count > BoardLimits.nearestEntries { near.removeLast() }
        }
        return near
    }

    private func reason(_ answer: Attribution, _ party: Party) -> String {
        switch answer.outcome {
        case .customer:
            guard party.customerID == 0 else { return "the producer tells the customer" }
            guard let first = answer.matches.first else { return "" }
            guard answer.matches.count > 1 else { return "\(first.entry.listed) is the only entry that the call meets" }
            return "\(first.entry.listed) is the most exact of \(answer.matches.count) entries that the call meets"
        case .ownSwitch:
            return
                "\(party.source.map { "\($0)" } ?? "its source") is a switch of ours: what it sends on is another leg of a call, not one more"
        case .nobody:
            if party.customerID != 0 { return "there is no customer with id \(party.customerID)" }
            if answer.nearest.isEmpty { return "no entry is met; give its customer one, as auth+=ip:203.0.113.7" }
            return "no entry is met as a whole; see what the nearest ones ask for"
        }
    }
}
