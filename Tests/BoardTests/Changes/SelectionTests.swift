// Which customers an edit is for, and what it reads of them: the same that the board shows.

import CallEvents
import Columnar
import Testing

@testable import Board

@Suite struct SelectionTests {
    private static let now: Int64 = 1_750_000_000_000_000

    /// Customers with calls of different numbers, in the last full second, too.
    private static func engine() -> Engine {
        let engine = makeEngine(customers: 4, now: now - 60_000_000)
        for (customer, count) in [(1, 1), (2, 3), (4, 2)] as [(UInt32, UInt64)] {
            for number in 0..<count {
                var batch = CallEventBatch()
                batch.parties.append(Party(customerID: customer))
                let key = CallKey(high: UInt64(customer), low: number)
                batch.append(.setup, key: key, timeMicros: now - 900_000, party: 0, sequence: 1)
                _ = engine.ingest(batch, now: now)
            }
            var batch = CallRecordBatch()
            batch.parties.append(Party(customerID: customer))
            batch.party.append(0)
            batch.setupMicros.append(now - 30_000_000)
            batch.ringMilliseconds.append(400 * customer)
            batch.answerMilliseconds.append(2_000)
            batch.endMilliseconds.append(4_000 * customer)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
            batch.costMicros.append(3_000_000)
            _ = engine.ingest(batch, now: now)
        }
        return engine
    }

    private func ids(_ engine: Engine, _ edit: CustomerEdit) throws -> [UInt32] {
        let prepared = try engine.prepare(edit, now: Self.now)
        #expect(prepared.errors == [])
        return prepared.change.rows.rows.map { $0 + 1 }
    }

    private static let metrics = Metric.all.map(\.name)

    /// For every metric: the edit finds the customers that the board finds, and gets the numbers that the board shows.
    /// Nothing was asked before, so whatever is prepared on demand is prepared for the edit.
    @Test(arguments: metrics) func anEditReadsWhatTheBoardShows(metric: String) throws {
        for name in [metric, metric + "_24h", metric + "_all"] {
            var query = BoardQuery()
            (query.columns, query.filter) = (["id", name], "\(name) > 0")
            let answer = try Self.engine().board(query, now: Self.now)
            let shown = answer.columns[0].cells.map { $0.real.map { UInt32($0) } ?? 0 }
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.query(query), ["notes=found"])
            #expect(try ids(Self.engine(), edit) == shown, "\(name)")
            // Of all customers, so that the condition has prepared nothing.
            edit.selection = .ids([1, 2, 3, 4])
            edit.assignments = ["credit=coalesce(0 + \(name), 0)"]
            if name.hasPrefix("cost") { edit.assignments = ["credit=\(name)"] }
            var expected = [Int64](repeating: 0, count: 4)
            for (id, cell) in zip(shown, answer.columns[1].cells) {
                expected[Int(id) - 1] = Int64(((cell.real ?? 0) * 1_000_000).rounded())
            }
            let engine = Self.engine()
            let prepared = try engine.prepare(edit, now: Self.now)
            _ = engine.commit(prepared, idempotencyKey: [])
            #expect(engine.customers(after: 0, limit: 9).map(\.creditMicros) == expected, "\(name)")
        }
    }

    @Test func gaugesOfTheLastSecondAreThere() throws {
        var query = BoardQuery()
        query.columns = ["cps", "cps_peak", "pdd_p50"]
        let answer = try Self.engine().board(query, now: Self.now)
        #expect(answer.columns[0].cells == [1, 3, 0, 2].map { .integer($0) })
        #expect(answer.columns[1].cells == [1, 3, 0, 2].map { .integer($0) })
        #expect(answer.columns[2].nulls == [false, false, true, false])
    }

    /// A customer is edited once, however often and in whatever order it is named.
    @Test func idsMayComeTwice() throws {
        let engine = makeEngine(customers: 5, now: Self.now)
        var edit = CustomerEdit()
        edit.assignments = ["channels+=1"]
        for (ids, expected) in [
            ([1], [1]), ([2, 2], [2]), ([3, 1, 3, 1], [1, 3]), ([5, 4, 5, 5, 4, 1], [1, 4, 5]),
            ([1, 2, 2, 3], [1, 2, 3]),
        ] as [([UInt32], [UInt32])] {
            edit.selection = .ids(ids)
            #expect(try self.ids(engine, edit) == expected, "\(ids)")
            let delete = try engine.prepareDelete(.ids(ids), expectedVersion: 0, who: "", now: Self.now)
            #expect(delete.matched == expected.count && delete.change.rows.rows.map { $0 + 1 } == expected, "\(ids)")
            let same = try engine.prepareDelete(.ids(expected), expectedVersion: 0, who: "", now: Self.now)
            #expect(same.selectionHash == delete.selectionHash, "\(ids)")
        }
        for ids in [[], [0], [6], [1, 6], [0, 1]] as [[UInt32]] {
            edit.selection = .ids(ids)
            #expect(throws: ChangeRefusal.self, "\(ids)") { try engine.prepare(edit, now: Self.now) }
        }
    }

    /// The index of texts is that of now, also where no query has searched since.
    @Test func aSearchFindsTheNewest() throws {
        let engine = makeEngine(customers: 2, now: Self.now)
        var query = BoardQuery()
        query.search = "brand"
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.query(query), ["channels+=1"])
        #expect(try ids(engine, edit) == [])
        var customer = Customer()
        (customer.name, customer.currency) = ("Brand new", "USD")
        _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: Self.now)
        #expect(try ids(engine, edit) == [3])
        var named = CustomerEdit()
        (named.selection, named.assignments) = (.ids([1]), ["name=Brand old", "tags+=other"])
        _ = engine.commit(try engine.prepare(named, now: Self.now), idempotencyKey: [])
        #expect(try ids(engine, edit) == [1, 3])
        query.search = ""
        for (filter, expected) in [("name LIKE '%brand%'", [1, 3]), ("name LIKE 'brand n%'", [3])] {
            query.filter = filter
            edit.selection = .query(query)
            #expect(try ids(engine, edit) == expected.map { UInt32($0) }, "\(filter)")
        }
        query.filter = "tags HAS 'other'"
        edit.selection = .query(query)
        #expect(try ids(engine, edit) == [1])
    }

    /// An edit or a delete of a version is of that one: neither of an older one nor of one to come.
    @Test func aVersionIsThatOfNow() throws {
        for version in 1...5 as ClosedRange<UInt32> {
            let engine = makeEngine(customers: 2, now: Self.now)
            var edit = CustomerEdit()
            edit.selection = .ids([1])
            for channels in 1..<3 {
                edit.assignments = ["channels=\(channels)"]
                _ = engine.commit(try engine.prepare(edit, now: Self.now), idempotencyKey: [])
            }
            #expect(engine.customer(id: 1)?.version == 3)
            (edit.assignments, edit.expectedVersion) = (["channels=9"], version)
            let isEdited = (try? engine.prepare(edit, now: Self.now)) != nil
            #expect(isEdited == (version == 3), "\(version)")
            for selection in [CustomerEdit.Selection.ids([1]), .name("c1")] {
                let delete = try? engine.prepareDelete(selection, expectedVersion: version, who: "", now: Self.now)
                #expect((delete != nil) == (version == 3), "\(version)")
            }
            // A version is one customer's.
            edit.selection = .ids([1, 2])
            let refusal = #expect(throws: ChangeRefusal.self) { try engine.prepare(edit, now: Self.now) }
            guard case .invalid? = refusal else {
                Issue.record("\(String(describing: refusal))")
                continue
            }
        }
    }
}
