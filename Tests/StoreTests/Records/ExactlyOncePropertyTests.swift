// E1: producers send finished calls with costs, and live events, over a link that loses, repeats and reorders, while
// servers and producers crash at random. In the end every figure and every balance is what one pass over all rows
// gives.
//
// The server is the engine with its snapshots and journal in memory: what a crash leaves is the newest snapshots and a
// part of the journal that has all that was acknowledged.

import CallEvents
import Randomness
import Testing

@testable import Board
@testable import Store

@Suite struct ExactlyOncePropertyTests {
    private static let customers = 5
    private static let start: Int64 = 1_750_000_000_000_000
    private static let credit: Int64 = 1_000_000_000

    // MARK: - The server

    /// One whose memory is lost in a crash.
    private struct Server {
        var engine: Engine
        /// Bytes of the journal's records with their versions, and how many are durable.
        var journal: [(bytes: [UInt8], version: UInt16)] = []
        var durable = 0
        /// The newest snapshots, with the journal's length in each.
        var board: (tables: [SavedTable], records: Int)
        var statistics: (tables: [SavedTable], marks: [ProducerID: ProducerMarks])?
        /// Of the statistics that are saved.
        func safe(_ id: ProducerID) -> UInt64 { statistics?.marks[id]?.applied ?? 0 }

        init() {
            engine = Server.emptyEngine()
            let drafts = (1...customers).map { number in
                var customer = Customer()
                (customer.name, customer.currency, customer.creditMicros) = ("C\(number)", "EUR", credit)
                return customer
            }
            _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: start)
            board = (engine.snapshot().tables(), 0)
        }

        private static func emptyEngine() -> Engine {
            var configuration = EngineConfiguration()
            configuration.clock = .events
            return Engine(configuration: configuration)
        }

        mutating func saveStatistics() {
            // No snapshot gets its name before all that it has is durable.
            let snapshot = engine.statistics(now: start)
            durable = journal.count
            statistics = (snapshot.tables(), snapshot.marks)
        }

        mutating func saveBoard() {
            durable = journal.count
            board = (engine.snapshot().tables(), journal.count)
        }

        /// What was not durable may be there or not, but never a record without those before it.
        mutating func crash(using random: inout SeededGenerator) throws {
            journal.removeLast(Int.random(in: 0...journal.count - durable, using: &random))
            durable = journal.count
            engine = Server.emptyEngine()
            try engine.restore(board.tables)
            for (bytes, version) in journal[board.records...] {
                let debits = try readRecord(bytes, as: DebitRecord.self, version: version).debits
                #expect(engine.debitAgain(debits))
            }
            if let statistics { try engine.restoreStatistics(statistics.tables) }
        }

