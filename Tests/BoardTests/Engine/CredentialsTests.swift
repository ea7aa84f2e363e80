// Whose a call is that comes from an address without a customer: its user's with credentials that the switch accepts,
// no customer's without.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CredentialsTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let stranger = IPAddress("203.0.113.66")

    private static func engine(addresses: [String] = []) -> Engine {
        makeEngine(customers: 1, now: start) { $0.auth = [.sip("alice")] + addresses.map { .ip($0) } }
    }

    private static func party(_ user: String?, _ proof: UserProof, _ source: IPAddress? = stranger) -> Party {
        Party(source: source, sipUser: user, hasCredentials: proof == .credentials, userProof: proof)
    }

    @discardableResult
    private static func send(
        _ engine: Engine, _ kind: CallEventKind, _ seconds: Int64, _ sequence: UInt32 = 1, code: UInt16 = 0,
        q850: UInt8 = 0, _ party: Party? = nil, key: UInt64 = 9
    ) -> IngestSummary {
        var batch = CallEventBatch()
        if let party { batch.parties = [party] }
        let micros = start + seconds * 1_000_000
        batch.append(
            kind, key: CallKey(high: 1, low: key), timeMicros: micros, party: party == nil ? CallEventBatch.noParty : 0,
            sequence: sequence, code: code, q850: q850)
        return engine.ingest(batch, now: micros)
    }

    private static func check(
        _ engine: Engine, at seconds: Int64, _ expected: [String: Double], unattributed: Int64,
        _ comment: Comment? = nil
    ) throws {
        let now = start + seconds * 1_000_000
        for (name, value) in expected {
            #expect(try engine.value(name, .all, now: now) ?? 0 == value, "\(name), \(comment ?? "")")
        }
        let status = engine.status(now: now)
        #expect(status.unattributed == unattributed, comment)
        let sources = unattributed == 0 ? [] : [unattributed]
        #expect(status.unattributedSources.map(\.attempts) == sources, comment)
        #expect(status.activeCalls == Int(expected["active"] ?? 0), comment)
    }

    @Test func fromAloneProvesNothing() throws {
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .claimed))
        try Self.check(engine, at: 0, ["bids": 0], unattributed: 1)
        Self.send(engine, .answer, 3, code: 200)
        try Self.check(engine, at: 3, ["bids": 0, "answered": 0, "active": 0], unattributed: 1, "let through unasked")
        let owned = Self.engine(addresses: ["203.0.113.0/24"])
        Self.send(owned, .setup, 0, 1, Self.party("mallory", .claimed))
        try Self.check(owned, at: 0, ["bids": 1, "active": 1], unattributed: 0, "an address proves it")
    }

    /// The cycle of a challenge is one attempt, which is no customer's at first.
    @Test func theFollowUpBringsTheAttempt() throws {
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .claimed))
        Self.send(engine, .failure, 1, 1, code: 407)
        try Self.check(engine, at: 1, ["bids": 0], unattributed: 1)
        let second = Self.send(engine, .setup, 2, 2, Self.party("alice", .credentials))
        #expect(second.calls == 1 && second.unattributed == -1)
        try Self.check(engine, at: 2, ["bids": 1, "active": 1, "failed": 0], unattributed: 0)
        Self.send(engine, .ring, 4, 2)
        Self.send(engine, .answer, 9, 2, code: 200)
        Self.send(engine, .end, 69)
        try Self.check(
            engine, at: 69,
            ["bids": 1, "answered": 1, "talk": 60, "pdd": 4_000, "active": 0, "cps_peak": 1], unattributed: 0)
    }

    /// Wrong credentials are taken back wholly, and count again when the right ones come.
    @Test(arguments: [401, 403, 407] as [UInt16]) func refusedCredentials(code: UInt16) throws {
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
        try Self.check(engine, at: 0, ["bids": 1, "active": 1, "last_call": 0], unattributed: 0)
        let refused = Self.send(engine, .failure, 1, 1, code: code)
        #expect(refused.calls == -1 && refused.unattributed == 1)
        try Self.check(
            engine, at: 1, ["bids": 0, "active": 0, "failed": 0, "cps_peak": 0, "last_call": 0], unattributed: 1)
        #expect(engine.liveCalls(customerID: 0, limit: 9, now: Self.start).total == 0)
        Self.send(engine, .setup, 2, 2, Self.party("alice", .credentials))
        try Self.check(engine, at: 2, ["bids": 1, "active": 1], unattributed: 0)
        Self.send(engine, .failure, 3, 2, code: 486)
        try Self.check(
            engine, at: 3, ["bids": 1, "failed": 1, "active": 0, "last_call": Double(Self.start)], unattributed: 0)
    }

    @Test func whatTheSwitchLetThrough() throws {
        for (what, then) in [(CallEventKind.ring, 403), (.progress, 403), (.answer, 0)] {
            let engine = Self.engine()
            Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
            Self.send(engine, what, 1)
            if then != 0 { Self.send(engine, .failure, 2, 1, code: UInt16(then)) }
            try Self.check(engine, at: 2, ["bids": 1, "active": then == 0 ? 1 : 0], unattributed: 0, "\(what)")
        }
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
        Self.send(engine, .failure, 1, 1, code: 403, q850: 21)
        try Self.check(engine, at: 1, ["bids": 1, "failed": 1], unattributed: 0, "a network forbade it")
        let known = Self.engine()
        Self.send(known, .setup, 0, 1, Self.party("alice", .told))
        Self.send(known, .failure, 1, 1, code: 401)
        try Self.check(known, at: 1, ["bids": 1, "failed": 1], unattributed: 0, "a wrong password of its own")
    }

    /// An INVITE from an address of the customer in the same attempt.
    @Test func anAddressStandsWhateverBecomesOfTheCredentials() throws {
        let engine = Self.engine(addresses: ["10.9.9.9"])
        Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
        Self.send(engine, .setup, 1, 2, Self.party("x", .claimed, IPAddress("10.9.9.9")))
        Self.send(engine, .failure, 2, 2, code: 403)
        try Self.check(engine, at: 2, ["bids": 1, "failed": 1], unattributed: 0)
    }

    @Test func guessedUsersThatThereAreNot() throws {
        let engine = Self.engine()
        for number in 0..<5 {
            Self.send(engine, .setup, 0, 1, Self.party("u\(number)", .credentials), key: UInt64(20 + number))
        }
        try Self.check(engine, at: 0, ["bids": 0], unattributed: 5)
    }

    /// Silence closes what the switch never answered; a late answer brings it back, a late refusal takes it away.
    @Test func silentCalls() throws {
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
        engine.advance(now: Self.start + 40_000_000)
        try Self.check(engine, at: 40, ["bids": 1, "failed": 1, "active": 0], unattributed: 0)
        #expect(engine.status(now: Self.start + 40_000_000).noResponse == 1)
        Self.send(engine, .failure, 41, 1, code: 401)
        try Self.check(engine, at: 41, ["bids": 0, "failed": 0], unattributed: 1)
        #expect(engine.status(now: Self.start + 41_000_000).noResponse == 0)
    }

    @Test func itOutlivesARestart() throws {
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
        let after = try Self.restarted(engine, now: Self.start + 500_000)
        try Self.check(after, at: 1, ["bids": 1, "active": 1], unattributed: 0)
        Self.send(after, .failure, 1, 1, code: 401)
        try Self.check(after, at: 1, ["bids": 0, "active": 0], unattributed: 1)
        let again = try Self.restarted(after, now: Self.start + 1_500_000)
        Self.send(again, .setup, 2, 2, Self.party("alice", .credentials))
        try Self.check(again, at: 2, ["bids": 1, "active": 1], unattributed: 0)
    }

    private static func restarted(_ engine: Engine, now: Int64) throws -> Engine {
        let statistics = engine.statistics(now: now)
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(statistics.tables())
        return after
    }

    @Test func claimsOfNobodyAreRefused() throws {
        let engine = Self.engine()
        Self.send(engine, .setup, 0, 1, Self.party("alice", .credentials))
        let tables = try #require(engine.statistics(now: Self.start).tables() as [SavedTable]?)
        for (column, value) in [(0, Int64(7)), (1, 9), (2, 9)] {
            let after = Engine(configuration: engine.configuration)
            try after.restore(engine.snapshot().tables())
            let broken = try tables.map { table -> SavedTable in
                guard table.name == "callClaims" else { return table }
                var numbers = try table.numbers()
                numbers[column][0] = value
                return SavedTable(
                    id: table.id, name: table.name, numbers: numbers.enumerated().map { ("\($0.offset)", $0.element) })
            }
            #expect(throws: RestoreError.self) { try after.restoreStatistics(broken) }
        }
    }
}

