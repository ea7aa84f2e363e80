// A restart while calls of every kind are under way: all that is known of each comes back, and what follows counts as
// if nothing had happened.

import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct CallSavingTests {
    private static let start: Int64 = 1_750_000_000_000_000

    @Test func allThatIsKnownComesBack() throws {
        var met: [String: Int] = [:]
        for seed in Seeds.fixed(1, 2, 3) { try follow(seed: seed, &met) }
        // Generators that never come to something test nothing of it.
        for what in KnownState.kinds { #expect(met[what, default: 0] > 0, "\(what)") }
    }

    private func follow(seed: UInt64, _ met: inout [String: Int]) throws {
        var traffic = CallTraffic(seed: seed, now: Self.start)
        let engine = try CallTraffic.engine(now: Self.start)
        var restored = try engine.restarted(engine.configuration)
        for step in 0..<300 {
            let told = traffic.next()
            let (one, other) = (told.feed(engine), told.feed(restored))
            #expect(one == other, "step \(step), seed \(seed)")
            guard step % 5 == 0 else { continue }
            let (before, after) = (KnownState(engine), KnownState(restored))
            before.check(after, "step \(step), seed \(seed)")
            for (what, count) in before.met { met[what, default: 0] += count }
            restored = try restored.restarted(engine.configuration)
            before.check(KnownState(restored), "step \(step), restarted, seed \(seed)")
        }
    }
}

/// Events and records of a few calls that meet in every way.
struct CallTraffic {
    private var random: SeededGenerator
    private(set) var now: Int64

    init(seed: UInt64, now: Int64) {
        random = SeededGenerator(seed: seed)
        self.now = now
    }

    enum Told {
        case events(CallEventBatch, now: Int64)
        case rows([CostRow], isCostsOnly: Bool, now: Int64)

        func feed(_ engine: Engine) -> IngestSummary {
            switch self {
            case .events(let batch, let now): engine.ingest(batch, now: now)
            case .rows(let rows, let isCostsOnly, let now): engine.feed(rows, isCostsOnly: isCostsOnly, now: now)
            }
        }
    }

    /// Customers 1 and 2 with an address, 2 with a trunk, too, and 3 with a user.
    static func engine(now: Int64) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.switches = [Inbound.switchHost]
        let engine = Engine(configuration: configuration)
        let trunk = try AuthEntry(listed: "to:10.1.0.2")
        let entries: [[AuthEntry]] = [[.ip("10.0.0.1")], [.ip("10.0.0.2"), trunk], [.sip("alice")]]
        let drafts = entries.enumerated().map { index, entries in
            var customer = Customer()
            (customer.name, customer.currency, customer.auth) = ("C\(index + 1)", "USD", entries)
            return customer
        }
        #expect(engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now).errors.isEmpty)
        engine.beginListening(now: now)
        return engine
    }

    private static let parties: [Party] = {
        let (stranger, carrier) = (IPAddress(v4: 0xCB00_7109), IPAddress(v4: 0xC633_6401))
        func customer(_ number: UInt32) -> IPAddress { IPAddress(v4: 0x0A00_0000 | number) }
        return [
            Party(source: customer(1), destination: Inbound.switchHost),
            Party(source: customer(2), destination: Inbound.switchHost),
            Party(
                source: stranger, destination: Inbound.switchHost, sipUser: "alice", hasCredentials: true,
                userProof: .credentials),
            Party(source: stranger, destination: Inbound.switchHost, sipUser: "alice", userProof: .claimed),
            Party(source: Inbound.switchHost, destination: Inbound.trunk(2)),
            Party(source: Inbound.switchHost, destination: carrier),
            Party(source: carrier, destination: IPAddress(v4: 0xC633_6402)),
            Party(source: IPAddress(v4: 0xC000_0201), destination: Inbound.switchHost),
        ]
    }()

    mutating func next() -> Told {
        now +=
            [100_000, 2_000_000, 2_000_000, 20_000_000, 70_000_000, 200_000_000, 700_000_000]
            .randomElement(using: &random) ?? 1
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6: return .events(messages(), now: now)
        case 6..<8: return .events(programEvents(), now: now)
        default: return rows()
        }
    }

    /// SIP messages: with transactions and dialogs, some of them late, or of a call whose key is used again.
    private mutating func messages() -> CallEventBatch {
        var batch = CallEventBatch()
        batch.parties = PartyList(Self.parties)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let call = UInt64.random(in: 1...6, using: &random)
            let key = CallKey(high: 1, low: call)
            let branch = 10 * call + UInt64.random(in: 1...3, using: &random)
            let dialog = CallKey(high: 5, low: 10 * call + UInt64.random(in: 1...2, using: &random))
            let micros = now - Int64.random(in: 0...3_000_000, using: &random)
            let kinds: [CallEventKind] = [
                .setup, .setup, .setup, .ring, .progress, .answer, .answer, .failure, .failure, .end, .refresh,
            ]
            let kind = kinds.randomElement(using: &random) ?? .setup
            var sequence = UInt32.random(in: 1...2, using: &random)
            if kind == .refresh {
                sequence = [90, 1_800, 0, CallEventBatch.refreshAsked].randomElement(using: &random) ?? 0
            }
            let isOfDialog = kind == .end || kind == .refresh
            batch.append(
                kind, key: isOfDialog ? dialog : key, timeMicros: micros,
                party: kind == .setup ? UInt32.random(in: 0..<UInt32(Self.parties.count), using: &random) : .max,
                sequence: sequence,
                code: kind == .failure ? [302, 401, 407, 486, 503, 1].randomElement(using: &random) ?? 486 : 200,
                q850: [0, 16, 17].randomElement(using: &random) ?? 0,
                relayed: kind == .setup && Int.random(in: 0..<9, using: &random) == 0)
            let sibling = CallKey(high: 1, low: UInt64.random(in: 1...6, using: &random))
            let isSibling = kind == .setup && Int.random(in: 0..<4, using: &random) == 0
            batch.append(
                transaction: CallTransaction(
                    branch: isOfDialog ? 0 : branch,
                    dialog: isOfDialog || kind == .answer ? dialog : isSibling && sibling != key ? sibling : .none))
            if Bool.random(using: &random) { describeLast(&batch, "c\(call)", fromTag: UInt32(call)) }
        }
        return batch
    }

    /// Events of a program's own keys, and accounting rows of the calls that messages tell of.
    private mutating func programEvents() -> CallEventBatch {
        var batch = CallEventBatch()
        batch.parties = PartyList(Self.parties)
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let call = UInt64.random(in: 1...6, using: &random)
            let isAccount = Int.random(in: 0..<3, using: &random) == 0
            let kinds: [CallEventKind] = [isAccount ? .setupUntimed : .setup, .ring, .answer, .failure, .end]
            let kind = kinds.randomElement(using: &random) ?? .setup
            batch.append(
                kind, key: CallKey(high: isAccount ? 3 : 2, low: call),
                timeMicros: now - Int64.random(in: 0...9_000_000, using: &random),
                party: UInt32.random(in: 0..<2, using: &random), sequence: 1, code: kind == .failure ? 486 : 200)
            if Bool.random(using: &random) { describeLast(&batch, isAccount ? "c\(call)" : "p\(call)", fromTag: 0) }
        }
        return batch
    }

    private mutating func describeLast(_ batch: inout CallEventBatch, _ callID: String, fromTag: UInt32) {
        let details = CallDetails(
            callID: callID, calling: "1555", called: Bool.random(using: &random) ? "4930" : "",
            reason: batch.kind.last == .failure ? "Busy Here" : "", fromTag: fromTag)
        batch.describeLast(batch.details.append(details))
    }

    private mutating func rows() -> Told {
        var rows: [CostRow] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let call = Int.random(in: 1...6, using: &random)
            var row = CostRow(
                UInt64.random(in: 0...9, using: &random), customer: Int.random(in: 0...3, using: &random), cost: nil)
            if Bool.random(using: &random) { row.cost = [0, 5, 7].randomElement(using: &random) }
            row.callID = ["", "c\(call)", "p\(call)"].randomElement(using: &random) ?? ""
            row.setupMicros = now - Int64.random(in: 63...90, using: &random) * 1_000_000
            row.isAnswered = Bool.random(using: &random)
            rows.append(row)
        }
        return .rows(rows, isCostsOnly: Bool.random(using: &random), now: now)
    }
}

