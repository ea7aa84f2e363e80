// Customers told apart at one address, as carriers have them (Tests/Fixtures/reports, 22 and 23): calls made by hand,
// heard live and as records.

import CallEvents
import Testing

@testable import Board

@Suite struct CustomersAtOneAddressTests {
    private static let start: Int64 = 1_795_168_800_000_000
    private static let later = start + 600_000_000

    private static func engine(_ customers: KeyValuePairs<String, String>) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        let engine = Engine(configuration: configuration)
        let drafts = try customers.map { name, auth in
            var customer = Customer()
            (customer.name, customer.currency) = (name, "EUR")
            customer.auth = try ListText.entries(auth).map { try AuthEntry(listed: $0) }
            return customer
        }
        let created = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: start)
        #expect(created.errors.isEmpty, "\(created.errors)")
        return engine
    }

    private static func dialler() throws -> Engine {
        try engine([
            "Alpha Dialler": "ip:198.51.100.10&prefix:7101;ip:198.51.100.10;account:7101",
            "Beta Dialler": "ip:198.51.100.10&prefix:7102;account:7102",
            "Gamma Dialler": "ip:198.51.100.10&prefix:7103;account:7103",
        ])
    }

    /// Ten calls: four, four and two, of which three, one and none are answered.
    private static let dialled: [(called: String, isAnswered: Bool)] = [
        ("7101442079460100", true), ("7101442079460101", true), ("7101442079460102", true),
        ("7101442079460103", false), ("7102442079460104", true), ("7102442079460105", false),
        ("7102442079460106", false), ("7102442079460107", false), ("7103442079460108", false),
        ("7103442079460109", false),
    ]

    private static func party(_ called: String) -> Party {
        Party(
            source: IPAddress("198.51.100.10"), destination: IPAddress("192.0.2.1"),
            claims: PartyClaims(sourcePort: 5060, called: called))
    }

    private func expectDialler(_ engine: Engine, _ note: Comment) throws {
        let now = Self.later
        #expect(try engine.figures("attempts", .all, now: now) == [4, 4, 2], note)
        #expect(try engine.figures("answered", .all, now: now) == [3, 1, 0], note)
        #expect(try engine.value("asr", .all, customer: 1, now: now) == 75, note)
        #expect(try engine.value("asr", .all, customer: 2, now: now) == 25, note)
        #expect(try engine.value("asr", .all, customer: 3, now: now) == 0, note)
        #expect(try engine.value("acd", .all, customer: 2, now: now) == 60, note)
        #expect(engine.status(now: now).unattributed == 0, note)
        // The prefix is not part of the number.
        var query = FinishedCallsQuery()
        query.limit = 50
        let called = try engine.finishedCalls(query, now: now).answer().calls.map(\.details.called)
        #expect(called.sorted() == Self.dialled.map { String($0.called.dropFirst(4)) }.sorted(), note)
        let explained = try engine.explain(metric: "asr", customerID: 3, window: .all, now: now)
        #expect(explained?.recent.map(\.details.called).sorted() == ["442079460108", "442079460109"], note)
    }

    @Test func techPrefixesHeardLive() throws {
        let engine = try Self.dialler()
        for (number, call) in Self.dialled.enumerated() {
            let key = CallKey(high: 7, low: UInt64(number + 1))
            let micros = Self.start + Int64(number) * 10_000_000
            func observe(_ kind: CallEventKind, after seconds: Int64, code: UInt16 = 0, reason: String = "") {
                var batch = CallEventBatch()
                let isSetup = kind == .setup
                if isSetup { batch.parties = [Self.party(call.called)] }
                batch.append(
                    kind, key: key, timeMicros: micros + seconds * 1_000_000,
                    party: isSetup ? 0 : CallEventBatch.noParty, sequence: 1, code: code)
                if isSetup || !reason.isEmpty {
                    batch.describeLast(
                        batch.details.append(
                            CallDetails(callID: "tp\(number)", called: isSetup ? call.called : "", reason: reason)))
                }
                _ = engine.ingest(batch, now: Self.start)
            }
            observe(.setup, after: 0)
            let live = engine.liveCalls(customerID: 0, limit: 9, now: micros).calls.filter {
                $0.details.callID == "tp\(number)"
            }
            #expect(live.map(\.details.called) == [String(call.called.dropFirst(4))])
            // Told again, nothing changes.
            observe(.setup, after: 1)
            observe(.ring, after: 2)
            if call.isAnswered {
                observe(.answer, after: 6, code: 200)
                observe(.end, after: 66)
            } else {
                observe(.failure, after: 6, code: 486, reason: "Busy Here")
            }
        }
        try expectDialler(engine, "live")
    }

    @Test func techPrefixesOfRecords() throws {
        let engine = try Self.dialler()
        var batch = CallRecordBatch()
        for (number, call) in Self.dialled.enumerated() {
            batch.parties.append(Self.party(call.called))
            batch.party.append(UInt32(number))
            batch.setupMicros.append(Self.start + Int64(number) * 10_000_000)
            batch.ringMilliseconds.append(2_000)
            batch.answerMilliseconds.append(call.isAnswered ? 6_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(call.isAnswered ? 66_000 : 6_000)
            batch.talkMilliseconds.append(call.isAnswered ? 60_000 : CallRecordBatch.never)
            batch.code.append(call.isAnswered ? 200 : 486)
            batch.q850.append(0)
            // One row has nothing that finds it, and one is of another's call.
            batch.detail.append(batch.details.append(CallDetails(callID: "tp\(number)", called: call.called)))
        }
        _ = engine.ingest(batch, now: Self.later)
        try expectDialler(engine, "records")
    }

    /// A call that was no customer's until its second INVITE was told with its prefix before.
    @Test func aPrefixToldBeforeTheCustomerIsTakenOff() {
        let prefix = Array("99".utf8)
        func packed(_ called: String) -> [UInt8] {
            var list = CallDetailList()
            _ = list.append(CallDetails(callID: "a", calling: "1", called: called, reason: "r"))
            return list.bytes
        }
        func called(_ old: String, _ new: String) -> (String, String) {
            let both = EngineState.withoutPrefix(prefix, old: packed(old), new: packed(new))
            return (
                PackedCallDetails.read(both.old.span, 0..<both.old.count).called,
                PackedCallDetails.read(both.new.span, 0..<both.new.count).called
            )
        }
        #expect(called("994930", "994930") == ("4930", "4930"))
        #expect(called("4930", "994930") == ("4930", "4930"))
        // The number itself begins as the prefix does.
        #expect(called("994930", "99994930") == ("994930", "994930"))
        #expect(called("99", "99") == ("", ""))
        #expect(called("9", "9") == ("9", "9"))
    }

    @Test func customersBehindOneSBC() throws {
        let engine = try Self.engine([
            "By From Domain": "ip:198.51.100.20&domain:d1.example.net",
            "By Header": "ip:198.51.100.20&header:X-Customer=h1",
            "By Trunk Group": "tgrp:t1", "By Port": "ip:198.51.100.20:5074", "By Asserted Identity": "pai:15550107",
            "The SBC": "ip:198.51.100.20",
        ])
        let sbc = IPAddress("198.51.100.20")
        let parties = [
            Party(source: sbc, claims: PartyClaims(sourcePort: 5060, fromDomain: "d1.example.net")),
            Party(
                source: sbc,
                claims: PartyClaims(fromDomain: "198.51.100.20", headers: [.init(name: "x-customer", value: "h1")])),
            Party(source: sbc, claims: PartyClaims(sourcePort: 5060, trunkGroup: "t1")),
            Party(source: sbc, claims: PartyClaims(sourcePort: 5074)),
            Party(
                source: sbc, sipUser: "anonymous",
                claims: PartyClaims(sourcePort: 5060, assertedIdentities: ["15550107", "198.51.100.20"])),
        ]
        var batch = CallEventBatch()
        batch.parties = PartyList(parties)
        for number in 0..<10 {
            batch.append(
                .setup, key: CallKey(high: 8, low: UInt64(number + 1)), timeMicros: Self.start,
                party: UInt32(number / 2),
                sequence: 1)
        }
        _ = engine.ingest(batch, now: Self.start)
        #expect(try engine.figures("attempts", .all, now: Self.later) == [2, 2, 2, 2, 2, 0])
        #expect(engine.status(now: Self.later).unattributed == 0)
        #expect(engine.partyNeeds.claims == [.sourcePort, .fromDomain, .trunkGroup, .assertedIdentities])
        #expect(engine.partyNeeds.headerNames == ["x-customer"])
    }

    /// What `who` says is what traffic gets, and it names what a stranger lacks.
    @Test func whoSaysWhy() throws {
        let engine = try Self.dialler()
        let answer = engine.attribution(of: Self.party("7102442079460104"))
        #expect(answer.outcome == .customer && answer.customerID == 2 && answer.called == "442079460104")
        #expect(answer.matches.map(\.entry.listed) == ["ip:198.51.100.10&prefix:7102", "ip:198.51.100.10"])
        #expect(answer.reason == "ip:198.51.100.10&prefix:7102 is the most exact of 2 entries that the call meets")
        var stranger = Self.party("7102442079460104")
        stranger.source = IPAddress("198.51.100.11")
        let nobody = engine.attribution(of: stranger)
        #expect(nobody.outcome == .nobody && nobody.matches.isEmpty)
        #expect(nobody.nearest.map(\.entry.listed) == ["ip:198.51.100.10&prefix:7102"])
        #expect(nobody.nearest.first?.unmet.map(\.value) == ["198.51.100.10"])
        #expect(engine.attribution(of: Party(customerID: 9)).reason == "there is no customer with id 9")
        // Where its customers send their calls is a switch of ours.
        var batch = CallEventBatch()
        batch.parties = [Self.party("7101442079460100")]
        batch.append(.setup, key: CallKey(high: 1, low: 1), timeMicros: Self.start, party: 0, sequence: 1)
        _ = engine.ingest(batch, now: Self.start)
        #expect(engine.attribution(of: Party(source: IPAddress("192.0.2.1"))).outcome == .ownSwitch)
    }

    /// Random customers and calls: the first match is the customer that calls get, and all matches are in their order.
    @Test(arguments: [1, 2, 3] as [UInt64]) func whoAgreesWithLookingAtAll(seed: UInt64) {
        var random = RandomAuth(seed: seed)
        let engine = Engine()
        for number in 1...12 {
            var customer = Customer()
            (customer.name, customer.currency) = ("C\(number)", "EUR")
            customer.auth = (0..<3).map { _ in random.entry() }
            _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: 1)
        }
        let customers = engine.customers(after: 0, limit: 100)
        for _ in 0..<300 {
            let party = random.party()
            let answer = engine.attribution(of: party)
            let expected = NaiveAuth.all(customers, party)
            let found = answer.matches.compactMap { match in (try? AuthConditions(text: match.entry.listed))?.text }
            #expect(found == expected.map(\.entry), "seed \(seed): \(party)")
            #expect(answer.customerID == expected.first?.id ?? 0, "seed \(seed): \(party)")
        }
    }

    @Test func entriesThatClashAreNamed() throws {
        let engine = try Self.dialler()
        func fault(_ auth: String) throws -> String {
            var customer = Customer()
            (customer.name, customer.currency) = ("X", "EUR")
            customer.auth = try ListText.entries(auth).map { try AuthEntry(listed: $0) }
            return engine.createCustomers([customer], dryRun: true, idempotencyKey: [], now: 1).errors.first?.message
                ?? ""
        }
        #expect(
            try fault("prefix:7102&ip:198.51.100.10/32")
                == "ip:198.51.100.10&prefix:7102 belongs to customer 2 'Beta Dialler'; remove it there first")
        #expect(try fault("tgrp:a;tgrp:a") == "tgrp:a is given twice; keep one of them")
        #expect(try fault("ip:198.51.100.10&prefix:710;ip:198.51.100.0/24") == "")
        let many = (0...AuthLimits.headerNames).map { "header:x-\($0)=1" }.joined(separator: ";")
        #expect(try fault(many).contains("asks for one header more than 64"))
    }
}
