// Imports and documents in the journal: what is written is read, and an engine that reads it is the one that wrote it.

import Board
import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct ImportRecordTests {
    private let now: Int64 = 1_700_000_000_000_000
    private let key = IdempotencyKey(high: 7, low: 8)

    private func engine() -> Engine {
        let engine = Engine()
        let customers = (1...6).map { number in
            var customer = Customer()
            (customer.name, customer.currency, customer.channels) = ("Customer \(number)", "EUR", 5)
            return customer
        }
        _ = engine.createCustomers(customers, dryRun: false, who: "me", idempotencyKey: [], now: now)
        return engine
    }

    /// A row that creates a customer, or changes the channels and the company of one there is.
    private func row(_ number: Int, _ name: String, channels: UInt32) -> ImportRow {
        var customer = Customer()
        (customer.name, customer.currency, customer.channels, customer.company) = (name, "EUR", channels, "Ø")
        let fields = [ChangedField.name, .channels, .company].reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) }
        return ImportRow(number: number, customer: customer, fields: fields)
    }

    /// An import as it is written: parts of rows, some of which say nothing, begun again after some of them, and its
    /// end. Whatever was given up has no effect, here and where the journal is read.
    @Test(arguments: [[0], [0, 0], [0, 1], [0, 1, 0], [0, 1, 2]])
    func aReplayIsTheSameState(parts: [UInt32]) throws {
        // For each part: nothing to do, a customer, a change, both.
        for number in 0..<(1 << (2 * parts.count)) {
            let (first, second) = (engine(), engine())
            var journal: [[UInt8]] = []
            for (place, part) in parts.enumerated() {
                if part == 0 { first.forgetImport(key.bytes) }
                let what = number >> (2 * place) & 3
                // A customer that stays as it is, and may be named once in a file.
                var rows = [row(1, "Customer \(place + 4)", channels: 5)]
                rows[0].customer.company = ""
                if what & 1 != 0 { rows.append(row(2, "New \(place)", channels: 9)) }
                if what & 2 != 0 { rows.append(row(3, "Customer \(place + 1)", channels: UInt32(place) + 20)) }
                let (errors, record) = try ImportPartRecord.take(rows, part: part, key: key, by: first, now: now)
                #expect(errors == [])
                #expect(record.saysSomething == (part == 0 || what != 0), "part \(part), \(what)")
                if record.saysSomething { journal.append(record.payload) }
            }
            let prepared = try first.prepareImport(key.bytes, who: "zoë", file: "f.csv", now: now + 1)
            #expect(prepared.errorCount == 0 && prepared.matched >= 1)
            if prepared.isEmpty { continue }
            let end = ImportCommitRecord(prepared).payload
            _ = first.commit(prepared, idempotencyKey: key.bytes)
            for payload in journal {
                let part = try readRecord(payload, as: ImportPartRecord.self)
                #expect(part.payload == payload)
                try part.replay(second, key: key)
            }
            let commit = try readRecord(end, as: ImportCommitRecord.self)
            #expect(commit.payload == end && commit.matched == prepared.matched && commit.header.who == "zoë")
            #expect(throws: Never.self, "\(parts), \(number)") { try commit.replay(second, key: key) }
            #expect(second.customers(after: 0, limit: 99) == first.customers(after: 0, limit: 99), "\(number)")
            #expect(second.snapshot().stateHash() == first.snapshot().stateHash(), "\(number)")
            #expect(second.history(before: 0, limit: 9) == first.history(before: 0, limit: 9), "\(number)")
        }
    }

    /// Cut at any byte, and with a byte more, a part is refused; so is a customer that cannot be.
    @Test func otherBytesAreRefused() throws {
        let engine = engine()
        let rows = [row(1, "New", channels: 9), row(2, "Customer 2", channels: 9)]
        let (_, record) = try ImportPartRecord.take(rows, key: key, by: engine, now: now)
        #expect(record.created.count == 1 && record.updates.count == 1)
        let payload = record.payload
        for end in payload.indices {
            #expect(throws: RecordFault.self, "\(end)") {
                try readRecord(Array(payload[..<end]), as: ImportPartRecord.self)
            }
        }
        #expect(throws: RecordFault.self) { try readRecord(payload + [0], as: ImportPartRecord.self) }
        var customer = Customer()
        customer.name = "A"
        for row in [0, UInt32(BoardLimits.customers) - 1, UInt32(BoardLimits.customers), .max] {
            let update = ImportUpdate(row: row, fields: 2, customer: customer)
            let bytes = ImportPartRecord(number: 1, created: [], updates: [update]).payload
            guard row < UInt32(BoardLimits.customers) else {
                #expect(throws: RecordFault.self, "\(row)") { try readRecord(bytes, as: ImportPartRecord.self) }
                continue
            }
            let part = try readRecord(bytes, as: ImportPartRecord.self)
            #expect(Array(part.updates) == [update])
        }
        let nameless = ImportPartRecord(number: 0, created: [Customer()], updates: []).payload
        #expect(throws: RecordFault.self) { try readRecord(nameless, as: ImportPartRecord.self) }
    }

    /// Each field of a document by itself, and an engine that reads it.
    @Test func documentsComeBack() throws {
        for kind in [Document.Kind.layout, .importTemplate, .settings] {
            for isShared in [false, true] {
                for isDeleted in [false, true] {
                    var document = Document(kind, "Größe")
                    (document.version, document.owner, document.isShared) = (3, "zoë", isShared)
                    (document.savedAtMicros, document.contents) = (-77, isDeleted ? [] : [0, 1, 255])
                    let record = DocumentRecord(document, isDeleted: isDeleted)
                    let payload = record.payload
                    let found = try readRecord(payload, as: DocumentRecord.self)
                    #expect(found == record)
                    for end in payload.indices {
                        #expect(throws: RecordFault.self) {
                            try readRecord(Array(payload[..<end]), as: DocumentRecord.self)
                        }
                    }
                    #expect(throws: RecordFault.self) { try readRecord(payload + [0], as: DocumentRecord.self) }
                    #expect(throws: RecordFault.self) {
                        try readRecord([9] + payload.dropFirst(), as: DocumentRecord.self)
                    }
                    // Settings have contents of their own.
                    if kind == .settings { continue }
                    let engine = engine()
                    found.replay(engine, key: key)
                    // It is the first version there.
                    document.version = 1
                    #expect(engine.document(kind, "größe") == (isDeleted ? nil : document))
                }
            }
        }
    }
}