/// All that an engine knows of calls, as text by what it is of.
struct KnownState {
    /// What a test of this has to come to.
    static let kinds = [
        "claims", "sessions", "branches", "retired", "dialogs", "details", "inbound", "accounts", "told", "setbacks",
        "costs alone", "next hops",
    ]

    private(set) var met: [String: Int] = [:]
    private var known: [String: String] = [:]

    init(_ engine: Engine) {
        let calls = engine.state.calls
        for number in calls.numbers {
            var call = calls[number]
            let trace = calls.trace(number)
            // Calls given up in one second come in any order, and so do their numbers.
            let finished = engine.state.recent.call(call.recentNumber).map { "\($0.call.shown) \($0.costMicros ?? -1)" }
            call.recentNumber = 0
            let dialogs = calls.dialogs.dialogs(first: trace.firstDialog)
            let details = engine.state.details.details(number)
            known["call \(call.key.high) \(call.key.low)"] =
                "\(call) \(String(describing: calls.claim(number))) \(String(describing: calls.session(number))) "
                + "\(trace.isRetired) \(dialogs) \(details) \(calls.line(number).pointee.deadlineSecond) "
                + (finished ?? "live")
            let isThere = [
                calls.claim(number) != nil, calls.session(number) != nil, !call.branches.isEmpty, trace.isRetired,
                !dialogs.isEmpty, !details.isEmpty, call.isInbound, call.isAccount, call.isTold,
                calls.line(number).pointee.hasSetback,
            ]
            for (what, isThere) in zip(Self.kinds, isThere) where isThere { met[what, default: 0] += 1 }
        }
        var finished: [String] = []
        engine.state.recent.forEachOldest { chunk, index in
            let call = chunk.call(index, engine.state.outcomeCodes)
            finished.append(
                "\(call.customer) \(call.shown) \(call.sources) \(chunk.details(index)) "
                    + "\(String(describing: chunk.toldCost(index)))")
            if call.isCostOnly { met["costs alone", default: 0] += 1 }
        }
        known["finished"] = finished.sorted().joined(separator: "\n")
        met["next hops"] = engine.state.nextHops.count
        let hosts = [engine.state.switches, engine.state.nextHops].map { $0.map(\.description).sorted() }
        known["hosts"] = "\(hosts)"
        known["sources"] = "\(engine.state.unattributed.top(100)) \(engine.state.unattributed.total)"
        known["indices"] = "\(engine.state.takesCostsOnly) \(engine.state.callIDs.isWanted)"
        let state = engine.state
        known["counts"] = "\([Int64(state.activeCalls), state.timedOut, state.noResponse, state.late, state.future])"
        let customers = engine.state.customers
        for row in 0..<customers.count {
            known["customer \(row)"] =
                "\(customers.active[row]) \(customers.inboundActive[row]) \(customers.lastCallMicros[row])"
        }
    }

    func check(_ other: KnownState, _ comment: String) {
        for key in Set(known.keys).union(other.known.keys).sorted() where known[key] != other.known[key] {
            Issue.record("\(comment): \(key)\n\(known[key] ?? "nothing")\n\(other.known[key] ?? "nothing")")
        }
    }
}
