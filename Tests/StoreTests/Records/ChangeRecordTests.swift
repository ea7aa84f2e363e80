// Records of changes: an engine that reads them is what the engine was that wrote them; anything else is refused.

import Board
import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct ChangeRecordTests {
    private let now: Int64 = 1_700_000_000_000_000

    private func customer(_ number: Int) -> Customer {
        var customer = Customer()
        (customer.name, customer.currency) = ("Customer \(number)", "EUR")
        customer.creditMicros = Int64(number) * 1_000_000
        customer.channels = UInt32(number % 7)
        customer.auth = number % 3 == 0 ? [.sip("u\(number)")] : []
        return customer
    }

    private func read(_ payload: [UInt8], version: UInt16 = 2) throws -> ChangeRecord {
        try readRecord(payload, version: version)
    }

    private func engine(_ count: Int) -> Engine {
        let engine = Engine()
        let customers = (1...count).map(customer)
        _ = engine.createCustomers(customers, dryRun: false, who: "me", idempotencyKey: [], now: now)
        return engine
    }

    /// What is done to one engine, as payloads of records.
    private func changes(_ engine: Engine, _ random: inout SeededGenerator) throws -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        for step in 0..<40 {
            let prepared: PreparedChange?
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                let id = UInt32.random(in: 1...60, using: &random)
                prepared = try? engine.prepareDelete(.ids([id]), expectedVersion: 0, who: "a", now: now + Int64(step))
            case 1:
                let newest = engine.history(before: 0, limit: 1)[0].number
                prepared = try? engine.prepareUndo(
                    customerID: 0, number: UInt32.random(in: 2...max(2, newest), using: &random), who: "b",
                    now: now + Int64(step))
            default:
                var edit = CustomerEdit()
                var query = BoardQuery()
                query.filter = "id <= \(Int.random(in: 1...60, using: &random)) AND channels <> 3"
                edit.selection = .query(query)
                edit.who = "céline"
                edit.assignments =
                    [
                        ["credit=credit*1.07"], ["channels+=1", "tags+=gold"], ["company='Ø'", "status=Penalty"],
                        ["notes=(name)"], ["contact_email=x@y.example", "routes=a;!b"],
                    ][Int.random(in: 0..<5, using: &random)]
                prepared = try engine.prepare(edit, now: now + Int64(step))
            }
            guard var prepared, prepared.errorCount == 0, !prepared.isEmpty else { continue }
            if step % 3 > 0 { prepared.content = RequestContent(random.next()) }
            payloads.append(ChangeRecord(prepared).payload)
            _ = engine.commit(prepared, idempotencyKey: [UInt8](repeating: UInt8(step + 1), count: 16))
        }
        return payloads
    }

    @Test func aReplayIsTheSameState() throws {
        for seed in Seeds.fixed(1...6) {
            var random = SeededGenerator(seed: seed)
            let first = engine(60)
            let second = engine(60)
            let payloads = try changes(first, &random)
            #expect(payloads.count > 10)
            var keys: [[UInt8]] = []
            for key in UInt8(1)...40 where first.result(ofKey: [UInt8](repeating: key, count: 16)) != nil {
                keys.append([UInt8](repeating: key, count: 16))
            }
            for (payload, key) in zip(payloads, keys) {
                let record = try read(payload)
                #expect(record.payload == payload)
                #expect(
                    second.replay(
                        record.change, created: record.created, matched: record.matched, idempotencyKey: key,
                        content: record.content))
                #expect(!second.replay(record.change, created: [], matched: 0, idempotencyKey: []))
            }
            #expect(second.snapshot().stateHash() == first.snapshot().stateHash(), "seed \(seed)")
            #expect(second.customers(after: 0, limit: 100) == first.customers(after: 0, limit: 100))
            #expect(second.history(before: 0, limit: 100) == first.history(before: 0, limit: 100))
        }
    }

    /// Of before there were notes and hashes.
    @Test func recordsWithoutATailAreRead() throws {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1]), ["channels=9"])
        var prepared = try engine(2).prepare(edit, now: now)
        let bare = ChangeRecord(prepared).payload
        prepared.content = RequestContent(77)
        let whole = ChangeRecord(prepared).payload
        let (old, new) = (try read(Array(bare.dropLast(14)), version: 1), try read(whole))
        #expect(old.change.note == ChangeNote() && !old.content.isKnown && old.change.rows == new.change.rows)
        #expect(new.change.note.assignments == ["channels=9"] && new.content == RequestContent(77))
    }

    /// A change undoes an earlier one, or none.
    @Test func aChangeUndoesAnEarlierOne() throws {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1]), ["channels=9"])
        let payload = ChangeRecord(try engine(2).prepare(edit, now: now)).payload
        for number in UInt32(0)...4 {
            for undoes in UInt32(0)...5 {
                // The number is in front, and what it undoes behind the time and the kind.
                var bytes = payload
                bytes.store(number, at: 0)
                bytes.store(undoes, at: 13)
                guard number > 0, undoes < number else {
                    #expect(throws: RecordFault.self, "\(number) undoes \(undoes)") { try read(bytes) }
                    continue
                }
                let record = try read(bytes)
                #expect(record.change.number == number && record.change.undoes == undoes)
            }
        }
    }

    /// Cut and changed records: refused, or not the next change, or a change; never a trap.
    @Test(arguments: Seeds.fixed(77)) func damagedRecordsDoNoHarm(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let payloads = try changes(engine(60), &random)
        var refused = 0
        for trial in 0..<6_000 {
            var bytes = payloads[trial % payloads.count]
            if trial % 5 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let record = try? read(bytes) else {
                refused += 1
                continue
            }
            if trial % 20 == 0 {
                _ = engine(60).replay(
                    record.change, created: record.created, matched: record.matched, idempotencyKey: [])
            }
        }
        #expect(refused > 1_000)
        #expect(throws: RecordFault.unknownSchema(type: 0x8002, version: 3)) { try read(payloads[0], version: 3) }
        #expect(throws: RecordFault.self) { try read([]) }
    }
}
