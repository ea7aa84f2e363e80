// What is known of days beyond the windows is what the calls themselves say, in any order of looks and after a restart.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct DayWatchTests {
    private let start: Int64 = 1_750_000_000_000_000
    private static let customers = 5

    private struct Sent {
        var row: Int
        var second: Int64
        var isAnswered: Bool
    }

    /// Nine hours of calls, those of customer 5 good and bad by turns; heard and packed.
    /// - Parameter callers: rows of customers that call.
    private func engine(
        seed: UInt64, customers: Int = DayWatchTests.customers, callers: [Int] = Array(0..<DayWatchTests.customers)
    ) -> (Engine, [Sent], now: Int64) {
        var random = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: customers, clock: .events, now: start) { $0.auth = [] }
        var sent: [Sent] = []
        var now = start
        for minute in stride(from: 0, to: 540, by: 12) {
            now = start + Int64(minute + 12) * 60_000_000
            var batch = CallRecordBatch()
            batch.parties = PartyList((1...UInt32(customers)).map { Party(customerID: $0) })
            for _ in 0..<300 {
                let row = callers.randomElement(using: &random) ?? 0
                let share = row != 4 ? 0.6 : minute / 30 % 2 == 0 ? 0.85 : 0.35
                let isAnswered = Double.random(in: 0..<1, using: &random) < share
                batch.party.append(UInt32(row))
                let setup = now - 5_000_000 - Int64.random(in: 0..<710_000_000, using: &random)
                batch.setupMicros.append(setup)
                batch.ringMilliseconds.append(1_000)
                batch.answerMilliseconds.append(isAnswered ? 2_000 : CallRecordBatch.never)
                batch.endMilliseconds.append(2_000)
                batch.talkMilliseconds.append(CallRecordBatch.never)
                batch.code.append(isAnswered ? 200 : [403, 486, 503].randomElement(using: &random) ?? 486)
                batch.q850.append(0)
                sent.append(Sent(row: row, second: (setup + 2_000_000) / 1_000_000, isAnswered: isAnswered))
            }
            _ = engine.ingest(batch, now: now)
            engine.advance(now: now)
            for _ in 0..<3 { engine.watch(now: now) }
        }
        return (engine, sent, now)
    }

    /// Goes through the slots as they are now, until what is told by all of them changes no more.
    private func watchDays(_ engine: Engine, _ now: Int64) {
        for _ in 0..<8 {
            engine.state.warnings.daySlot = .min
            for _ in 0..<4 { engine.watch(now: now) }
        }
    }

    @Test(arguments: Seeds.of(1)) func hoursAreWhatTheCallsSay(seed: UInt64) throws {
        let (engine, sent, now) = engine(seed: seed)
        watchDays(engine, now)
        let second = now / 1_000_000
        let packed = engine.state.timeline.slots.values.filter(\.isPacked).map(\.start)
        for row in 0..<Self.customers {
            func count(since: Int64) -> AnswerCount {
                var count = AnswerCount()
                for call in sent where call.row == row {
                    let slot = call.second - call.second % 1_440
                    guard packed.contains(slot), slot >= second - since else { continue }
                    count.outcomes += 1
                    count.answered += call.isAnswered ? 1 : 0
                }
                return count
            }
            let day = engine.state.warnings.days[row]
            #expect(day.twoHours == count(since: 7_200) && day.fourHours == count(since: 14_400), "row \(row)")
            #expect(day.twoHours.outcomes > 0 && day.fourHours.outcomes > day.twoHours.outcomes)
        }
        let spreads = (0..<Self.customers).map { engine.state.warnings.days[$0].spread }
        #expect(spreads[4] > 2 * (spreads[..<4].max() ?? 0), "\(spreads)")
    }

    /// A tile takes some turns: whatever is done in each, the same is known in the end, and no turn does much.
    @Test(arguments: Seeds.of(2)) func inAnySteps(seed: UInt64) throws {
        // Three tiles, the second without calls.
        let callers = Array(0..<120) + Array(512..<600)
        let timeline = engine(seed: seed, customers: 600, callers: callers).0.state.timeline
        var known: [[DayRow]] = []
        for budget in [1, 5_000, 65_536, .max] {
            var (watch, table, turns) = (DayWatch(pooled: 0.01), DayTable(), 0)
            while watch.step(timeline, &table, budget: budget) == nil { turns += 1 }
            switch budget {
            case 1: #expect(turns > callers.count, "each customer a turn")
            case 5_000: #expect(turns > 10)
            default: #expect(budget < .max || turns == 0)
            }
            known.append((0..<600).map { table[$0] })
        }
        for other in known.dropFirst() { #expect(other == known[0]) }
        #expect(callers.allSatisfy { known[0][$0].fourHours.outcomes > 0 && known[0][$0].spread != 1 })
        #expect((256..<512).allSatisfy { known[0][$0] == DayRow() })
    }

    /// Counts read off a packed slot are those of the slot that is unpacked.
    @Test(arguments: Seeds.of(1)) func packedCountsAreThoseOfTheTile(seed: UInt64) throws {
        let timeline = engine(seed: seed, customers: 300, callers: Array(0..<300)).0.state.timeline
        let tile = timeline.scratch.tile
        var outcomes: Int64 = 0
        for slot in timeline.slots.values where slot.isPacked {
            for number in 0..<FactTile.count(holding: 300) {
                var counts = [AnswerCount](repeating: AnswerCount(), count: FactTile.rows)
                slot.tile(number).forEachRow(tile.weights) { counts[$0] = $1 }
                tile.begin(facts: .max)
                slot.tile(number).add(to: tile, sign: 1)
                tile.deriveOutcomes()
                for row in 0..<FactTile.rows {
                    let unpacked = AnswerCount(
                        outcomes: Int64(tile.counts(.outcomes)[row]), answered: Int64(tile.counts(.answered)[row]))
                    #expect(counts[row] == unpacked)
                    outcomes += unpacked.outcomes
                }
            }
        }
        #expect(outcomes > 5_000)
    }

    /// The windows that reach beyond the last hour and what they are compared with are the day: no call is in both.
    @Test(arguments: Seeds.fixed(5)) func aWindowAndTheDayBeforeItAreTheDay(seed: UInt64) throws {
        let (engine, _, now) = engine(seed: seed)
        watchDays(engine, now)
        let day = engine.state.timeline.sliding[Window.oneDay.rawValue]
        for row in 0..<Self.customers {
            let sample = WarningSample(engine.state, row, now)
            var last: Int64 = 0
            for window in [DropWindow.hour, .twoHours, .fourHours] {
                let drop = try #require(sample.drop(window, sample: 1))
                #expect(drop.recent.count + drop.before.count == day.count(.outcomes, row), "\(window)")
                #expect(drop.recent.answered + drop.before.answered == day.count(.answered, row), "\(window)")
                #expect(drop.recent.count > last, "\(window)")
                last = drop.recent.count
            }
        }
    }

    /// A tile without calls in a day loses its hours, and not that its calls are observed live.
    @Test func hoursAreForgottenAndLiveIsNot() {
        var table = DayTable()
        let row = 2 * FactTile.rows + 7
        table.update(row) { $0 = DayRow(twoHours: AnswerCount(outcomes: 3, answered: 1), spread: 2, liveSecond: 50) }
        table.forgetHours(ofTile: 0)
        table.forgetHours(ofTile: 9)
        #expect(table[row].twoHours.outcomes == 3 && table[row].spread == 2)
        table.forgetHours(ofTile: 2)
        #expect(table[row] == DayRow(liveSecond: 50) && table[row + 1] == DayRow() && table[99_999] == DayRow())
        for (live, now) in [(50, 50), (50, 3_649), (50, 3_650), (0, 10)] as [(UInt32, Int64)] {
            #expect(DayTable.isLive(DayRow(liveSecond: live), nowSecond: now) == (live != 0 && now < 3_650))
        }
    }

    /// Nothing of it is saved: it follows from what is.
    @Test func afterARestartItIsKnownAgain() throws {
        let (engine, _, now) = engine(seed: 3)
        watchDays(engine, now)
        let restored = Engine(configuration: engine.state.configuration)
        try restored.restore(engine.snapshot().tables())
        try restored.restoreStatistics(engine.statistics(now: now).tables())
        watchDays(restored, now)
        for row in 0..<Self.customers {
            let (day, before) = (restored.state.warnings.days[row], engine.state.warnings.days[row])
            #expect(day.twoHours == before.twoHours && day.fourHours == before.fourHours)
            #expect(abs(day.spread - before.spread) < 0.01 * before.spread && day.spread != 1)
        }
    }

    /// The dispersions of all customers are saved, and files of before begin with the prior.
    @Test func dispersionsAreSaved() throws {
        let (engine, _, now) = engine(seed: 4)
        let dispersions = engine.state.warnings.dispersions
        #expect(dispersions.allSatisfy { $0.weight > 0 && $0.value != AnswerDispersion.prior })
        let tables = engine.statistics(now: now).tables()
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        try restored.restoreStatistics(tables)
        for (new, old) in zip(restored.state.warnings.dispersions, dispersions) {
            #expect(abs(new.value - old.value) < 1e-9 && abs(new.weight - old.weight) < 2)
        }
        #expect(AnswerDispersion(value: 0, weight: 0).value == AnswerDispersion.prior)
        #expect(AnswerDispersion(value: .infinity, weight: .infinity).value == AnswerDispersion.prior)
    }
}
