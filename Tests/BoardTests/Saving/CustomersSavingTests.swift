import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct CustomersSavingTests {
    private let now: Int64 = 1_700_000_000_000_000

    private func engine(seed: UInt64, customers: Int) -> Engine {
        let engine = Engine()
        var random = RandomCustomers(seed: seed)
        for first in stride(from: 0, to: customers, by: 50) {
            let drafts = random.customers(first..<min(customers, first + 50))
            let key = [UInt8](repeating: UInt8(truncatingIfNeeded: first / 50 + 1), count: 16)
            let result = engine.createCustomers(drafts, dryRun: false, idempotencyKey: key, now: now + Int64(first))
            #expect(result.errors == [], "seed \(seed)")
        }
        return engine
    }

    private func all(_ engine: Engine) -> [Customer] { engine.customers(after: 0, limit: 100_000) }

    @Test func everyFieldComesBack() throws {
        for seed in Seeds.fixed(1...5) {
            let before = engine(seed: seed, customers: seed == 1 ? ChunkSize.rows + 100 : 300)
            let snapshot = before.snapshot()
            let after = Engine()
            try after.restore(snapshot.tables())
            #expect(all(after) == all(before), "seed \(seed)")
            #expect(after.snapshot().stateHash() == snapshot.stateHash(), "seed \(seed)")
            for customer in all(before).prefix(400) {
                #expect(after.customer(named: customer.name.uppercased())?.id == customer.id, "seed \(seed)")
            }
            // The names and auth sets are taken, a repeated request is answered as before, and the next id is the next.
            let copy = try #require(all(before).first { !$0.auth.isEmpty })
            let refused = after.createCustomers([copy], dryRun: true, idempotencyKey: [], now: now)
            #expect(Set(refused.errors.map(\.field)) == ["name", "auth"], "seed \(seed)")
            let key = [UInt8](repeating: 2, count: 16)
            #expect(
                after.createCustomers([], dryRun: false, idempotencyKey: key, now: now)
                    == before.createCustomers([], dryRun: false, idempotencyKey: key, now: now))
            var fresh = Customer()
            fresh.name = "Fresh"
            fresh.currency = "USD"
            let created = after.createCustomers([fresh], dryRun: false, idempotencyKey: [], now: now)
            #expect(created.ids == [UInt32(before.customerCount + 1)])
        }
    }

    /// Calls find their customers, searches their rows.
    @Test func whatIsFoundByIndexIsFound() throws {
        let before = engine(seed: 8, customers: 200)
        let after = Engine()
        try after.restore(before.snapshot().tables())
        for engine in [before, after] {
            for customer in all(engine) {
                for entry in customer.auth {
                    var batch = CallRecordBatch()
                    let party: Party
                    switch entry {
                    case .ip(let text):
                        party = Party(source: IPAddress(text.split(separator: "/")[0]))
                    case .sip(let user): party = Party(sipUser: user)
                    case .account(let account): party = Party(account: account)
                    case .conditions(let conditions):
                        var claims = PartyClaims()
                        for case .prefix(let prefix) in conditions.all { claims.called = prefix + "4930" }
                        for case .header(let name, let value) in conditions.all {
                            claims.headers.append(.init(name: name, value: value))
                        }
                        party = Party(source: conditions.block?.address, claims: claims)
                    }
                    batch.parties = [party]
                    batch.party = [0]
                    batch.setupMicros = [now]
                    batch.ringMilliseconds = [1_000]
                    batch.answerMilliseconds = [2_000]
                    batch.endMilliseconds = [9_000]
                    batch.talkMilliseconds = [CallRecordBatch.never]
                    batch.code = [200]
                    batch.q850 = [16]
                    #expect(engine.ingest(batch, now: now + 10_000_000).applied == 1)
                }
            }
        }
        let later = now + 11_000_000
        #expect(
            try after.figures("attempts", .oneMinute, now: later) == before.figures("attempts", .oneMinute, now: later))
        for text in ["acme", "strasse", "10.0.", "tag 3", "漢", "billing"] {
            var query = BoardQuery()
            query.columns = ["id"]
            query.search = text
            query.limit = 1_000
            let (left, right) = (try before.board(query, now: later), try after.board(query, now: later))
            #expect("\(left.columns)" == "\(right.columns)", "search \(text)")
        }
    }

    /// A snapshot stays what it was while the engine goes on.
    @Test func aSnapshotDoesNotChange() throws {
        let engine = engine(seed: 9, customers: 120)
        let snapshot = engine.snapshot()
        let (hash, customers) = (snapshot.stateHash(), all(engine))
        var random = RandomCustomers(seed: 10)
        _ = engine.createCustomers(random.customers(1_000..<1_300), dryRun: false, idempotencyKey: [], now: now)
        #expect(engine.customerCount == 420)
        #expect(snapshot.stateHash() == hash)
        #expect(engine.snapshot().stateHash() != hash)
        let after = Engine()
        try after.restore(snapshot.tables())
        #expect(all(after) == customers)
    }

    /// Every stored field is in the state hash.
    @Test func theStateHashSeesEveryField() {
        func hash(_ change: (inout Customer) -> Void) -> UInt64 {
            var customer = Customer()
            customer.name = "A"
            customer.currency = "USD"
            change(&customer)
            let engine = Engine()
            _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now)
            return engine.snapshot().stateHash()
        }
        let hashes: [UInt64] = [
            hash { _ in }, hash { $0.name = "B" }, hash { $0.currency = "EUR" }, hash { $0.status = .penalty },
            hash { $0.creditMicros = 1 }, hash { $0.debitLimitMicros = 1 }, hash { $0.channels = 1 },
            hash { $0.flowSpeed = 1 }, hash { $0.portalAccess = true }, hash { $0.country = "DE" },
            hash { $0.company = "x" }, hash { $0.accountManager = "x" }, hash { $0.tags = ["x"] },
            hash { $0.contacts = [Contact(name: "x")] }, hash { $0.contacts = [Contact(email: "x@y.example")] },
            hash { $0.contacts = [Contact(mobile: "+4915550100")] }, hash { $0.contacts = [Contact(kind: "x")] },
            hash { $0.auth = [.sip("x")] }, hash { $0.auth = [.account("x")] }, hash { $0.routes = [Route(name: "x")] },
            hash { $0.routes = [Route(name: "x", enabled: false)] }, hash { $0.shortCallSeconds = 1 },
            hash { $0.notes = "x" },
        ]
        #expect(Set(hashes).count == hashes.count)
        #expect(hash { _ in } == hashes[0])
    }

    /// Tables that are whole but wrong.
    @Test func tablesOfAnotherEngineAreRefused() throws {
        let tables = engine(seed: 12, customers: 60).snapshot().tables()
        func fault(_ id: SavedTableID, _ column: UInt16, _ values: SavedValues) throws -> RestoreError? {
            var tables = tables
            let index = try #require(tables.firstIndex { $0.id == id.rawValue })
            let place = try #require(tables[index].columns.firstIndex { $0.id == column })
            tables[index].columns[place].values = values
            do {
                try Engine().restore(tables)
                return nil
            } catch {
                return error
            }
        }
        let table = try tables[.customers]
        #expect(try fault(.customers, 2, .unsigned8(Column([UInt8](repeating: 5, count: 60)))) != nil)
        #expect(try fault(.customers, 3, .unsigned8(Column([UInt8](repeating: 200, count: 60)))) != nil)
        #expect(try fault(.customers, 7, .unsigned32(Column([UInt32](repeating: 1, count: 60)))) != nil)
        #expect(try fault(.customers, 8, .signed64(Column([Int64](repeating: .max, count: 60)))) != nil)
        #expect(try fault(.customers, 1, SavedValues([String](repeating: "same", count: 60))) != nil)
        #expect(try fault(.customers, 1, SavedValues((0..<60).map { "name \($0)" })) == nil)
        #expect(try fault(.currencies, 1, SavedValues(["", "USD", "USD", "EUR"])) != nil)
        #expect(try fault(.statuses, 1, SavedValues(["Gone"])) != nil)
        let auth = try tables[.auth]
        let count = auth.rowCount
        #expect(try fault(.auth, 1, .unsigned32(Column([UInt32](repeating: 60, count: count)))) != nil)
        #expect(try fault(.auth, 2, .unsigned8(Column([UInt8](repeating: 3, count: count)))) != nil)
        #expect(try fault(.auth, 3, SavedValues([String](repeating: "10.0.0.1", count: count))) != nil)
        #expect(try fault(.results, 3, .unsigned32(Column([UInt32](repeating: 61, count: 2)))) != nil)
        // Marks of debits, what keys asked for and what begins later are not in files of before there were any.
        let newer = [SavedTableID.debitMarks, .resultContents, .laterChanges].map(\.rawValue)
        for missing in tables.indices where !newer.contains(tables[missing].id) {
            var fewer = tables
            fewer.remove(at: missing)
            #expect(throws: RestoreError.self) { try Engine().restore(fewer) }
        }
        #expect(table.rowCount == 60)
    }

    /// A file is read in the order of its tables' numbers, and its hash is over that order.
    @Test func tablesAscend() {
        let engine = engine(seed: 3, customers: 10)
        let numbers = engine.snapshot().tables().map(\.id)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        let statistics = engine.statistics(now: 0).tables().map(\.id)
        #expect(statistics == statistics.sorted() && Set(statistics).count == statistics.count)
    }

    /// Another order of statuses in the file is turned into this program's.
    @Test func statusesAreSavedByName() throws {
        var tables = engine(seed: 13, customers: 60).snapshot().tables()
        let statuses = try #require(tables.firstIndex { $0.id == SavedTableID.statuses.rawValue })
        tables[statuses].columns[0].values = SavedValues(CustomerStatus.allCases.reversed().map(\.rawValue))
        let (before, after) = (engine(seed: 13, customers: 60), Engine())
        try after.restore(tables)
        let count = CustomerStatus.allCases.count
        for (left, right) in zip(all(before), all(after)) {
            let place = try #require(CustomerStatus.allCases.firstIndex(of: left.status))
            #expect(right.status == CustomerStatus.allCases[count - 1 - place])
        }
    }
}