// MARK: - Against the naive board

@Suite struct CredentialsPropertyTests {
    /// How the INVITEs of a call name their sender.
    private enum Manner: CaseIterable { case address, from, credentials, followUp }

    private static func manner(_ key: UInt64, _ seed: UInt64) -> Manner {
        Manner.allCases[Int((key &* 0x9E37_79B9_7F4A_7C15 ^ seed) >> 17) & 3]
    }

    private static func hasCredentials(_ event: NaiveBoard.Heard, _ seed: UInt64) -> Bool {
        switch manner(event.key, seed) {
        case .address, .from: false
        case .credentials: true
        case .followUp: event.sequence > 1
        }
    }

    private static func batch(_ event: NaiveBoard.Heard, _ seed: UInt64) -> CallEventBatch {
        var batch = CallEventBatch()
        let isAddress = manner(event.key, seed) == .address
        let proof: UserProof = hasCredentials(event, seed) ? .credentials : .claimed
        batch.parties = [
            Party(
                source: isAddress ? IPAddress(v4: 0x0A00_0000 | UInt32(event.customer)) : IPAddress("203.0.113.1"),
                sipUser: "user\(event.customer)", hasCredentials: proof == .credentials, userProof: proof)
        ]
        batch.append(
            event.kind, key: CallKey(high: 1, low: event.key), timeMicros: event.micros,
            party: event.kind == .setup ? 0 : CallEventBatch.noParty, sequence: event.sequence, code: event.code)
        return batch
    }

