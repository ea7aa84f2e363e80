import CallEvents
import Randomness

@testable import Board

/// Entries and calls out of few values, so that many calls meet several entries.
struct RandomAuth {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }
    private mutating func pick(_ texts: String...) -> String { texts.randomElement(using: &generator)! }

    /// Any entry that can be read.
    mutating func entry() -> AuthEntry {
        while true {
            let count = pick("1", "1", "2", "2", "3", "4")
            let texts = (0..<Int(count)!).map { _ in condition() }
            if let entry = try? AuthEntry(listed: texts.joined(separator: "&")) { return entry }
        }
    }

    mutating func condition() -> String {
        switch Int.random(in: 0..<14, using: &generator) {
        case 0, 1, 2: "ip:" + pick("10.0.0.1", "10.0.0.2", "10.0.0.0/24", "10.0.0.0/8", "2001:db8::1", "2001:db8::/32")
        case 3: "ip:" + pick("10.0.0.1:5060", "10.0.0.1:5074", "[2001:db8::1]:5074")
        case 4, 5: "prefix:" + pick("9", "99", "991", "9911#", "4")
        case 6: "from:" + pick("a.example", "b.example")
        case 7: pick("uri:a.example", "contact:b.example")
        case 8: "tgrp:" + pick("T1", "t1")
        case 9: "header:" + pick("x-a=1", "x-a=2", "x-b=1", "x-c=a;b")
        case 10: "pai:" + pick("+49301", "pbx.example", "+49302")
        case 11: "sip:" + pick("alice", "bob")
        case 12: "account:" + pick("1", "2")
        default: pick("to:+4930", "sip:a&&b")
        }
    }

    mutating func party() -> Party {
        var party = Party()
        if !chance(6) {
            party.source = IPAddress(pick("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.9.0.1", "2001:db8::1", "::1"))
        }
        if chance(2) { party.sipUser = pick("alice", "bob", "a&b", "eve") }
        if chance(3) { party.account = pick("1", "2", "3") }
        party.hasCredentials = chance(2)
        if chance(8) { return party }
        var claims = PartyClaims()
        claims.sourcePort = [0, 5060, 5074, 1].randomElement(using: &generator)!
        if !chance(4) { claims.called = pick("9911#4930", "991", "99", "9", "4930", "") }
        if chance(2) { claims.fromDomain = pick("a.example", "b.example", "c.example") }
        if chance(2) { claims.uriDomain = pick("a.example", "c.example") }
        if chance(2) { claims.contactDomain = pick("b.example", "c.example") }
        if chance(2) { claims.trunkGroup = pick("T1", "t1") }
        if chance(2) { claims.assertedIdentities = [pick("+49301", "Pbx.Example", "x")] }
        if chance(3) { claims.assertedIdentities.append(pick("+49302", "pbx.example")) }
        for name in ["x-a", "x-b", "x-c"] where chance(2) {
            claims.headers.append(.init(name: name, value: pick("1", "2", "a;b")))
        }
        party.claims = claims
        return party
    }
}

/// Whose a call is, by looking at every entry of every customer.
enum NaiveAuth {
    struct Found: Equatable {
        var id: UInt32
        var entry: String
        var prefixBytes: UInt16
    }

    /// All entries that a call meets, the one that gets it first. Switches are not considered.
    static func all(_ customers: [Customer], _ party: Party) -> [Found] {
        var found: [(rank: [Int], text: String, id: UInt32, prefix: Int)] = []
        for customer in customers {
            for entry in customer.auth {
                guard let conditions = try? AuthConditions(text: entry.listed), conditions.match(party) else {
                    continue
                }
                found.append((rank(conditions), conditions.text, customer.id, conditions.calledPrefix?.utf8.count ?? 0))
            }
        }
        let sorted = found.sorted { one, other in
            one.rank == other.rank ? one.text < other.text : other.rank.lexicographicallyPrecedes(one.rank)
        }
        return sorted.map { Found(id: $0.id, entry: $0.text, prefixBytes: UInt16($0.prefix)) }
    }

    /// As `docs/whose-call.md` has it.
    private static func rank(_ conditions: AuthConditions) -> [Int] {
        let texts = conditions.all.map { "\($0.kind.name)" }
        var count = texts.count
        var port = 0
        if case .ip(_, let number) = conditions.all[0], number != 0 { (port, count) = (1, count + 1) }
        if count == 1 {
            switch texts[0] {
            case "ip": count = 0
            case "sip": count = -1
            case "account": count = -2
            default: break
            }
        }
        let has = { (name: String) in texts.contains(name) ? 1 : 0 }
        return [count, conditions.block?.length ?? -1, conditions.calledPrefix?.utf8.count ?? 0, port]
            + ["ip", "header", "tgrp", "pai", "sip", "account", "prefix", "from", "contact", "uri"].map(has)
    }
}
