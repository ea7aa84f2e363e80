import Board
import CallEvents
import Randomness
import Testing

@testable import Store

@Suite struct DebitRecordTests {
    private func read(_ bytes: [UInt8], version: UInt16 = 1) throws -> Debits {
        try readRecord(bytes, as: DebitRecord.self, version: version).debits
    }

    @Test func whatIsWrittenIsRead() throws {
        var debits = Debits()
        #expect(try read(DebitRecord(debits).payload) == debits)
        debits.producer = ProducerID(high: .max, low: 3)
        (debits.through, debits.takenAtMicros) = (.max - 1, -5)
        debits.customerIDs = [1, 7, .max]
        debits.micros = [.min, 0, .max]
        let bytes = DebitRecord(debits).payload
        #expect(bytes.count == DebitRecord.payloadBytes(customers: 3))
        #expect(try read(bytes) == debits)
    }

    @Test func callsThatWereToldAnew() throws {
        var debits = Debits()
        (debits.customerIDs, debits.micros) = ([3], [-800_000])
        var many = Rerating(customerID: .max, beforeMicros: .max, afterMicros: .min)
        many.calls = .max
        let callID = String(repeating: "é", count: 64)
        debits.reratings = [
            Rerating(customerID: 3, beforeMicros: 5_000_000, afterMicros: 4_200_000, callID: callID), many,
        ]
        let bytes = DebitRecord(debits).payload
        #expect(bytes.count <= DebitRecord.payloadBytes(customers: 1, reratings: 2))
        #expect(DebitRecord(debits).schemaVersion == 2 && DebitRecord(Debits()).schemaVersion == 1)
        #expect(try read(bytes, version: 2) == debits)
        #expect(throws: RecordFault.self) { try read(bytes) }
        for end in 0..<bytes.count where end != bytes.count - 25 {
            #expect(throws: RecordFault.self) { try read(Array(bytes[..<end]), version: 2) }
        }
        for wrong in [
            [many, many], [many, debits.reratings[0]], [Rerating(customerID: 0, beforeMicros: 0, afterMicros: 1)],
        ] {
            var damaged = debits
            damaged.reratings = wrong
            #expect(throws: RecordFault.self) { try read(DebitRecord(damaged).payload, version: 2) }
        }
    }

    @Test func aNewerVersionHasReratings() throws {
        #expect(throws: RecordFault.self) { try read(DebitRecord(Debits()).payload, version: 2) }
        #expect(throws: RecordFault.unknownSchema(type: 0x8014, version: 3)) {
            try read(DebitRecord(Debits()).payload, version: 3)
        }
    }

    @Test(arguments: Seeds.fixed(5)) func hostileBytesAreRefused(seed: UInt64) throws {
        var debits = Debits()
        (debits.customerIDs, debits.micros) = ([1, 2], [10, 20])
        let bytes = DebitRecord(debits).payload
        for end in 0..<bytes.count { #expect(throws: RecordFault.self) { try read(Array(bytes[..<end])) } }
        #expect(throws: RecordFault.self) { try read(bytes + [0]) }
        // Customers twice, or none.
        for id in [0, 1] as [UInt8] {
            var wrong = bytes
            wrong[DebitRecord.payloadBytes(customers: 1)] = id
            #expect(throws: RecordFault.self) { try read(wrong) }
        }
        var many = bytes
        for index in 32..<36 { many[index] = 0xFF }
        #expect(throws: RecordFault.self) { try read(many) }
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            _ = try? read(damaged)
        }
    }
}
