import CallEvents
import Randomness

@testable import Board

/// A board of random customers with random calls, and its cells one by one.
struct RandomBoard {
    static let now: Int64 = 1_750_000_000_000_000

    let engine: Engine
    let count: Int
    private let cells: [String: [Cell]]

    /// The columns that random queries read.
    static let numbers = [
        "id", "credit", "debit_limit", "available", "channels", "flow_speed", "active", "bids", "attempts", "answered",
        "failed", "asr", "ner", "acd", "pdd", "talk", "cost", "cps_peak", "asr_1h", "causes.busy",
    ]
    static let texts = ["name", "status", "currency", "country", "company"]
    static let others = ["last_call", "created_at", "portal_access"]

    init(_ count: Int, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        self.count = count
        var configuration = EngineConfiguration()
        configuration.clock = .wall
        engine = Engine(configuration: configuration)
        let drafts = (0..<count).map { RandomBoard.draft($0, &random) }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: RandomBoard.now - 1_000_000)
        _ = engine.ingest(RandomBoard.records(count, &random), now: RandomBoard.now)
        _ = engine.ingest(RandomBoard.live(count, &random), now: RandomBoard.now)
        var query = BoardQuery()
        query.columns = RandomBoard.numbers + RandomBoard.texts + RandomBoard.others
        query.limit = count
        let answer = try engine.board(query, now: RandomBoard.now)
        cells = Dictionary(uniqueKeysWithValues: answer.columns.map { ($0.name, $0.cells) })
    }

    func cell(_ column: String, _ row: Int) -> Cell { cells[column]?[row] ?? .null }

    func cell(_ column: BoardColumn, _ row: Int) -> Cell {
        switch column {
        case .field(let field): cell(field.rawValue, row)
        case .metric(let metric, .oneHour): cell(metric.name + "_1h", row)
        case .metric(let metric, _): cell(metric.name, row)
        case .call: .null
        }
    }

    private static func draft(_ number: Int, _ random: inout SeededGenerator) -> Customer {
        var customer = Customer()
        let words = ["Acme", "Élan", "zürich", "Nova", "core", "北京", "ＡＢ", "x"]
        customer.name =
            "\(words.randomElement(using: &random) ?? "") \(words.randomElement(using: &random) ?? "") \(number)"
        customer.currency = ["USD", "EUR", "JPY"].randomElement(using: &random) ?? "USD"
        customer.country = ["US", "DE", "FR", "", "GB"].randomElement(using: &random) ?? ""
        customer.company = ["", "", "Métro", "Bell"].randomElement(using: &random) ?? ""
        customer.status = CustomerStatus.allCases.randomElement(using: &random) ?? .active
        customer.creditMicros = Int64.random(in: -5...5, using: &random) * 10_000_000
        // Sums of these go beyond 64 bits.
        if Int.random(in: 0..<20, using: &random) == 0 { customer.creditMicros = .max / 2 }
        customer.debitLimitMicros = Int64.random(in: 0...3, using: &random) * 1_500_000
        customer.channels = UInt32.random(in: 0...4, using: &random)
        customer.flowSpeed = UInt32.random(in: 0...2, using: &random) * 1_000_000_000
        customer.portalAccess = Bool.random(using: &random)
        customer.tags = Int.random(in: 0..<4, using: &random) == 0 ? ["vip"] : []
        return customer
    }

    private static func records(_ count: Int, _ random: inout SeededGenerator) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...count).map { Party(customerID: UInt32($0)) })
        for _ in 0..<count * 4 {
            let age = [30, 200, 1_000, 20_000].randomElement(using: &random) ?? 30
            let answered = Bool.random(using: &random)
            batch.party.append(
                UInt32.random(in: 0..<UInt32(count), using: &random) / UInt32.random(in: 1...2, using: &random))
            batch.setupMicros.append(now - Int64(age) * 1_000_000)
            batch.ringMilliseconds.append(UInt32.random(in: 0...5_000, using: &random))
            batch.answerMilliseconds.append(answered ? 5_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(UInt32.random(in: 5_000...25_000, using: &random))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(answered ? 200 : [486, 404, 503].randomElement(using: &random) ?? 486)
            batch.q850.append(0)
            batch.costMicros.append(Int64.random(in: 0...2, using: &random) * 250_000)
        }
        return batch
    }

    private static func live(_ count: Int, _ random: inout SeededGenerator) -> CallEventBatch {
        var batch = CallEventBatch()
        for number in 0..<count / 3 {
            batch.parties.append(Party(customerID: UInt32.random(in: 1...UInt32(count), using: &random)))
            batch.append(
                .setup, key: CallKey(high: 5, low: UInt64(number)), timeMicros: now - 1_000_000, party: UInt32(number),
                sequence: 1)
        }
        return batch
    }
}

extension ResultColumn {
    /// The column's values one by one.
    var cells: [Cell] {
        let plain: [Cell] =
            switch values {
            case .integers(let values): values.map(Cell.integer)
            case .numbers(let values): values.map(Cell.number)
            case .texts(let codes, let dictionary): codes.map { .text(dictionary[Int($0)]) }
            case .textLists(let values): values.map(Cell.texts)
            case .booleans(let values): values.map(Cell.boolean)
            case .money(let values): values.map(Cell.money)
            case .times(let values): values.map(Cell.time)
            }
        return nulls.isEmpty ? plain : zip(plain, nulls).map { $1 ? .null : $0 }
    }
}
