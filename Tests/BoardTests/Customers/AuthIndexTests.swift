import CallEvents
import Randomness
import Testing

@testable import Board

/// Entries come and go by the hundred; after each step random calls are asked for, and found as by looking at all
/// entries.
@Suite struct AuthIndexTests {
    @Test(arguments: Seeds.of(1, 2, 3, 4))
    func theMostExactEntryIsFound(seed: UInt64) {
        var random = RandomAuth(seed: seed)
        var customers = (1...6).map { id in
            var customer = Customer()
            customer.id = UInt32(id)
            return customer
        }
        var state = EngineState(configuration: EngineConfiguration())
        for step in 0..<200 {
            let place = Int.random(in: customers.indices, using: &random.generator)
            if Int.random(in: 0..<5, using: &random.generator) < 2, let entry = customers[place].auth.randomElement() {
                // One that is another's is not taken away.
                state.auth.remove(entry, row: UInt32((place + 1) % 6))
                state.auth.remove(entry, row: UInt32(place))
                customers[place].auth.removeAll { $0 == entry }
            } else {
                let entry = random.entry()
                if let owner = state.auth.owner(of: entry) {
                    #expect(customers[Int(owner)].auth.contains { $0.isSame(entry) }, "seed \(seed), step \(step)")
                    continue
                }
                #expect(!customers.contains { $0.auth.contains { $0.isSame(entry) } }, "seed \(seed), step \(step)")
                let isNew = state.auth.insert(entry, row: UInt32(place))
                #expect(isNew)
                customers[place].auth.append(entry)
            }
            for _ in 0..<6 { check(state, customers, random.party(), "seed \(seed), step \(step)") }
            #expect(state.auth.conditions.needs == needs(customers), "seed \(seed), step \(step)")
        }
        for (row, customer) in customers.enumerated() {
            for entry in customer.auth { state.auth.remove(entry, row: UInt32(row)) }
        }
        #expect(state.auth.conditions.needs.isEmpty && state.auth.conditions.count == 0)
        #expect(!state.auth.hasEntry(around: IPAddress("10.0.0.1")!))
    }

    private func check(_ state: EngineState, _ customers: [Customer], _ party: Party, _ place: String) {
        let found = state.resolve(party, relayed: false)
        let expected = NaiveAuth.all(customers, party).first
        let row = expected.map { $0.id - 1 } ?? TrackedCall.unattributed
        #expect(found.row == row, "\(place): \(party)")
        #expect(found.prefixBytes == expected?.prefixBytes ?? 0, "\(place): \(party)")
        // Of a copy that a host passes on only the address tells.
        let relayed = state.resolve(party, relayed: true).row
        let byAddress = NaiveAuth.all(customers, party).first { $0.entry.hasPrefix("ip:") }
        #expect(relayed == byAddress.map { $0.id - 1 } ?? TrackedCall.otherLeg, "\(place): \(party)")
    }

    private func needs(_ customers: [Customer]) -> PartyNeeds {
        var needs = PartyNeeds()
        for customer in customers {
            for entry in customer.auth {
                guard case .conditions(let conditions) = entry else { continue }
                for condition in conditions.all {
                    switch condition {
                    case .ip(_, let port): if port != 0 { needs.claims.insert(.sourcePort) }
                    case .prefix, .to: needs.claims.insert(.called)
                    case .from: needs.claims.insert(.fromDomain)
                    case .uri: needs.claims.insert(.uriDomain)
                    case .contact: needs.claims.insert(.contactDomain)
                    case .tgrp: needs.claims.insert(.trunkGroup)
                    case .pai: needs.claims.insert(.assertedIdentities)
                    case .header(let name, _): needs.headerNames = Set(needs.headerNames + [name]).sorted()
                    case .sip, .account: break
                    }
                }
            }
        }
        return needs
    }

    /// A call of a customer at plain addresses asks for each length once, whatever others have; one of an SBC asks for
    /// its shapes, not for its entries.
    @Test func aHundredThousandEntriesAreAFewShapes() throws {
        var index = AuthIndex()
        for number in 0..<100_000 {
            let text = number % 2 == 0 ? "ip:198.51.100.20&prefix:\(number)#" : "ip:198.51.100.20&header:x-a=\(number)"
            let isNew = index.insert(try AuthEntry(listed: text), row: UInt32(number))
            #expect(isNew)
        }
        #expect(index.conditions.shapesUnder(AddressBlock("198.51.100.20")!) == 6)
        let source = IPAddress("198.51.100.20")
        for number in stride(from: 0, to: 100_000, by: 1_111) {
            let claims =
                number % 2 == 0
                ? PartyClaims(called: "\(number)#4930") : PartyClaims(headers: [.init(name: "x-a", value: "\(number)")])
            #expect(index.match(bySource: Party(source: source, claims: claims))?.row == UInt32(number))
        }
        #expect(index.match(bySource: Party(source: source)) == nil)
    }
}

extension AuthEntry {
    /// Blocks are the same whatever stands behind their lengths.
    fileprivate func isSame(_ other: AuthEntry) -> Bool {
        if case .ip(let one) = self, case .ip(let two) = other { return AddressBlock(one) == AddressBlock(two) }
        return self == other
    }
}
