// `customer who` of calls to customers: it says what calls get, and why.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct WhoIsCalledTests {
    private static let start: Int64 = 1_750_000_000_000_000

    private func engine(_ entries: [(String, Int)]) throws -> Engine {
        let engine = Inbound.makeEngine(customers: 4, now: Self.start)
        for (text, customer) in entries { try engine.setInbound(text, customer: customer) }
        return engine
    }

    private func leg(_ called: String? = nil, to destination: IPAddress? = nil, account: String? = nil) -> Party {
        Party(
            destination: destination, account: account, direction: .switchLeg,
            claims: called.map { PartyClaims(called: $0) })
    }

    @Test func numbersAndTrunks() throws {
        let engine = try engine([("4420*", 1), ("442079460100-442079460199", 2), ("10.1.0.0/24", 3), ("10.1.0.4", 4)])
        let range = engine.attribution(of: leg("+442079460142"))
        #expect(range.outcome == .customer && range.isInbound && range.customerID == 2)
        #expect(range.matches.map(\.entry.listed) == ["to:442079460100-442079460199", "to:4420*"])
        #expect(
            range.reason == "to:442079460100-442079460199 is the called number, and the most exact of 2 such entries")
        let begin = engine.attribution(of: leg("00442079999999"))
        #expect(begin.customerID == 1 && begin.reason == "to:4420* is the called number; no other entry is")
        let trunk = engine.attribution(of: leg("442079460142", to: IPAddress("10.1.0.4")))
        #expect(trunk.customerID == 4 && trunk.isInbound && trunk.called == "442079460142")
        #expect(trunk.matches.map(\.customerID) == [4, 3, 2, 1])
        #expect(trunk.reason == "to:10.1.0.4 is where the call goes, and the most exact of 4 such entries")
        let none = engine.attribution(of: leg("4930123"))
        #expect(none.outcome == .ownSwitch && none.reason.hasPrefix("no customer has an entry to: of where it goes"))
    }

    /// A record that says `inbound` and carries an account is of a call to that account's customer.
    @Test func recordsOfCallsToAnAccount() throws {
        let engine = try engine([("4420*", 1)])
        var party = leg("4930123", account: "a1")
        party.direction = .inbound
        let answer = engine.attribution(of: party)
        #expect(answer.customerID == 1 && answer.isInbound && answer.matches.map(\.entry) == [.account("a1")])
        #expect(answer.reason.contains("the account a1"))
        // Of a customer without entries it is as any record.
        party.account = "a2"
        let other = engine.attribution(of: party)
        #expect(other.customerID == 2 && !other.isInbound && other.matches.map(\.entry) == [.account("a2")])
    }

    /// Who asks for the caller's leg hears what is missing.
    @Test func aStrangersCallToANumber() throws {
        let engine = try engine([("4420*", 1)])
        let stranger = Party(source: IPAddress("192.0.2.7"), claims: PartyClaims(called: "442079460142"))
        let answer = engine.attribution(of: stranger)
        #expect(answer.outcome == .nobody && answer.nearest.map(\.entry.listed) == ["to:4420*"])
        #expect(answer.reason.contains("--to"))
        // A customer's own call to it is that customer's.
        var customer = stranger
        customer.source = IPAddress("10.0.0.2")
        let own = engine.attribution(of: customer)
        #expect(own.customerID == 2 && !own.isInbound)
    }

    /// Whatever a call says of itself: it gets the customer that was foretold, in the direction that was foretold.
    @Test(arguments: Seeds.of(1, 2, 3, 10_675_055_240_725_355_269)) func callsGetWhatItSays(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let engine = try engine([
            ("4420*", 1), ("442079460100-442079460199", 2), ("10.1.0.0/24", 3), ("10.1.0.4", 4), ("4930", 4),
        ])
        let addresses = ["10.0.0.1", "10.9.9.9", "10.1.0.4", "10.1.0.9", "192.0.2.1"].map { IPAddress($0) } + [nil]
        let numbers = ["4930", "442079460101", "+4420", "00442079460199", "911", nil]
        for number in 1...400 {
            let party = Party(
                source: addresses.randomElement(using: &random) ?? nil,
                destination: addresses.randomElement(using: &random) ?? nil,
                account: Int.random(in: 0..<4, using: &random) == 0 ? "a\(Int.random(in: 1...5, using: &random))" : nil,
                direction: CallDirection.allCases.randomElement(using: &random) ?? .outbound,
                claims: (numbers.randomElement(using: &random) ?? nil).map { PartyClaims(called: $0) })
            let foretold = engine.attribution(of: party)
            var batch = CallEventBatch()
            batch.parties = [party]
            let key = CallKey(high: 7, low: UInt64(number))
            batch.append(.setup, key: key, timeMicros: Self.start, party: 0, sequence: 1)
            _ = engine.ingest(batch, now: Self.start)
            let live = engine.liveCalls(customerID: 0, limit: .max, now: Self.start).calls.first { $0.key == key }
            #expect(live?.customerID ?? 0 == foretold.customerID, "seed \(seed): \(party)")
            if let live { #expect(live.isInbound == foretold.isInbound, "seed \(seed): \(party)") }
        }
        // And by its direction it is listed.
        let all = engine.liveCalls(customerID: 0, limit: .max, now: Self.start)
        for isInbound in [true, false] {
            let some = engine.liveCalls(customerID: 0, isInbound: isInbound, limit: .max, now: Self.start)
            #expect(some.calls == all.calls.filter { $0.isInbound == isInbound } && some.total == some.calls.count)
        }
    }

    /// However the search is cut, it finds the same.
    @Test(arguments: Seeds.of(1, 2)) func theNearestEntriesInParts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let engine = Engine()
        for number in 1...40 {
            var customer = Customer()
            (customer.name, customer.currency) = ("C\(number)", "EUR")
            customer.auth = try (0..<3).map { entry in
                try AuthEntry(
                    listed: "ip:198.51.100.\(number)&prefix:\(Int.random(in: 1...9, using: &random))\(entry)#"
                        + (Bool.random(using: &random) ? "&from:\(Int.random(in: 1...3, using: &random)).example" : ""))
            }
            _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: 1)
        }
        for _ in 0..<40 {
            let party = Party(
                source: IPAddress("198.51.100.\(Int.random(in: 30...60, using: &random))"),
                claims: PartyClaims(called: "\(Int.random(in: 10...99, using: &random))#1", fromDomain: "2.example"))
            let whole = engine.attribution(of: party)
            var (answer, search) = engine.attributionBegun(of: party)
            var looks = 0
            while search != nil {
                engine.goOn(&answer, &search, entries: Int.random(in: 0...30, using: &random))
                looks += 1
            }
            #expect(answer.nearest == whole.nearest && answer.reason == whole.reason, "seed \(seed)")
            #expect(answer.nearest.map(\.unmet.count) == answer.nearest.map(\.unmet.count).sorted())
            if whole.outcome == .nobody { #expect(looks > 1) }
        }
    }

    @Test func theCountersOfOneCustomer() throws {
        let engine = try engine([("4930", 1)])
        for (number, code) in [UInt16(200), 486, 0].enumerated() {
            var batch = CallEventBatch()
            batch.parties = [leg("4930")]
            let key = CallKey(high: 7, low: UInt64(number + 1))
            batch.append(.setup, key: key, timeMicros: Self.start, party: 0, sequence: 1)
            if code != 0 {
                batch.append(
                    code == 200 ? .answer : .failure, key: key, timeMicros: Self.start + 1_000, sequence: 1, code: code)
            }
            _ = engine.ingest(batch, now: Self.start + 1_000)
        }
        let figures = try #require(engine.figures(customerID: 1, window: .all, now: Self.start + 2_000))
        #expect(figures.inboundActive == 2 && figures.active == 2 && figures.attempts == 0 && figures.outcomes == 0)
        #expect(figures.inboundAttempts == 3 && figures.inboundAnswered == 1 && figures.inboundOutcomes == 2)
    }
}
