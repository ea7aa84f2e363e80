// Records of what begins later: an engine that reads them is what the engine was that wrote them; anything else is
// refused.

import Board
import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct LaterRecordTests {
    private let now: Int64 = 1_700_000_000_000_000
    private let hour: Int64 = 3_600_000_000

    private func engine() -> Engine {
        let engine = Engine()
        let customers = (1...20).map { number in
            var customer = Customer()
            (customer.name, customer.currency, customer.channels) = ("Customer \(number)", "EUR", UInt32(number))
            return customer
        }
        _ = engine.createCustomers(customers, dryRun: false, who: "me", idempotencyKey: [], now: now)
        return engine
    }

    private func read(_ payload: [UInt8], _ kind: RecordKind, version: UInt16? = nil) throws -> ChangeRecord {
        switch kind {
        case .later: try readRecord(payload, as: LaterRecord.self, version: version ?? 1).change
        default: try readRecord(payload, version: version ?? 2)
        }
    }

    private func plan(_ random: inout SeededGenerator, at time: Int64) -> CustomerEdit {
        var edit = CustomerEdit()
        edit.who = "zoë"
        edit.beginAtMicros = time + Int64.random(in: 1...3, using: &random) * hour
        if Bool.random(using: &random) { edit.undoAtMicros = edit.beginAtMicros + hour }
        if Bool.random(using: &random) {
            var query = BoardQuery()
            (query.filter, query.window) = ("id <= \(Int.random(in: 1...20, using: &random)) OR asr_1h > 5", .oneHour)
            edit.selection = .query(query)
        } else {
            edit.selection = .ids([1, UInt32.random(in: 2...20, using: &random)])
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: edit.assignments = ["channels=channels + 1", "notes='ü'"]
        case 1: edit.assignments = ["status=Penalty"]
        default:
            edit.fields = [.channels, .tags]
            (edit.values.channels, edit.values.tags) = (UInt32.random(in: 0...9, using: &random), ["a", "b;c"])
        }
        return edit
    }

    /// Random schedules: each change with the payload of its record.
    private func changes(_ engine: Engine, _ random: inout SeededGenerator) throws -> [(RecordKind, [UInt8])] {
        var payloads: [(RecordKind, [UInt8])] = []
        func commit(_ prepared: PreparedChange) {
            let record = ChangeRecord(prepared)
            let isLater = LaterRecord.belongs(record)
            payloads.append(
                isLater ? (LaterRecord.kind, LaterRecord(record).payload) : (ChangeRecord.kind, record.payload))
            _ = engine.commit(prepared, idempotencyKey: [])
        }
        var time = now
        for _ in 0..<60 {
            time += Int64.random(in: 1...90, using: &random) * 60_000_000
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                let id = UInt32.random(in: 1...20, using: &random)
                if let prepared = try? engine.prepareDelete(.ids([id]), expectedVersion: 0, who: "", now: time) {
                    commit(prepared)
                }
            case 1:
                if let number = engine.scheduled(customerID: 0, limit: 99).changes.randomElement(using: &random)?.number
                {
                    commit(try engine.prepareCallOff(number: number, who: "carl", now: time))
                }
            case 2, 3: while let due = engine.prepareDue(now: time) { commit(due) }
            default:
                if let prepared = try? engine.prepare(plan(&random, at: time), now: time), prepared.errorCount == 0 {
                    commit(prepared)
                }
            }
        }
        return payloads
    }

    @Test func aReplayIsTheSameState() throws {
        for seed in Seeds.fixed(1...8) {
            var random = SeededGenerator(seed: seed)
            let (first, second) = (engine(), engine())
            let payloads = try changes(first, &random)
            #expect(payloads.contains { $0.0 == LaterRecord.kind })
            for (type, payload) in payloads {
                let record = try read(payload, type)
                let written = type == LaterRecord.kind ? LaterRecord(record).payload : record.payload
                #expect(written == payload, "seed \(seed)")
                #expect(
                    second.replay(record.change, created: [], matched: record.matched, idempotencyKey: []),
                    "seed \(seed)")
            }
            #expect(second.snapshot().stateHash() == first.snapshot().stateHash(), "seed \(seed)")
            #expect(second.history(before: 0, limit: 100) == first.history(before: 0, limit: 100))
            #expect(second.scheduledSummary == first.scheduledSummary)
        }
    }

    /// Each kind of change, with and without a plan, about each change and late by any time: what cannot be is refused.
    @Test func whatCannotBeIsRefused() throws {
        let engine = engine()
        var planned = CustomerEdit()
        (planned.selection, planned.assignments) = (.ids([1]), ["channels=9"])
        planned.beginAtMicros = now + hour
        let plan = ChangeRecord(try engine.prepare(planned, now: now))
        let kinds: [Change.Kind] = [
            .created, .edited, .deleted, .undone, .imported, .scheduled, .planned, .calledOff, .rerated,
        ]
        for kind in kinds {
            for hasPlan in [false, true] {
                for of in UInt32(0)...4 {
                    for late in [-1, 0, 1] as [Int64] {
                        var record = plan
                        record.change.number = 3
                        record.change.kind = kind
                        if !hasPlan { record.change.later.plan = nil }
                        (record.change.later.of, record.change.later.lateMicros) = (of, late)
                        let isRight = hasPlan == (kind == .planned) && of < 3 && late >= 0
                        let found = try? read(LaterRecord(record).payload, LaterRecord.kind)
                        #expect((found != nil) == isRight, "\(kind), plan: \(hasPlan), of \(of), \(late) late")
                        if isRight { #expect(found?.change == record.change) }
                    }
                }
            }
        }
    }

    /// Cut and changed records: refused, or not the next change, or a change; never a trap.
    @Test(arguments: Seeds.fixed(78)) func damagedRecordsDoNoHarm(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let payloads = try changes(engine(), &random).filter { $0.0 == LaterRecord.kind }.map(\.1)
        var refused = 0
        for trial in 0..<6_000 {
            var bytes = payloads[trial % payloads.count]
            if trial % 5 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let record = try? read(bytes, LaterRecord.kind) else {
                refused += 1
                continue
            }
            guard trial % 10 == 0 else { continue }
            // It is due at once, and its time may be absurd.
            let engine = engine()
            var change = record.change
            change.number = 2
            guard engine.replay(change, created: record.created, matched: 0, idempotencyKey: []) else { continue }
            for time in [now, now + 400 * 24 * hour] {
                if let due = engine.prepareDue(now: time) { _ = engine.commit(due, idempotencyKey: []) }
            }
            _ = engine.scheduled(customerID: 1, limit: 9)
        }
        #expect(refused > 1_000)
        #expect(throws: RecordFault.unknownSchema(type: 0x8008, version: 2)) {
            try read(payloads[0], LaterRecord.kind, version: 2)
        }
        #expect(throws: RecordFault.self) { try read([], LaterRecord.kind) }
    }
}
