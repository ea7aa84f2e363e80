// A board of invented customers and calls, and the same in a table of SQLite: one row per customer, with its fields as
// they were given and the raw counters and sums of every window. What is worked out of them, SQLite works out by
// itself.

import CallEvents
import Randomness

@testable import Board

struct SampleBoard {
    var state: EngineState
    let now: Int64
    let database: SQLiteDatabase
    private(set) var customers: [Customer]
    /// Rows of those who were deleted.
    private(set) var deleted: Set<Int> = []

    static let start: Int64 = 1_750_000_000_000_000
    static let tags = ["vip", "eu", "trial", "wholesale"]
    static let countries = ["", "DE", "US", "FR", "GB"]
    static let currencies = ["USD", "EUR", "GBP"]
    static let managers = ["", "Ada", "Grace"]
    /// Parts of names, and what they are without case and accents.
    static let words = [
        ("Voice", "voice"), ("Zürich", "zurich"), ("Łódź", "lodz"), ("Straße", "strasse"), ("TELE", "tele"),
        ("a_b", "a_b"), ("100%", "100%"), ("Ærø", "aero"), ("net", "net"),
    ]

    init(customers count: Int, calls: Int, using generator: inout SeededGenerator) throws {
        state = EngineState(configuration: EngineConfiguration())
        // What traffic and credit raise is tested where it is made.
        for kind in WarningKind.measured {
            var threshold = kind.standard
            threshold.isOn = false
            state.warnings.thresholds[kind] = threshold
        }
        var drafts = (0..<count).map { SampleBoard.customer($0, using: &generator) }
        // Created a quarter at a time, an hour apart.
        let quarter = count / 4 + 1
        for (part, first) in stride(from: 0, to: count, by: quarter).enumerated() {
            let created = SampleBoard.start - Int64(4 - part) * 3_600_000_000
            let range = first..<min(first + quarter, count)
            _ = state.createCustomers(
                Array(drafts[range]), dryRun: false, idempotencyKey: [], now: created)
            for index in range {
                (drafts[index].createdAtMicros, drafts[index].updatedAtMicros) = (created, created)
                drafts[index].version = 1
            }
        }
        now = SampleBoard.start + 600_000_000
        SampleBoard.ingestRecords(calls, customers: count, into: &state, now: now, using: &generator)
        SampleBoard.ingestEvents(calls / 4, customers: count, into: &state, now: now, using: &generator)
        self.customers = drafts
        database = try SQLiteDatabase()
        try export()
    }

    // MARK: Changes

    /// Edits some customers, and deletes or brings back a few: in the board and, the obvious way, in the list; then in
    /// SQLite.
    mutating func change(using generator: inout SeededGenerator) throws {
        for _ in 0..<6 {
            let rows = customers.indices.filter {
                !deleted.contains($0) && Int.random(in: 0..<20, using: &generator) == 0
            }
            var edited = customers
            var edit = CustomerEdit()
            edit.selection = .ids(rows.map { UInt32($0) + 1 })
            let other = SampleBoard.customer(Int.random(in: 0..<99, using: &generator), using: &generator)
            edit.fields = [.status, .credit, .channels, .country, .company, .tags, .routes, .portalAccess].filter { _ in
                Bool.random(using: &generator)
            }
            edit.values = other
            if edit.fields.isEmpty || rows.isEmpty { continue }
            for row in rows {
                for field in edit.fields {
                    if field.isNumber {
                        edited[row].set(field, to: other.number(field))
                    } else {
                        edited[row].set(field, to: other.value(field))
                    }
                }
                guard edited[row] != customers[row] else { continue }
                edited[row].version += 1
                edited[row].updatedAtMicros = now
            }
            _ = state.commit(try state.prepare(edit, now: now), idempotencyKey: [])
            customers = edited
        }
        for _ in 0..<4 {
            let row = Int.random(in: 0..<customers.count, using: &generator)
            let id = UInt32(row) + 1
            let prepared =
                deleted.contains(row)
                ? try state.prepareUndo(customerID: id, number: 0, who: "", now: now)
                : try state.prepareDelete(.ids([id]), expectedVersion: 0, who: "", now: now)
            _ = state.commit(prepared, idempotencyKey: [])
            if deleted.remove(row) == nil { deleted.insert(row) }
            customers[row].version += 1
            customers[row].updatedAtMicros = now
        }
        try database.rows("DROP TABLE board")
        try export()
    }

