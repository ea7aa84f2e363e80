// One board asked many things one after the other, each a little different from one before it (another page, window,
// order, search, a group that becomes the pivot), while everything changes that can: against a board that caches
// nothing.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct QuerySequenceTests {
    @Test(arguments: Seeds.of(1))
    func answersAreThoseOfABoardThatCachesNothing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var boards = try TwinBoards(customers: 70, seed: seed)
        var queries = (0..<8).map { _ in RandomQueries.any(&random) }
        var answered = 0
        for step in 0..<40 {
            try boards.change(&random)
            for _ in 0..<8 {
                let place = Int.random(in: queries.indices, using: &random)
                var query = queries[place]
                if Bool.random(using: &random) {
                    RandomQueries.vary(&query, like: queries[(place + 1) % queries.count], &random)
                    queries[Int.random(in: queries.indices, using: &random)] = query
                }
                if Int.random(in: 0..<20, using: &random) == 0 { queries[place] = RandomQueries.any(&random) }
                let comment: Comment = "seed \(seed), step \(step): \(query)"
                if try boards.agree(on: query, comment, &random) { answered += 1 }
            }
        }
        #expect(answered > 80, "seed \(seed)")
    }
}

/// Two engines that hear the same; one of them caches what its queries have found, and is restarted now and then.
private struct TwinBoards {
    private var caching: Engine
    private let forgetful: Engine
    private var now = RandomBoard.now
    private var number = 0

    init(customers: Int, seed: UInt64) throws {
        caching = try RandomBoard(customers, seed: seed).engine
        forgetful = try RandomBoard(customers, seed: seed).engine
        for engine in [caching, forgetful] { engine.watchAll(now: now) }
    }

    // MARK: Answers

    /// Asks both. Returns whether they answer at all.
    mutating func agree(on query: BoardQuery, _ comment: Comment, _ random: inout SeededGenerator) throws -> Bool {
        forgetful.forgetQueries()
        let expected = Result { try forgetful.board(query, now: now) }
        let found: Result<BoardAnswer, any Error>
        if Int.random(in: 0..<4, using: &random) == 0, var task = try? caching.boardTask(query, now: now) {
            // Answered while the engine goes on.
            try change(&random, isBeingRead: true)
            found = Result { try task.answer() }
            caching.finish(task)
        } else {
            found = Result { try caching.board(query, now: now) }
        }
        switch (expected, found) {
        case (.success(let expected), .success(let found)):
            #expect(found == expected, comment)
            return true
        case (.failure(let expected), .failure(let found)):
            #expect(found as? QueryError == expected as? QueryError, comment)
            return false
        case (_, let found):
            Issue.record("\(comment): \(expected), \(found)")
            return false
        }
    }

    // MARK: Changes

    /// - Parameter isBeingRead: a task of the caching one is under way, so it is not restarted.
    mutating func change(_ random: inout SeededGenerator, isBeingRead: Bool = false) throws {
        number += 1
        let kind = Int.random(in: 0..<(isBeingRead ? 9 : 12), using: &random)
        let before = random
        for engine in [caching, forgetful] {
            random = before
            switch kind {
            case 0: create(engine, &random)
            case 1, 2: live(engine, &random)
            case 3, 4: finished(engine, &random)
            case 5, 6: edit(engine, &random)
            case 7: deleteOrUndo(engine, &random)
            case 8: warnings(engine, &random)
            default: break
            }
        }
        switch kind {
        case 9: now += 1_000_000 * ([0, 1, 1, 61, 400, 3_700, 90_000].randomElement(using: &random) ?? 1)
        case 10:
            // Who was deleted is forgotten.
            let deleted = (1...UInt32(caching.state.customers.count)).filter { caching.customer(id: $0) == nil }
            let rows = RowSet(deleted.filter { _ in Bool.random(using: &random) }.map { $0 - 1 })
            for engine in [caching, forgetful] {
                let isDone = engine.state.purge(rows)
                #expect(isDone)
            }
        case 11: caching = try restarted(caching)
        default: break
        }
        // What a look finds, and when, is not saved; so there is one after every change.
        if !isBeingRead { for engine in [caching, forgetful] { engine.watchAll(now: now) } }
    }

