// What happens to a board, at random: calls that begin, end and are told when they are over, with costs; customers that
// are created, edited, deleted, restored and purged; warnings that are muted and set; and time.

import CallEvents
import Randomness
import Testing

@testable import Board

/// The same steps with the same generator do the same to every engine that is in the same state.
struct RandomTraffic {
    enum Step: CaseIterable {
        /// Calls begin, calls that have begun before are answered and end, a few that are over are told.
        case calls
        /// Some hundred calls that are over are told at once.
        case burst
        case create
        case edit
        case deleteOrUndo
        case warnings
        case time
        case purge

        /// While a task reads the columns these do not happen.
        var needsTheEngine: Bool { self == .time || self == .purge }
    }

    private(set) var now: Int64
    /// Steps so far. In the first ones no call costs anything and none is refused by our own switch: columns that are
    /// zero until then.
    private var number = 0
    private var begun: UInt64 = 0
    private var live: [CallKey] = []
    private static let firstCost = 14

    init(now: Int64) { self.now = now }

    mutating func take(_ step: Step, _ engine: Engine, _ random: inout SeededGenerator) {
        number += 1
        switch step {
        case .calls:
            finish(engine, calls: Int.random(in: 0...8, using: &random), &random)
            begin(engine, &random)
            end(engine, &random)
        case .burst: finish(engine, calls: 300, &random)
        case .create: create(engine, &random)
        case .edit: edit(engine, &random)
        case .deleteOrUndo: deleteOrUndo(engine, &random)
        case .warnings: warnings(engine, &random)
        case .time:
            now +=
                [0, 900_000, 5_000_000, 61_000_000, 400_000_000, 3_700_000_000, 90_000_000_000].randomElement(
                    using: &random) ?? 0
        case .purge: purge(engine, &random)
        }
    }

    /// A customer of the first rows, which have far more calls than the others; any; or one that does not exist.
    private func party(_ engine: Engine, _ random: inout SeededGenerator) -> Party {
        let count = UInt32(engine.state.customers.count)
        let most: UInt32 = [5, 10, 60, count, count, count + 1].randomElement(using: &random) ?? 5
        return Party(customerID: UInt32.random(in: 1...most, using: &random))
    }

    // MARK: - Calls

    private mutating func begin(_ engine: Engine, _ random: inout SeededGenerator) {
        var batch = CallEventBatch()
        for part in 0..<UInt32.random(in: 0...8, using: &random) {
            begun += 1
            let key = CallKey(high: 77, low: begun)
            batch.parties.append(party(engine, &random))
            let time = now - ([0, 0, 0, 2_000_000, 70_000_000, 4_000_000_000].randomElement(using: &random) ?? 0)
            batch.append(.setup, key: key, timeMicros: time, party: part, sequence: 1)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: batch.append(.answer, key: key, timeMicros: time + 1_000, sequence: 1, code: 200)
            case 1:
                batch.append(.answer, key: key, timeMicros: time + 1_000, sequence: 1, code: 200)
                batch.append(.end, key: key, timeMicros: time + 2_000, sequence: 1)
                continue
            default: break
            }
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
        let hasCosts = number >= Self.firstCost
        for number in 0..<calls {
            let isAnswered = Bool.random(using: &random)
            let age = [60, 60, 700, 5_000, 100_000].randomElement(using: &random) ?? 60
            let failures: [UInt16] = hasCosts ? [486, 404, OutcomeTable.blockedCode] : [486, 404]
            batch.parties.append(party(engine, &random))
            batch.party.append(UInt32(number))
            batch.setupMicros.append(now - (Int64(age) + Int64.random(in: 0...900, using: &random)) * 1_000_000)
            batch.ringMilliseconds.append(UInt32.random(in: 0...900, using: &random))
            batch.answerMilliseconds.append(isAnswered ? 1_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(UInt32.random(in: 1_000...40_000, using: &random))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : failures.randomElement(using: &random) ?? 404)
            batch.q850.append(0)
            batch.costMicros.append(
                hasCosts && isAnswered ? Int64.random(in: 0...9, using: &random) * 125_000 : 0)
        }
        if Bool.random(using: &random) {
            _ = engine.ingest(batch, now: now)
        } else {
            _ = engine.ingestAndDebit(batch, now: now, firstRow: 0, place: nil)
        }
    }

    // MARK: - Customers

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

    private func edit(_ engine: Engine, _ random: inout SeededGenerator) {
        var edit = CustomerEdit()
        edit.selection = .ids(
            (0..<3).map { _ in UInt32.random(in: 1...UInt32(engine.state.customers.count), using: &random) })
        if Int.random(in: 0..<3, using: &random) == 0 {
            var query = BoardQuery()
            query.filter = ["channels < 2", "country = 'US'", "credit > 0 AND bids > 0"].randomElement(using: &random)!
            edit.selection = .query(query)
        }
        edit.assignments = [
            "country=\(["AT", "SE", "US", "FR"].randomElement(using: &random)!)", "company='Other \(number % 5)'",
            "credit-=1", "channels=channels+1", "channels=7", "tags+=vip", "tags-=vip", "status=Penalty",
            "status=Active", "portal_access=true", "flow_speed=7", "routes=a", "contact_email=nova@x.example",
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

    /// Some of the deleted customers are forgotten.
    private func purge(_ engine: Engine, _ random: inout SeededGenerator) {
        let deleted = (1...UInt32(engine.state.customers.count)).filter { engine.customer(id: $0) == nil }
        let isDone = engine.state.purge(RowSet(deleted.filter { _ in Bool.random(using: &random) }.map { $0 - 1 }))
        #expect(isDone)
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