    // MARK: Customers

    private static func customer(_ index: Int, using generator: inout SeededGenerator) -> Customer {
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        var customer = Customer()
        customer.name = "\(pick(words).0) \(pick(words).0) \(index)"
        customer.currency = pick(currencies)
        customer.status = pick(CustomerStatus.allCases + [.active, .active, .active])
        // Often the same, so that sorts have ties.
        customer.creditMicros = Int64.random(in: -20...20, using: &generator) * pick([1, 250_000, 10_000_000])
        customer.debitLimitMicros = pick([0, 0, 5_000_000, 123_456_789])
        customer.channels = UInt32(pick([0, 0, 1, 10, 30, 120]))
        customer.flowSpeed = UInt32(pick([0, 5, 50]))
        customer.portalAccess = Bool.random(using: &generator)
        customer.country = pick(countries)
        customer.company = pick([""] + words.map { $0.0 + " Ltd" })
        customer.accountManager = pick(managers)
        customer.shortCallSeconds = UInt32(pick([0, 3, 10]))
        customer.tags = tags.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
        if Int.random(in: 0..<5, using: &generator) > 0 {
            customer.auth = [.ip("10.\(index / 250).\(index % 250).1")]
        }
        customer.routes = pick([[], [Route(name: "A")], [Route(name: "B", enabled: false)]])
        if Bool.random(using: &generator) {
            customer.contacts = [Contact(name: "Noël \(index)", email: "noc\(index)@example.net")]
        }
        return customer
    }

    private static func party(_ index: Int) -> Party {
        Party(source: IPAddress(v4: 0x0A00_0001 | UInt32(index / 250) << 16 | UInt32(index % 250) << 8))
    }

    // MARK: Calls

    private static func ingestRecords(
        _ count: Int, customers: Int, into state: inout EngineState, now: Int64,
        using generator: inout SeededGenerator
    ) {
        var batch = CallRecordBatch()
        batch.parties = PartyList((0..<customers).map(party))
        for number in 0..<count {
            // The first customers have most of the calls, some have none.
            let reach = Int.random(in: 1...customers, using: &generator)
            batch.party.append(UInt32(Int.random(in: 0..<reach, using: &generator)))
            let past: Int64 = [50, 280, 880, 3_500, 80_000].randomElement(using: &generator) ?? 50
            let setup = now - Int64.random(in: 0..<past, using: &generator) * 1_000_000 - 5_000_000
            batch.setupMicros.append(setup)
            let ring = UInt32.random(in: 50..<4_000, using: &generator)
            let isAnswered = Int.random(in: 0..<5, using: &generator) < 2
            batch.ringMilliseconds.append(Int.random(in: 0..<3, using: &generator) == 0 ? CallRecordBatch.never : ring)
            batch.answerMilliseconds.append(isAnswered ? ring + 500 : CallRecordBatch.never)
            batch.endMilliseconds.append(ring + 500 + UInt32.random(in: 0..<20_000, using: &generator))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            let failures: [UInt16] = [486, 480, 603, 487, 404, 503, 403, OutcomeTable.blockedCode]
            batch.code.append(isAnswered ? 200 : failures.randomElement(using: &generator) ?? 486)
            batch.q850.append(0)
            batch.costMicros.append(isAnswered ? Int64.random(in: 0..<3_000_000, using: &generator) : 0)
            batch.key.append(CallKey(high: 1, low: UInt64(number) + 1))
        }
        _ = state.ingest(batch, now: now)
    }

    /// Calls that go on.
    private static func ingestEvents(
        _ count: Int, customers: Int, into state: inout EngineState, now: Int64,
        using generator: inout SeededGenerator
    ) {
        var batch = CallEventBatch()
        batch.parties = PartyList((0..<customers).map(party))
        for number in 0..<count {
            let key = CallKey(high: 2, low: UInt64(number) + 1)
            let setup = now - Int64.random(in: 500_000..<20_000_000, using: &generator)
            let customer = UInt32(Int.random(in: 0..<customers / 2, using: &generator))
            batch.append(.setup, key: key, timeMicros: setup, party: customer, sequence: 1)
            if Bool.random(using: &generator) {
                batch.append(.answer, key: key, timeMicros: setup + 400_000, sequence: 1, code: 200)
            }
        }
        _ = state.ingest(batch, now: now)
    }
}