    /// Whose each call is by all that was heard of it; 0: no customer's.
    private static func attributed(_ heard: [NaiveBoard.Heard], _ seed: UInt64) -> [UInt64: Int] {
        Dictionary(grouping: heard, by: \.key).mapValues { events in
            let invites = events.filter { $0.kind == .setup }
            guard let first = invites.first else { return -1 }
            if manner(first.key, seed) == .address { return first.customer }
            guard invites.contains(where: { hasCredentials($0, seed) }) else { return 0 }
            if events.contains(where: { $0.kind == .ring || $0.kind == .answer }) { return first.customer }
            let last = invites.map(\.sequence).max() ?? 0
            let top = events.filter { $0.kind == .failure }.map(\.sequence).max() ?? 0
            let failure = events.filter { $0.kind == .failure && $0.sequence == top }.min { $0.micros < $1.micros }
            guard let failure, top >= last else { return first.customer }
            return [401, 403, 407].contains(failure.code) ? 0 : first.customer
        }
    }

    @Test(arguments: Seeds.fixed(1, 2, 3)) func sameFiguresAsTheNaiveBoard(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start: Int64 = 1_750_000_000_000_000
        var engine = makeEngine(customers: 3, now: start) { customer in
            customer.auth.append(.sip("user\(customer.name.dropFirst())"))
        }
        var heard: [NaiveBoard.Heard] = []
        var deliveries = RandomCalls.deliveries(count: 150, customers: 3, from: start, using: &random)
        for index in deliveries.indices where deliveries[index].code == 404 { deliveries[index].code = 403 }
        var (now, restarts, refused) = (start, 0, 0)
        while !deliveries.isEmpty {
            now = RandomCalls.nextInstant(after: now, using: &random)
            let due = deliveries.prefix { $0.arrival <= now }
            deliveries.removeFirst(due.count)
            for event in due {
                heard.append(event)
                _ = engine.ingest(Self.batch(event, seed), now: event.arrival)
            }
            if Int.random(in: 0..<20, using: &random) == 0 {
                let statistics = engine.statistics(now: now)
                let after = Engine(configuration: engine.configuration)
                try after.restore(engine.snapshot().tables())
                try after.restoreStatistics(statistics.tables())
                (engine, restarts) = (after, restarts + 1)
            }
            guard !due.isEmpty else { continue }
            let owners = Self.attributed(heard, seed)
            var naive = NaiveBoard()
            naive.heard = heard.map { event in
                var event = event
                event.customer = owners[event.key] ?? 0
                return event
            }
            try compare(engine, naive, now: now, "seed \(seed), \(now - start) us after the start")
            let nobodys = owners.values.count { $0 == 0 }
            let status = engine.status(now: now)
            #expect(status.unattributed == Int64(nobodys), "seed \(seed)")
            #expect(status.unattributedSources.map(\.attempts) == (nobodys == 0 ? [] : [Int64(nobodys)]))
            refused = max(refused, nobodys)
        }
        #expect(restarts > 3 && refused > 20, "seed \(seed)")
    }

    private func compare(_ engine: Engine, _ naive: NaiveBoard, now: Int64, _ comment: String) throws {
        for window in [Window.oneMinute, .fiveMinutes, .oneHour, .all] {
            var query = BoardQuery()
            query.window = window
            query.columns = [
                "bids", "attempts", "answered", "failed", "acd_attempts_n", "acd_n", "pdd_n", "active", "cps_peak",
                "cps",
            ]
            let answer = try engine.board(query, now: now)
            for customer in 1...3 {
                let row = answer.columns.map { column -> Int in
                    guard case .integers(let values) = column.values else { return -1 }
                    return Int(values[customer - 1])
                }
                let expected = naive.figures(customer: customer, window: window, now: now)
                let figures = [
                    expected.bids, expected.attempts, expected.answered, expected.failed, expected.ended,
                    expected.talked, expected.pddCount, expected.active, expected.cpsPeak, expected.cps,
                ]
                #expect(row == figures, "\(comment), customer \(customer), window \(window.name)")
            }
        }
    }
}
