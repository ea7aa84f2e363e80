// Lists of changes and customers page by page: each entry once, whatever the pages are.

import Columnar
import Testing

@testable import Board

@Suite struct PagesOfChangesTests {
    private let now: Int64 = 1_000_000_000_000_000

    private func engine() throws -> Engine {
        let engine = makeEngine(customers: 7, now: now)
        for number in 1...23 as ClosedRange<UInt32> {
            var edit = CustomerEdit()
            edit.selection = .ids(number % 3 == 0 ? [number % 7 + 1] : [1, 2, 3, 4, 5, 6, 7])
            edit.assignments = ["channels=\(number)"]
            _ = engine.commit(try engine.prepare(edit, now: now + Int64(number)), idempotencyKey: [])
        }
        return engine
    }

    @Test(arguments: 1...9) func historiesHaveEveryChangeOnce(limit: Int) throws {
        let engine = try engine()
        let all = engine.history(before: 0, limit: 99).map(\.number)
        #expect(all == (1...24).reversed())
        #expect(pages(of: limit, 0) { engine.history(before: $0, limit: limit).map(\.number) } == all)
        for id in 1...7 as ClosedRange<UInt32> {
            let own = engine.history(customerID: id, before: 0, limit: 99).map(\.number)
            let expected = all.filter { engine.change($0)?.rows.contains(id - 1) == true || $0 == 1 }
            #expect(own == expected)
            let paged = pages(of: limit, 0) { engine.history(customerID: id, before: $0, limit: limit).map(\.number) }
            #expect(paged == expected, "customer \(id)")
        }
        #expect(engine.history(customerID: 0, before: 0, limit: 9).isEmpty)
        #expect(engine.history(customerID: 8, before: 0, limit: 9).isEmpty)
        #expect(engine.history(before: 1, limit: 9).isEmpty)
    }

    @Test(arguments: 1...8) func customersComeOnce(limit: Int) throws {
        let engine = try engine()
        var query = BoardQuery()
        for (filter, expected) in [("", [1, 2, 3, 4, 5, 6, 7]), ("id > 2 AND id <> 5", [3, 4, 6, 7]), ("id > 9", [])] {
            query.filter = filter
            let paged = try pages(of: limit, 0) { last in
                let (customers, matched) = try engine.customers(query, after: last, limit: limit, now: now)
                #expect(matched == expected.count, "\(filter)")
                return customers.map(\.id)
            }
            #expect(paged == expected.map { UInt32($0) }, "\(filter)")
        }
    }

    /// All pages one after the other; each begins with the last entry of the one before.
    private func pages(of limit: Int, _ first: UInt32, _ page: (UInt32) throws -> [UInt32]) rethrows -> [UInt32] {
        var (all, last): ([UInt32], UInt32) = ([], first)
        while all.count < 100 {
            let next = try page(last)
            #expect(next.count <= limit)
            guard let end = next.last else { break }
            all += next
            last = end
            // Nothing comes before the first change: 0 would mean all.
            if last == 0 { break }
        }
        return all
    }

    /// Changes that could not be carried out since a time: those of that very instant are among them.
    @Test func failuresSinceATime() throws {
        let engine = makeEngine(customers: 2, now: now)
        for step in 1...4 as ClosedRange<Int64> {
            var edit = CustomerEdit()
            (edit.selection, edit.assignments, edit.beginAtMicros) = (.ids([1]), ["auth=ip:10.0.0.2"], now + 10 * step)
            _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        }
        for step in 1...4 as ClosedRange<Int64> {
            let due = try #require(engine.prepareDue(now: now + 10 * step))
            #expect(due.change.later.hasFailed)
            _ = engine.commit(due, idempotencyKey: [])
        }
        for step in 0...50 as ClosedRange<Int64> {
            let expected = ([4, 3, 2, 1] as [Int64]).filter { 10 * $0 >= step }.map { now + 10 * $0 }
            let found = engine.failedChanges(since: now + step, limit: 9).map(\.atMicros)
            #expect(found == expected, "since \(step)")
            #expect(engine.failedChanges(since: now + step, limit: 2).map(\.atMicros) == Array(expected.prefix(2)))
        }
    }
}
