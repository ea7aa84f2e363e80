import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

/// Thousands of edits, deletes and undos: customers, indices, searches and saved tables are those of the obvious way.
@Suite struct ChangesPropertyTests {
    private let now: Int64 = 1_700_000_000_000_000

    @Test(arguments: Seeds.of(1, 2, 3))
    func everythingFollows(seed: UInt64) throws {
        var random = RandomCustomers(seed: seed)
        let engine = Engine()
        var drafts = random.customers(0..<12)
        for index in drafts.indices { drafts[index].creditMicros = Int64(index) * 1_000_000 }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now)
        var calls = RandomAuth(seed: seed)
        var changes = RandomChanges(seed: seed, engine.customers(after: 0, limit: 100))
        for step in 1...300 {
            _ = try changes.step(engine, now: now + Int64(step))
            let expected = changes.model.compactMap { $0 }
            try #require(engine.customers(after: 0, limit: 100) == expected, "seed \(seed), step \(step)")
            if step % 20 == 0 { try check(engine, expected, &calls, "seed \(seed), step \(step)") }
        }
    }

    private func check(
        _ engine: Engine, _ customers: [Customer], _ calls: inout RandomAuth, _ place: String
    ) throws {
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash(), "\(place)")
        for engine in [engine, restored] {
            #expect(engine.customers(after: 0, limit: 100) == customers, "\(place)")
            for number in 0..<12 {
                let name = "Name \(number)"
                #expect(engine.customer(named: name)?.id == customers.first { $0.name == name }?.id, "\(place)")
                let table = engine.state.customers
                let deleted = (0..<table.count).filter {
                    table.deleted[$0] && CustomerTable.fold(table.names[$0]) == CustomerTable.fold(name)
                }
                #expect(engine.deletedCustomers(named: name) == deleted.map { UInt32($0) + 1 }, "\(place)")
            }
            for customer in customers { #expect(engine.customer(named: customer.name)?.id == customer.id, "\(place)") }
            for number in 0..<9 {
                let owner = engine.state.auth.row(ofSIPUser: "u\(number)")
                let expected = customers.first { $0.auth.contains(.sip("u\(number)")) }?.id
                #expect(owner.map { $0 + 1 } == expected, "\(place)")
            }
            // Calls find the customers that looking at all entries finds.
            for _ in 0..<20 {
                let party = calls.party()
                let expected = NaiveAuth.all(customers, party).first.map { $0.id - 1 } ?? TrackedCall.unattributed
                #expect(engine.state.resolve(party, relayed: false).row == expected, "\(place): \(party)")
            }
            for text in ["t1", "name 1", "zürich", "u3"] {
                var query = BoardQuery()
                query.search = text
                query.columns = ["id", "version"]
                let answer = try engine.board(query, now: now + 1_000_000)
                let found = customers.filter { customer in
                    let texts =
                        [customer.name, customer.company] + customer.tags
                        + customer.auth.map(\.savedText)
                    return texts.contains { FoldedText.fold($0).contains(FoldedText.fold(text)) }
                }
                #expect(answer.columns[0].values == .integers(found.map { Int64($0.id) }), "\(place), search \(text)")
            }
        }
    }
}
