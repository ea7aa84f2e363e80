// To whom a call comes, and why.

import CallEvents
import Columnar

extension EngineState {
    /// Of a call that comes to a customer; nil: it comes to none.
    /// - Parameter sender: the row of the customer who sends it, or `TrackedCall.otherLeg` or `.unattributed`.
    func inboundAttribution(of party: Party, sender: UInt32) -> Attribution? {
        guard let row = receiver(of: party, sender: sender) else { return nil }
        var answer = Attribution()
        (answer.outcome, answer.isInbound) = (.customer, true)
        (answer.customerID, answer.customer) = (row + 1, customers.names[Int(row)])
        answer.called = party.claims?.called ?? ""
        answer.matches = receivers(of: party)
        if answer.matches.first?.customerID != row + 1, let account = party.account, auth.row(ofAccount: account) == row
        {
            answer.matches.insert(entry(.account(account), row), at: 0)
        }
        answer.reason = reasonOfReceiver(answer, party)
        return answer
    }

    /// As calls get it (`attributeInbound`).
    private func receiver(of party: Party, sender: UInt32) -> UInt32? {
        if party.direction == .outbound {
            if sender < TrackedCall.otherLeg || inbound.isEmpty { return nil }
            return customer(towards: party, isOtherLeg: sender == TrackedCall.otherLeg)
        }
        let told = customer(told: party)
        return told.isInbound && told.customer < TrackedCall.otherLeg ? told.customer : nil
    }

    /// Entries `to:` that meet where a call goes, the one that gets it first: a trunk's address before a number.
    func receivers(of party: Party) -> [Attribution.Entry] {
        let found =
            (party.destination.map { inbound.entries(address: $0) } ?? [])
            + (party.claims?.called.map { inbound.entries(number: $0) } ?? [])
        return found.compactMap { target, row in
            guard let condition = try? AuthCondition(.to, target.text),
                let conditions = try? AuthConditions([condition])
            else { return nil }
            return entry(AuthEntry(conditions), row)
        }
    }

    private func reasonOfReceiver(_ answer: Attribution, _ party: Party) -> String {
        guard party.customerID == 0 else { return "the producer tells the customer, and that the call comes to it" }
        guard let first = answer.matches.first else { return "" }
        if case .account(let code) = first.entry {
            return "the record is of a call to the account \(code), whose customer has entries to:"
        }
        let what = AddressBlock(first.entry.receiver ?? "") == nil ? "the called number" : "where the call goes"
        if answer.matches.count == 1 { return "\(first.entry.listed) is \(what); no other entry is" }
        return "\(first.entry.listed) is \(what), and the most exact of \(answer.matches.count) such entries"
    }
}