        /// As the server does it with a request.
        mutating func take(_ message: Message) -> Answer {
            do throws(ProducerRefusal) {
                let rows = message.rows
                var place = message.place
                place.offsets = message.offsets
                let known = try engine.admit(place, rows: rows.count, now: start)
                if message.producer.isLive {
                    var batch = CallEventBatch()
                    batch.parties = PartyList((1...UInt32(customers)).map { Party(customerID: $0) })
                    for row in rows { row.append(to: &batch) }
                    batch.removeFirst(known)
                    _ = engine.ingest(batch, now: start, isNumbered: true)
                } else {
                    var batch = CallRecordBatch()
                    batch.parties = PartyList((1...UInt32(customers)).map { Party(customerID: $0) })
                    for row in rows { row.append(to: &batch) }
                    let debited = engine.rowsDebited(place, rows: rows.count) - known
                    batch.removeFirst(known)
                    let (_, debits) = engine.ingestAndDebit(batch, now: start, firstRow: debited, place: place)
                    journal.append((DebitRecord(debits).payload, DebitRecord(debits).schemaVersion))
                }
                engine.noteCounted(place, now: start)
                let applied = engine.marks(of: place.producer)?.applied ?? 0
                return .applied(applied, after: journal.count)
            } catch {
                return .refused(error)
            }
        }
    }

    private enum Answer {
        /// To leave when so many records are durable.
        case applied(UInt64, after: Int)
        case refused(ProducerRefusal)
    }

    // MARK: - Rows

    private struct Row {
        var number: UInt64
        var customer: UInt32
        var setup: Int64
        /// 0: failed.
        var talkSeconds: UInt32
        var cost: Int64
        /// 0: none. Repeated among a producer's rows.
        var key: UInt64
        var kind: CallEventKind
        /// Customers are billed in euros; nil: the row does not say.
        var currency: String?

        /// In another currency than the customer's, or a credit note that has no key.
        var isRefused: Bool { currency == "INR" || cost < 0 && key == 0 }

        /// By how much it changes the cost of a call whose key it has.
        func rerates(_ call: Row?) -> Int64 {
            guard let call, call.customer == customer, cost >= 0,
                cost > 0 || (call.talkSeconds > 0) == (talkSeconds > 0)
            else { return 0 }
            return cost - call.cost
        }

        func append(to batch: inout CallRecordBatch) {
            batch.party.append(customer)
            batch.setupMicros.append(setup)
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(talkSeconds > 0 ? 1_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(1_000 + talkSeconds * 1_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(talkSeconds > 0 ? 200 : 486)
            batch.q850 += [0]
            batch.currencies.append(currency, after: batch.count - 1)
            batch.costMicros.append(cost)
            batch.key.append(key == 0 ? .none : CallKey(high: 3, low: key))
        }

        func append(to batch: inout CallEventBatch) {
            batch.append(kind, key: CallKey(high: 4, low: key), timeMicros: setup, party: customer, code: 0)
        }
    }

    private final class Producer {
        let id: ProducerID
        let isLive: Bool
        let rows: [Row]
        var epoch: UInt64 = 0
        /// As far as it knows.
        var acknowledged: UInt64 = 0

        init(_ number: UInt64, rows count: Int, isLive: Bool, using random: inout SeededGenerator) {
            id = ProducerID(high: number, low: 7)
            self.isLive = isLive
            var rows: [Row] = []
            var next: UInt64 = 0
            for index in 0..<count {
                // Places in a file: numbers with gaps, and rows that share one.
                next += UInt64([0, 1, 1, 3, 40].randomElement(using: &random) ?? 1)
                let key = UInt64.random(in: 1...UInt64(count), using: &random) + number * 1_000_000
                let answered = Bool.random(using: &random)
                rows.append(
                    Row(
                        number: max(1, next), customer: UInt32.random(in: 0..<UInt32(customers), using: &random),
                        setup: start + Int64(index) * 10_000,
                        talkSeconds: answered ? UInt32.random(in: 1...9, using: &random) : 0,
                        cost: answered ? Int64.random(in: -2_000...9_000, using: &random) : 0,
                        key: isLive || Int.random(in: 0..<3, using: &random) == 0 ? key : 0,
                        kind: [.setup, .setup, .answer, .end].randomElement(using: &random) ?? .setup,
                        currency: [nil, nil, "EUR", "EUR", "INR"].randomElement(using: &random)!))
            }
            self.rows = rows
        }

        var last: UInt64 { rows.last?.number ?? 0 }
    }

    private struct Message {
        var producer: Producer
        var rows: [Row]
        var place: ProducerBatch
        var offsets: [UInt32]

        /// Some of the producer's rows from a number on, up to all of them.
        init(_ producer: Producer, from first: UInt64, using random: inout SeededGenerator) {
            self.producer = producer
            var rows = Array(producer.rows.drop { $0.number < first }.prefix(Int.random(in: 1...20, using: &random)))
            // Rows of one number stay together.
            let last = rows.last?.number ?? first
            rows = producer.rows.filter { (first...last).contains($0.number) }
            self.rows = rows
            offsets = rows.map { UInt32($0.number - first) }
            place = ProducerBatch(producer: producer.id, epoch: producer.epoch, first: first, last: last)
        }
    }

    // MARK: - The test

    @Test(arguments: Seeds.fixed(0..<12)) func everyFigureAndBalanceIsRight(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var server = Server()
        let producers = (1...3).map { number in
            Producer(UInt64(number), rows: 300, isLive: number == 3, using: &random)
        }
        var link: [Message] = []
        var (steps, serverCrashes, producerCrashes) = (0, 0, 0)
        for producer in producers { greet(producer, server) }
        while producers.contains(where: { server.engine.marks(of: $0.id)?.applied ?? 0 < $0.last }) {
            steps += 1
            try #require(steps < 100_000, "seed \(seed): it does not end")
            let producer = try #require(producers.randomElement(using: &random))
            switch Int.random(in: 0..<40, using: &random) {
            case 0: server.saveStatistics()
            case 1: server.saveBoard()
            case 2: server.durable = Int.random(in: server.durable...server.journal.count, using: &random)
            case 3 where serverCrashes < 60:
                serverCrashes += 1
                try server.crash(using: &random)
                // Every connection is lost with it, and who comes back asks where it is.
                link = []
                for producer in producers { greet(producer, server) }
            case 4:
                // It begins from scratch with its next life; what the former sent may still arrive.
                producerCrashes += 1
                greet(producer, server)
            case 5...22:
                // Anything that may not be counted yet, again or for the first time.
                let from = Bool.random(using: &random) ? producer.acknowledged + 1 : server.safe(producer.id) + 1
                guard from <= producer.last else { continue }
                link.append(Message(producer, from: from, using: &random))
                if Bool.random(using: &random), let message = link.last { link.append(message) }
            default:
                // In any order; three in ten are lost.
                guard let place = link.indices.randomElement(using: &random) else { continue }
                let message = link.remove(at: place)
                if Int.random(in: 0..<10, using: &random) < 3 { continue }
                guard case .applied(let mark, let records) = server.take(message) else { continue }
                // The answer leaves when it is durable, and may be lost.
                if records <= server.durable && Bool.random(using: &random) {
                    message.producer.acknowledged = max(message.producer.acknowledged, mark)
                }
            }
        }
        try compare(server.engine, producers, "seed \(seed)")
        // The same from what is on the disk.
        server.saveStatistics()
        try server.crash(using: &random)
        try compare(server.engine, producers, "seed \(seed), restarted")
        #expect(serverCrashes > 3 && producerCrashes > 3, "seed \(seed)")
    }

    private func greet(_ producer: Producer, _ server: Server) {
        producer.epoch += 1
        let greeting = try? server.engine.greet(
            producer.id, epoch: producer.epoch, counted: 0, now: Self.start)
        producer.acknowledged = greeting?.1.applied ?? 0
        #expect(greeting != nil)
    }

    /// The obvious figures: each row of the lists once, each key of them once, with the cost that was told last.
    private func compare(_ engine: Engine, _ producers: [Producer], _ comment: String) throws {
        var bids = [Int64](repeating: 0, count: Self.customers)
        var (answered, talk, cost, balance, corrected) = (bids, bids, bids, bids, bids)
        for producer in producers where !producer.isLive {
            var seen: Set<UInt64> = []
            var known: [UInt64: Row] = [:]
            for row in producer.rows where !row.isRefused {
                let customer = Int(row.customer)
                guard row.key == 0 || seen.insert(row.key).inserted else {
                    let difference = row.rerates(known[row.key])
                    balance[customer] += difference
                    cost[customer] += difference
                    corrected[customer] += difference
                    if difference != 0 { known[row.key]?.cost = row.cost }
                    continue
                }
                balance[customer] += row.cost
                if row.cost < 0 { continue }
                known[row.key] = row
                bids[customer] += 1
                if row.talkSeconds > 0 { answered[customer] += 1 }
                talk[customer] += Int64(row.talkSeconds)
                cost[customer] += row.cost
            }
        }
        // Live events by an engine that hears each once: their own rules are tested elsewhere.
        let calm = Server().engine
        for producer in producers where producer.isLive {
            for row in producer.rows {
                var batch = CallEventBatch()
                batch.parties = PartyList((1...UInt32(Self.customers)).map { Party(customerID: $0) })
                row.append(to: &batch)
                _ = calm.ingest(batch, now: Self.start)
            }
        }
        let rows = producers.filter { !$0.isLive }.flatMap(\.rows)
        let sums = Dictionary(uniqueKeysWithValues: engine.moneyTotals.map { ($0.currency, $0.sums) })
        #expect(sums["EUR"]?.booked.micros == cost.reduce(0, +), "booked, \(comment)")
        #expect(sums["EUR"]?.credited.micros == cost.reduce(0, +) - balance.reduce(0, +), "credited, \(comment)")
        let refused = sums.values.reduce(0) { $0 + $1.refused.count }
        #expect(refused == rows.count(where: \.isRefused), "refused, \(comment)")
        #expect(sums["EUR"]?.corrected.micros == corrected.reduce(0, +), "corrected, \(comment)")
        for customer in 0..<Self.customers {
            let id = UInt32(customer + 1)
            let told = engine.history(customerID: id, before: 0, limit: 10_000).flatMap(\.note.reratings)
                .filter { $0.customerID == id }
            let sum = told.reduce(0) { $0 + $1.afterMicros - $1.beforeMicros }
            #expect(sum == corrected[customer], "history, \(comment)")
        }
        let live = try figures(calm)
        let shown = try figures(engine)
        for customer in 0..<Self.customers {
            #expect(shown[0][customer] == bids[customer] + live[0][customer], "bids, \(comment)")
            #expect(shown[1][customer] == answered[customer] + live[1][customer], "answered, \(comment)")
            #expect(shown[2][customer] == cost[customer], "cost, \(comment)")
            #expect(shown[3][customer] == Self.credit - balance[customer], "credit, \(comment)")
            #expect(shown[4][customer] == talk[customer] + live[4][customer], "talk, \(comment)")
            #expect(shown[5][customer] == live[5][customer], "active, \(comment)")
        }
    }

    private func figures(_ engine: Engine) throws -> [[Int64]] {
        var query = BoardQuery()
        query.columns = ["bids", "answered", "cost", "credit", "talk", "active"]
        query.window = .all
        query.sort = ["id"]
        return try engine.board(query, now: Self.start).columns.map { column in
            switch column.values {
            case .integers(let values), .money(let values): values
            case .numbers(let values): values.map { Int64($0.rounded()) }
            default: []
            }
        }
    }
}
