// Whatever an answer is made of: asked until it is kept, one thing changed, asked again. And a column that is not shown
// counts as much in an order, a condition or a group as one that is.

import CallEvents
import Columnar
import Testing

@testable import Board

@Suite struct AnswerDependencyTests {
    private static let now: Int64 = 1_750_000_000_000_000

    /// The columns of each kind of memory: stored fields, gauges, windows, peaks, percentiles, warnings.
    private static let columns =
        CustomerField.allCases.map(\.rawValue) + [
            "active", "inbound_active", "cps", "cps_peak", "cps_peak_all", "bids", "bids_all", "attempts_1h", "asr",
            "asr_all", "pdd", "pdd_p50", "talk_24h", "cost", "cost_all", "inbound_attempts", "causes.busy",
        ]

    private static var changes: [(name: String, make: (Engine, Int64) -> Void)] {
        [
            ("a call begins", { call($0, 2, .setup, now: $1) }),
            ("calls are told when they are over", { for id in [3, 3, 1] as [UInt32] { finished($0, id, now: $1) } }),
            ("a call has a cost", { finished($0, 1, cost: 7_000_000, now: $1) }),
            ("a credit changes", { engine, _ in engine.state.customers.setCredit(1_000_000, row: 1) }),
            ("a warning is muted", { mute($0, now: $1) }),
            ("the call ends", { call($0, 2, .end, now: $1) }),
            ("a customer is edited", { edit($0, now: $1) }),
        ]
    }

    @Test(arguments: AnswerDependencyTests.columns) func noAnswerIsKeptTooLong(column: String) throws {
        for query in Self.queries(column) {
            let engine = try Self.engine()
            var now = Self.now
            for (name, make) in Self.changes {
                var last = try engine.board(query, now: now)
                // The first time it is only noted, the second it is kept.
                for _ in 0..<2 {
                    let again = try engine.board(query, now: now)
                    #expect(again == last, "\(query)")
                    last = again
                }
                // The same second, so that nothing but the change is new.
                now += 1_000
                make(engine, now)
                let found = try engine.board(query, now: now)
                var fresh = engine.state
                fresh.forgetQueries()
                let expected = try fresh.board(query, now: now)
                #expect(found == expected, "\(name): \(query)")
            }
        }
    }

    /// A column shown, ordered by, asked for, added up, grouped by.
    private static func queries(_ column: String) -> [BoardQuery] {
        func query(_ edit: (inout BoardQuery) -> Void) -> BoardQuery {
            var query = BoardQuery()
            query.columns = ["id"]
            edit(&query)
            return query
        }
        let field = CustomerField(rawValue: column)
        let isList = field == .tags || field == .warnings
        var queries = [query { $0.columns = [column] }, query { ($0.sort, $0.limit) = (["-\(column)"], 2) }]
        if isList {
            queries.append(query { $0.filter = "\(column) HAS no_routing OR \(column) HAS new" })
            return queries
        }
        if field == .status {
            // The box of statuses, and that of the search.
            for status in ["Dialing", "Active", "Penalty"] {
                queries.append(query { $0.status = status })
                queries.append(query { ($0.status, $0.groupBy, $0.columns) = (status, ["country"], ["count"]) })
            }
            for text in ["new", "c3", "10.0.0"] { queries.append(query { $0.search = text }) }
        }
        queries.append(query { $0.filter = "\(column) IS NOT NULL" })
        queries.append(query { ($0.groupBy, $0.columns) = (["currency"], ["count(\(column))"]) })
        if field == nil {
            queries.append(query { $0.filter = "\(column) > 0" })
            queries.append(
                query { ($0.groupBy, $0.columns, $0.sort) = (["country"], ["max(\(column))"], ["-\(column)"]) })
        } else {
            queries.append(query { ($0.groupBy, $0.columns) = ([column], ["count"]) })
            queries.append(query { ($0.pivot, $0.columns) = (column, ["count"]) })
        }
        return queries
    }

    // MARK: - What is not shown

