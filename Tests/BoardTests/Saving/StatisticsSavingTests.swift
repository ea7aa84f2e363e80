// A restart that no client notices: an engine goes on, another is saved and restored at any instant, again and again,
// and both hear the same. All that can be asked is the same at all later times, in every window, at slots' edges and
// after days.

import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct StatisticsSavingTests {
    private let customers = 4
    private let start: Int64 = 1_750_000_000_000_000

    private func restarted(_ engine: Engine, now: Int64) throws -> Engine {
        let snapshot = engine.statistics(now: now)
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(snapshot.tables())
        #expect(after.nowMicros == snapshot.engineMicros)
        return after
    }

    @Test(arguments: Seeds.fixed(1, 2, 3))
    func allFiguresAreTheSameAfterwards(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let clock = seed % 2 == 0 ? ClockMode.events : .wall
        let engine = makeEngine(customers: customers, clock: clock, now: start)
        var restored = try restarted(engine, now: start)
        var deliveries = RandomCalls.deliveries(count: 40, customers: customers, from: start, using: &generator)
        var now = start
        var restarts = 0
        while !deliveries.isEmpty {
            now = RandomCalls.nextInstant(after: now, using: &generator)
            let due = deliveries.prefix { $0.arrival <= now }
            deliveries.removeFirst(due.count)
            for event in due {
                #expect(
                    engine.ingest(event.batch, now: event.arrival) == restored.ingest(event.batch, now: event.arrival))
            }
            if Int.random(in: 0..<20, using: &generator) == 0 {
                let records = records(now: now, using: &generator)
                #expect(engine.ingest(records, now: now) == restored.ingest(records, now: now), "seed \(seed)")
            }
            guard Int.random(in: 0..<30, using: &generator) == 0 else { continue }
            try compare(engine, restored, now: now, "seed \(seed), \(now - start) us after the start")
            if Bool.random(using: &generator) {
                restored = try restarted(restored, now: now)
                restarts += 1
                try compare(engine, restored, now: now, "seed \(seed), restarted \(now - start) us after the start")
            }
        }
        #expect(restarts > 0, "seed \(seed)")
        // Minutes, hours and days later, with restarts and late calls between.
        for step in 1...9 {
            now += [1, 59, 1_000, 1_440, 3_600, 7_201, 40_000][step % 7] * 1_000_000
            if step % 3 == 0 {
                let records = records(now: now, using: &generator)
                #expect(engine.ingest(records, now: now) == restored.ingest(records, now: now), "seed \(seed)")
            }
            if step % 5 == 0 { restored = try restarted(restored, now: now) }
            try compare(engine, restored, now: now, "seed \(seed), step \(step)")
        }
    }

    /// The first calls after a restart come by the thousand, several of a customer in a second. (They were taken to be
    /// from before the last hour, and the next restart refused what that left behind.)
    @Test func manyCallsAtOnceAfterARestart() throws {
        let engine = makeEngine(customers: customers, now: start)
        var restored = engine
        var now = start
        for round in 0..<3 {
            now += 10_000_000
            let batch = burst(round: round, now: now)
            #expect(engine.ingest(batch, now: now).calls == batch.party.count)
            if round > 0 { #expect(restored.ingest(batch, now: now).calls == batch.party.count) }
            try compare(engine, restored, now: now, "before restart \(round)")
            restored = try restarted(restored, now: now)
            try compare(engine, restored, now: now, "restart \(round)")
        }
        now += 7_200_000_000
        try compare(engine, try restarted(restored, now: now), now: now, "hours later")
    }

    /// Calls of the last minutes, all in one batch.
    private func burst(round: Int, now: Int64) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...customers).map { Party(source: IPAddress(v4: 0x0A00_0000 | UInt32($0))) })
        for number in 0..<2_000 {
            batch.party.append(UInt32(number % customers))
            batch.setupMicros.append(now - Int64(60 + number / 20) * 1_000_000)
            batch.ringMilliseconds.append(1_000)
            batch.answerMilliseconds.append(2_000)
            batch.endMilliseconds.append(12_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
            batch.costMicros.append(1)
            batch.key.append(CallKey(high: UInt64(round), low: UInt64(number)))
        }
        return batch
    }

    /// Finished calls of the last two days, some of them twice, with costs.
    private func records(now: Int64, using generator: inout SeededGenerator) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...customers + 1).map { Party(source: IPAddress(v4: 0x0A00_0000 | UInt32($0))) })
        for _ in 0..<Int.random(in: 1...60, using: &generator) {
            let ago = Int64.random(in: 0...(Bool.random(using: &generator) ? 172_800 : 600), using: &generator)
            let isAnswered = Bool.random(using: &generator)
            batch.party.append(UInt32.random(in: 0...UInt32(customers), using: &generator))
            batch.setupMicros.append(max(1, now - ago * 1_000_000 - 60_000_000))
            batch.ringMilliseconds.append(UInt32.random(in: 0...5_000, using: &generator))
            batch.answerMilliseconds.append(isAnswered ? UInt32.random(in: 5_000...9_000, using: &generator) : .max)
            batch.endMilliseconds.append(UInt32.random(in: 9_000...60_000, using: &generator))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : [486, 404, 503, 1].randomElement(using: &generator) ?? 486)
            batch.q850.append(0)
            batch.costMicros.append(Int64.random(in: 0...1_000, using: &generator))
            batch.key.append(CallKey(high: 9, low: UInt64.random(in: 1...2_000, using: &generator)))
        }
        return batch
    }

    private func compare(_ left: Engine, _ right: Engine, now: Int64, _ comment: String) throws {
        for window in Window.allCases {
            var query = BoardQuery()
            query.window = window
            query.columns = Metric.all.map(\.name) + ["last_call", "status", "credit"]
            let (before, after) = (try left.board(query, now: now), try right.board(query, now: now))
            #expect("\(before.columns)" == "\(after.columns)", "\(comment), window \(window.name)")
            #expect("\(before.total)" == "\(after.total)", "\(comment), total of window \(window.name)")
            #expect(before.totalMoney == after.totalMoney, "\(comment), money of window \(window.name)")
            #expect(before.asOfMicros == after.asOfMicros, "\(comment)")
            for customer in [1, UInt32(customers)] {
                let explained = try [left, right].map {
                    try $0.explain(metric: "asr", customerID: customer, window: window, now: now)
                }
                #expect("\(explained[0]?.codes ?? [])" == "\(explained[1]?.codes ?? [])", "\(comment), \(window.name)")
                #expect(explained[0]?.recent == explained[1]?.recent, "\(comment), \(window.name)")
            }
        }
        let calls = [left, right].map { engine in
            engine.liveCalls(customerID: 0, limit: 1_000, now: now).calls.sorted { $0.key.low < $1.key.low }
        }
        #expect(calls[0] == calls[1], "\(comment): live calls")
        var statuses = [left, right].map { $0.status(now: now) }
        for index in statuses.indices {
            statuses[index].residentBytes = 0
            statuses[index].finishedCallBytes = 0
        }
        #expect("\(statuses[0])" == "\(statuses[1])", "\(comment): status")
    }

    /// What is saved is of one instant, though the engine goes on before it is read.
    @Test(arguments: Seeds.fixed(77)) func aSnapshotDoesNotChange(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: customers, now: start)
        for round in 0..<20 {
            _ = engine.ingest(
                records(now: start + Int64(round) * 60_000_000, using: &generator),
                now: start + Int64(round) * 60_000_000)
        }
        let now = start + 1_300_000_000
        let (customersThen, snapshot) = (engine.snapshot().tables(), engine.statistics(now: now))
        let (first, second) = (Engine(), Engine())
        try first.restore(customersThen)
        try first.restoreStatistics(snapshot.tables())
        // A day and more, so that seconds, slots and their memory go and come.
        for round in 0..<30 {
            let later = now + Int64(round) * 4_000_000_000
            _ = engine.ingest(records(now: later, using: &generator), now: later)
            engine.advance(now: later)
        }
        try second.restore(customersThen)
        try second.restoreStatistics(snapshot.tables())
        try compare(first, second, now: now, "read before and after")
    }

    /// Tables that are whole and hostile: a refusal, or figures of some kind, and never a fault of memory.
    @Test(arguments: Seeds.fixed(78)) func anyNumbersAreRefusedOrHarmless(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: customers, now: start)
        var now = start
        for round in 0..<40 {
            now = start + Int64(round) * 1_500_000_000
            _ = engine.ingest(records(now: now, using: &generator), now: now)
        }
        let (saved, tables) = (engine.snapshot().tables(), engine.statistics(now: now).tables())
        var refused = 0
        var taken = 0
        for trial in UInt64(1)...60 {
            var random = SeededGenerator(seed: seed &* 60 &+ trial)
            var hostile = tables
            let table = Int.random(in: hostile.indices, using: &random)
            let column = Int.random(in: hostile[table].columns.indices, using: &random)
            hostile[table].columns[column].values.spoil(using: &random)
            let victim = Engine()
            try victim.restore(saved)
            do {
                try victim.restoreStatistics(hostile)
                taken += 1
                var query = BoardQuery()
                query.columns = ["bids", "pdd_p95", "cps_peak", "talk"]
                for window in Window.allCases {
                    query.window = window
                    for later in [0, 1, 3_600, 90_000] as [Int64] {
                        _ = try victim.board(query, now: now + later * 1_000_000)
                    }
                    _ = try victim.explain(metric: "asr", customerID: 1, window: window, now: now)
                }
            } catch is RestoreError {
                refused += 1
                #expect(victim.nowMicros == 0, "seed \(seed), trial \(trial)")
            }
        }
        #expect(refused > 10 && taken > 10, "seed \(seed): \(refused) refused, \(taken) taken")
    }
}

extension SavedValues {
    /// Changes one row to something else.
    fileprivate mutating func spoil(using random: inout SeededGenerator) {
        guard rowCount > 0 else { return }
        let row = Int.random(in: 0..<rowCount, using: &random)
        let bits = Bool.random(using: &random) ? random.next() : random.next() >> UInt64(random.next() % 64)
        switch self {
        case .unsigned8(var column):
            column[row] = UInt8(truncatingIfNeeded: bits)
            self = .unsigned8(column)
        case .unsigned16(var column):
            column[row] = UInt16(truncatingIfNeeded: bits)
            self = .unsigned16(column)
        case .unsigned32(var column):
            column[row] = UInt32(truncatingIfNeeded: bits)
            self = .unsigned32(column)
        case .signed32(var column):
            column[row] = Int32(truncatingIfNeeded: bits)
            self = .signed32(column)
        case .signed64(var column):
            column[row] = Int64(bitPattern: bits)
            self = .signed64(column)
        case .text(var column):
            column[row] = "\(bits)"
            self = .text(column)
        }
    }
}