    private func restarted(_ engine: Engine) throws -> Engine {
        let (statistics, customers) = (engine.statistics(now: now), engine.snapshot())
        let after = Engine(configuration: engine.configuration)
        try after.restore(customers.tables())
        try after.restoreStatistics(statistics.tables())
        after.watchAll(now: now)
        return after
    }

    private func create(_ engine: Engine, _ random: inout SeededGenerator) {
        let drafts = (0..<Int.random(in: 1...5, using: &random)).map { part in
            var customer = Customer()
            customer.name = "\(["Nova", "Ørsted", "x"].randomElement(using: &random) ?? "") \(number) \(part)"
            customer.currency = ["USD", "CHF", "SEK"].randomElement(using: &random) ?? "USD"
            customer.country = ["AT", "US", ""].randomElement(using: &random) ?? ""
            customer.company = ["Bell", "New \(number % 7)"].randomElement(using: &random) ?? ""
            customer.creditMicros = Int64.random(in: -3...9, using: &random) * 1_000_000
            customer.tags = Bool.random(using: &random) ? ["vip"] : []
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now)
    }

    /// A customer of the first rows, or any customer, or one that does not exist.
    private func party(_ engine: Engine, _ random: inout SeededGenerator) -> Party {
        let count = UInt32(engine.state.customers.count)
        let most: UInt32 = [5, 60, count, count + 1].randomElement(using: &random) ?? 5
        return Party(customerID: UInt32.random(in: 1...most, using: &random))
    }

    private func live(_ engine: Engine, _ random: inout SeededGenerator) {
        var batch = CallEventBatch()
        for part in 0..<UInt32.random(in: 1...6, using: &random) {
            batch.parties.append(party(engine, &random))
            let key = CallKey(high: 9, low: UInt64(number) * 10 + UInt64(part))
            let time = now - ([0, 0, 2_000_000, 70_000_000, 4_000_000_000].randomElement(using: &random) ?? 0)
            batch.append(.setup, key: key, timeMicros: time, party: part, sequence: 1)
            if Bool.random(using: &random) { continue }
            batch.append(.answer, key: key, timeMicros: time + 1_000, sequence: 1, code: 200)
            if Bool.random(using: &random) { continue }
            batch.append(.end, key: key, timeMicros: time + 2_000, sequence: 1)
        }
        _ = engine.ingest(batch, now: now)
    }

    private func finished(_ engine: Engine, _ random: inout SeededGenerator) {
        var batch = CallRecordBatch()
        for part in 0..<UInt32.random(in: 1...8, using: &random) {
            let isAnswered = Bool.random(using: &random)
            let age = [60, 60, 700, 5_000, 100_000].randomElement(using: &random) ?? 60
            batch.parties.append(party(engine, &random))
            batch.party.append(part)
            batch.setupMicros.append(now - Int64(age) * 1_000_000)
            batch.ringMilliseconds.append(UInt32.random(in: 0...9_000, using: &random))
            batch.answerMilliseconds.append(isAnswered ? 9_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(UInt32.random(in: 9_000...40_000, using: &random))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : [486, 404, OutcomeTable.blockedCode].randomElement(using: &random)!)
            batch.q850.append(0)
            batch.costMicros.append(isAnswered ? Int64.random(in: 0...9, using: &random) * 100_000 : 0)
        }
        _ = engine.ingest(batch, now: now)
    }

    private func edit(_ engine: Engine, _ random: inout SeededGenerator) {
        var edit = CustomerEdit()
        let id = UInt32.random(in: 1...UInt32(engine.state.customers.count), using: &random)
        edit.selection = .ids([id])
        if Bool.random(using: &random) {
            var query = BoardQuery()
            query.filter = ["channels < 2", "country = 'US'", "credit > 0 AND bids > 0"].randomElement(using: &random)!
            edit.selection = .query(query)
        }
        edit.assignments = [
            "country=\(["AT", "SE", "US"].randomElement(using: &random)!)", "company='Other \(number % 5)'",
            "credit-=1", "channels=channels+1", "tags+=vip", "tags-=vip", "status=Penalty", "status=Active",
            "portal_access=true", "flow_speed=7", "routes=a", "contact_email=nova@x.example",
        ].shuffled(using: &random).prefix(2).map(\.self)
        guard let prepared = try? engine.prepare(edit, now: now), prepared.errorCount == 0 else { return }
        _ = engine.commit(prepared, idempotencyKey: [])
    }