    /// The order and the condition by a column are those of its values as shown.
    @Test(arguments: AnswerDependencyTests.columns) func whatIsNotShownCountsAsMuch(column: String) throws {
        let field = CustomerField(rawValue: column)
        if field == .tags || field == .warnings { return }
        var shown = BoardQuery()
        shown.columns = ["id", column]
        let answer = try Self.engine().board(shown, now: Self.now)
        let cells = answer.columns[1].cells
        for descending in [false, true] {
            let order = cells.indices.sorted {
                cells[$0].order(cells[$1], descending: descending) ?? ($0 < $1)
            }
            var sorted = BoardQuery()
            (sorted.columns, sorted.sort) = (["id"], [(descending ? "-" : "") + column])
            let found = try Self.engine().board(sorted, now: Self.now)
            #expect(found.columns[0].cells == order.map { .integer(Int64($0) + 1) }, "\(column) \(descending)")
        }
        guard answer.columns[1].values.isNumeric else { return }
        var asked = BoardQuery()
        (asked.columns, asked.filter) = (["id"], "\(column) > 0")
        let found = try Self.engine().board(asked, now: Self.now)
        let expected = cells.indices.filter { (cells[$0].real ?? 0) > 0 }
        #expect(found.columns[0].cells == expected.map { .integer(Int64($0) + 1) }, "\(column)")
        #expect(!column.hasPrefix("cps") || !expected.isEmpty, "\(column) is not 0 everywhere")
    }

    // MARK: - A board

    /// Four customers of two countries: one had a finished call, two live ones in one second, one none.
    private static func engine() throws -> Engine {
        let engine = makeEngine(customers: 4, now: now - 60_000_000) { customer in
            customer.country = customer.name == "C3" ? "DE" : "FR"
            customer.creditMicros = 9_000_000
            customer.channels = 5
            customer.tags = customer.name == "C2" ? ["vip"] : []
        }
        finished(engine, 4, cost: 1_000_000, now: now - 1_000_000)
        for _ in 0..<2 { finished(engine, 1, now: now - 1_000_000) }
        // In the last full second.
        for number in 1...3 as ClosedRange<UInt64> {
            var batch = CallEventBatch()
            batch.parties.append(Party(customerID: number == 3 ? 3 : 1))
            let key = CallKey(high: 3, low: number)
            batch.append(.setup, key: key, timeMicros: now - 900_000, party: 0, sequence: 1)
            _ = engine.ingest(batch, now: now)
        }
        return engine
    }

    private static func call(_ engine: Engine, _ customer: UInt32, _ kind: CallEventKind, now: Int64) {
        var batch = CallEventBatch()
        batch.parties.append(Party(customerID: customer))
        let key = CallKey(high: 7, low: UInt64(customer))
        batch.append(
            kind, key: key, timeMicros: now, party: kind == .setup ? 0 : CallEventBatch.noParty, sequence: 1)
        _ = engine.ingest(batch, now: now)
    }

    private static func mute(_ engine: Engine, now: Int64) {
        engine.mark(
            WarningMark(
                customerID: 1, warning: .noRouting, kind: .muted, who: "", atMicros: now,
                untilMicros: now + 9_000_000_000))
    }

    private static func edit(_ engine: Engine, now: Int64) {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([3]), ["country=FR", "channels=9", "tags+=new"])
        guard let prepared = try? engine.prepare(edit, now: now) else { return }
        _ = engine.commit(prepared, idempotencyKey: [])
    }

    private static func finished(_ engine: Engine, _ customer: UInt32, cost: Int64 = 0, now: Int64) {
        var batch = CallRecordBatch()
        batch.parties.append(Party(customerID: customer))
        batch.party.append(0)
        batch.setupMicros.append(now - 20_000_000)
        batch.ringMilliseconds.append(700 * customer)
        batch.answerMilliseconds.append(4_000)
        batch.endMilliseconds.append(9_000 + 100 * customer)
        batch.talkMilliseconds.append(CallRecordBatch.never)
        batch.code.append(200)
        batch.q850.append(0)
        batch.costMicros.append(cost)
        _ = engine.ingest(batch, now: now)
    }
}

extension ResultValues {
    fileprivate var isNumeric: Bool {
        switch self {
        case .integers, .numbers, .money: true
        case .texts, .textLists, .booleans, .times: false
        }
    }
}
