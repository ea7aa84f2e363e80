import CallEvents
import Randomness
import Testing

@testable import Board

/// Cached sums that follow what calls change must be those that reading every row again gives: many calls of many
/// customers, between questions that come at any time.
@Suite struct CachedDeltasTests {
    @Test(arguments: Seeds.of(1, 2))
    func answersAreThoseOfNow(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = 400
        let boards = try [RandomBoard(count, seed: seed), RandomBoard(count, seed: seed)].map(\.engine)
        let queries = Self.queries + (0..<4).map { _ in Self.query(&random) }
        var traffic = Traffic(count: count, now: RandomBoard.now)
        for step in 0..<40 {
            let before = (traffic, random)
            for board in boards {
                (traffic, random) = before
                try traffic.step(board, &random)
            }
            for query in queries where Int.random(in: 0..<3, using: &random) > 0 {
                let expected = try boards[1].board(query, now: traffic.now)
                let answer = try boards[0].board(query, now: traffic.now)
                #expect(answer == expected, "seed \(seed), step \(step): \(query)")
                boards[1].forgetQueries()
            }
        }
    }

    /// Those of the benchmarks, and what they leave out: several windows, money that calls change, peaks and what is no
    /// sum.
    private static var queries: [BoardQuery] {
        [
            query(),
            query { $0.groupBy = ["country"] },
            query { ($0.groupBy, $0.pivot) = (["country"], "status") },
            query { $0.groupBy = ["country", "currency", "status"] },
            query { ($0.filter, $0.groupBy) = ("attempts >= 3 AND asr < 50", ["currency"]) },
            query { ($0.filter, $0.sort) = ("status = 'Active' AND credit < 30", ["-credit"]) },
            query { ($0.filter, $0.sort, $0.offset) = ("attempts > 0", ["-asr"], 20) },
            query { ($0.status, $0.groupBy, $0.sort) = ("Dialing", ["status", "company"], ["-active"]) },
            query {
                $0.columns = [
                    "count", "bids_5m", "bids_1h", "cost", "available", "max(active)", "avg(credit)", "cps_peak",
                ]
                $0.groupBy = ["portal_access", "currency"]
            },
            query { ($0.filter, $0.groupBy) = ("available < 20 OR active > 1", ["status"]) },
        ]
    }

    private static func query(_ edit: (inout BoardQuery) -> Void = { _ in }) -> BoardQuery {
        var query = BoardQuery()
        query.columns = ["credit", "active", "attempts", "answered", "talk", "pdd", "cost"]
        query.limit = 30
        edit(&query)
        return query
    }

    private static func query(_ random: inout SeededGenerator) -> BoardQuery {
        query {
            $0.filter = RandomBoard.condition(&random, depth: 1)
            if Bool.random(using: &random) {
                let fields = ["country", "status", "company", "currency"].shuffled(using: &random)
                $0.groupBy = Array(fields.prefix(Int.random(in: 1...3, using: &random)))
            } else {
                $0.sort = [RandomBoard.sortKey(&random)]
            }
        }
    }
}

/// Calls that begin, end, are told when they are over, and cost something; customers who are edited, deleted and had
/// back; and time.
private struct Traffic {
    private let count: Int
    private(set) var now: Int64
    private var begun: UInt64 = 0
    private var live: [CallKey] = []
    private var deleted: Set<UInt32> = []

    init(count: Int, now: Int64) { (self.count, self.now) = (count, now) }

    mutating func step(_ engine: Engine, _ random: inout SeededGenerator) throws {
        now += [0, 900_000, 5_000_000, 70_000_000].randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<12, using: &random) {
        case 0: try edit(engine, &random)
        case 1: try deleteOrUndo(engine, &random)
        case 2, 3: finish(engine, calls: 300, &random)
        default:
            finish(engine, calls: Int.random(in: 0...6, using: &random), &random)
            begin(engine, &random)
            end(engine, &random)
        }
    }

    private func customer(_ random: inout SeededGenerator) -> UInt32 {
        // Some have far more calls than others.
        UInt32.random(in: 1...UInt32(Bool.random(using: &random) ? count : 10), using: &random)
    }

    private mutating func begin(_ engine: Engine, _ random: inout SeededGenerator) {
        var batch = CallEventBatch()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            begun += 1
            let key = CallKey(high: 77, low: begun)
            batch.parties.append(Party(customerID: customer(&random)))
            batch.append(.setup, key: key, timeMicros: now, party: UInt32(batch.parties.count - 1), sequence: 1)
            live.append(key)
        }
        _ = engine.ingest(batch, now: now)
    }

    private mutating func end(_ engine: Engine, _ random: inout SeededGenerator) {
        var batch = CallEventBatch()
        live.shuffle(using: &random)
        for _ in 0..<min(live.count, Int.random(in: 0...8, using: &random)) {
            let key = live.removeLast()
            if Bool.random(using: &random) { batch.append(.answer, key: key, timeMicros: now, sequence: 1, code: 200) }
            batch.append(.end, key: key, timeMicros: now, sequence: 1)
        }
        _ = engine.ingest(batch, now: now)
    }

    private func finish(_ engine: Engine, calls: Int, _ random: inout SeededGenerator) {
        var batch = CallRecordBatch()
        for number in 0..<calls {
            let answered = Bool.random(using: &random)
            batch.parties.append(Party(customerID: customer(&random)))
            batch.party.append(UInt32(number))
            batch.setupMicros.append(now - Int64.random(in: 30...900, using: &random) * 1_000_000)
            batch.ringMilliseconds.append(UInt32.random(in: 0...900, using: &random))
            batch.answerMilliseconds.append(answered ? 1_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(UInt32.random(in: 1_000...25_000, using: &random))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append([answered ? 200 : 486, 404].randomElement(using: &random) ?? 404)
            batch.q850.append(0)
            batch.costMicros.append(Int64.random(in: 0...2, using: &random) * 250_000)
        }
        _ = engine.ingestAndDebit(batch, now: now, firstRow: 0, place: nil)
    }

    private func edit(_ engine: Engine, _ random: inout SeededGenerator) throws {
        var edit = CustomerEdit()
        edit.selection = .ids((0..<3).map { _ in customer(&random) })
        edit.assignments = [
            ["status=Active", "status=Penalty", "channels=7", "country=FR"].randomElement(using: &random) ?? ""
        ]
        guard let prepared = try? engine.prepare(edit, now: now), prepared.errorCount == 0 else { return }
        _ = engine.commit(prepared, idempotencyKey: [])
    }

    private mutating func deleteOrUndo(_ engine: Engine, _ random: inout SeededGenerator) throws {
        let id = customer(&random)
        let prepared =
            deleted.contains(id)
            ? try engine.prepareUndo(customerID: id, number: 0, who: "", now: now)
            : try engine.prepareDelete(.ids([id]), expectedVersion: 0, who: "", now: now)
        _ = engine.commit(prepared, idempotencyKey: [])
        if deleted.remove(id) == nil { deleted.insert(id) }
    }
}