    private func deleteOrUndo(_ engine: Engine, _ random: inout SeededGenerator) {
        let id = UInt32.random(in: 1...UInt32(engine.state.customers.count), using: &random)
        let undoes = Bool.random(using: &random)
        let newest = engine.history(before: 0, limit: 3).randomElement(using: &random)?.number ?? 0
        let prepared =
            undoes
            ? try? engine.prepareUndo(customerID: 0, number: newest, who: "", now: now)
            : try? engine.prepareDelete(.ids([id]), expectedVersion: 0, who: "", now: now)
        guard let prepared, prepared.errorCount == 0 else { return }
        _ = engine.commit(prepared, idempotencyKey: [])
    }

    private func warnings(_ engine: Engine, _ random: inout SeededGenerator) {
        let id = UInt32.random(in: 1...60, using: &random)
        let kind = [WarningKind.noAuth, .creditLow, .asrLow].randomElement(using: &random)!
        if Bool.random(using: &random) {
            return engine.mark(
                WarningMark(
                    customerID: id, warning: kind, kind: Bool.random(using: &random) ? .muted : .removed, who: "",
                    atMicros: now, untilMicros: now + 100_000_000))
        }
        let isOn = Bool.random(using: &random)
        let settings = try? engine.settings(
            setting: ["\(kind.name).on=\(isOn)"], customerID: Bool.random(using: &random) ? id : 0)
        if let settings { engine.save(settings) }
    }
}

/// Queries for sequences.
private enum RandomQueries {
    static func any(_ random: inout SeededGenerator) -> BoardQuery {
        let window = Window.allCases.randomElement(using: &random) ?? .oneHour
        var maker = ExpressionMaker(generator: random, window: window)
        let isGrouped = maker.chance(1, in: 2)
        var query = maker.query(grouped: isGrouped).query
        random = maker.generator
        if Bool.random(using: &random) { query.filter = "" }
        if Int.random(in: 0..<6, using: &random) == 0 { query.filter = warned(&random) }
        if Bool.random(using: &random) { (query.limit, query.offset) = (.max, 0) }
        return query
    }

    private static func warned(_ random: inout SeededGenerator) -> String {
        ["warnings HAS no_auth", "NOT warnings HAS credit_low", "tags HAS 'vip' OR warnings HAS asr_low"]
            .randomElement(using: &random) ?? ""
    }

    /// Changes one thing of a query; `other` is where it may take it from.
    static func vary(_ query: inout BoardQuery, like other: BoardQuery, _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<15, using: &random) {
        case 0: query.limit = [0, 1, 3, 20, .max].randomElement(using: &random) ?? 1
        case 1: query.offset = [0, 0, 1, 5, 30].randomElement(using: &random) ?? 0
        case 2: query.window = Window.allCases.randomElement(using: &random) ?? .all
        case 3: query.sort = query.sort.map { $0.hasPrefix("-") ? String($0.dropFirst()) : "-" + $0 }
        case 4: query.sort = query.columns.filter { !$0.contains(" ") && !$0.contains("=") }.shuffled(using: &random)
        case 5: query.search = ["", "nova", "bell", "vip", "example"].randomElement(using: &random) ?? ""
        case 6: query.status = ["", "Active", "Dialing", "Penalty"].randomElement(using: &random) ?? ""
        case 7: query.filter = other.filter
        case 8: query.filter = ["", warned(&random), "bids > 0", "cps_peak > 1"].randomElement(using: &random) ?? ""
        case 9, 10:
            // What was grouped by becomes the pivot, or the other way round.
            if query.pivot.isEmpty {
                query.pivot = query.groupBy.popLast() ?? ""
            } else {
                query.groupBy.append(query.pivot)
                query.pivot = ""
            }
        case 11: query.groupBy.reverse()
        case 12: query.columns.shuffle(using: &random)
        case 13: if query.columns.count > 1 { query.columns.removeLast() }
        default:
            query.columns += ["credit", "cost", "cps_peak", "bids", "active", "asr", "cps", "channels"]
                .shuffled(using: &random).prefix(2)
        }
    }
}
