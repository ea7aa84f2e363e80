import CallEvents
import Testing

@Suite struct AuthConditionsTests {
    /// However an entry is written, it is kept in one way, and that way reads as itself.
    @Test(arguments: [
        ("ip:198.51.100.20&prefix:9911#", "ip:198.51.100.20&prefix:9911#"),
        (" prefix : 9911# & IP: 198.51.100.20 ", "ip:198.51.100.20&prefix:9911#"),
        ("ip:203.0.113.77/24&tgrp:T1", "ip:203.0.113.0/24&tgrp:T1"),
        ("ip:203.0.113.7/32&tgrp:t", "ip:203.0.113.7&tgrp:t"),
        ("ip:203.0.113.7:5074", "ip:203.0.113.7:5074"),
        ("ip:[2001:DB8:0::1]:5074", "ip:[2001:db8::1]:5074"),
        ("ip:[2001:db8::1]", "ip:2001:db8::1"),
        ("ip:2001:db8:1::/32&sip:Alice", "ip:2001:db8::/32&sip:Alice"),
        ("domain:Acme.Example", "from:acme.example"),
        ("uri:A.example&contact:B.example", "uri:a.example&contact:b.example"),
        ("from:[2001:DB8::0:1]&uri:A.example.", "from:2001:db8::1&uri:a.example"),
        ("ip:203.0.113.7:65535", "ip:203.0.113.7:65535"), ("ip:[2001:db8::1]:10000", "ip:[2001:db8::1]:10000"),
        ("from:[a", "from:[a"), ("from:a]", "from:a]"), ("from:[a]", "from:a"),
        ("header:X-Customer = acme=1 ", "header:x-customer=acme=1"),
        ("header:b=1&header:A=2", "header:a=2&header:b=1"),
        ("pai:+4930123", "pai:+4930123"),
        ("pai:Acme.Example", "pai:acme.example"),
        ("sip:a&&b&account:x&&&&y", "sip:a&&b&account:x&&&&y"),
        ("to:+49301-49309", "to:49301-49309"), ("to:+4930", "to:4930"), ("to:192.0.2.1/32", "to:192.0.2.1"),
    ])
    func oneForm(written: String, kept: String) throws {
        let conditions = try AuthConditions(text: written)
        #expect(conditions.text == kept)
        #expect(try AuthConditions(text: kept) == conditions)
    }

    @Test(arguments: [
        ("", "'' is no auth entry"), ("alice", "'alice' is no auth entry"), ("sip:", "'sip:' is no auth entry"),
        ("ip:10.0.0.1&", "'' of 'ip:10.0.0.1&' is no condition"),
        ("sip:a&b", "'b' of 'sip:a&b' is no condition; write kind:value between the &, and && for a & in a value"),
        ("mac:1&sip:a", "'mac:1' is of no known kind"),
        ("ip:10.0.0.1&ip:10.0.0.2", "stand in one entry, which has ip once; make two entries"),
        ("from:a&domain:a", "which has from once"),
        ("header:X-A=1&header:x-a=2", "which has header x-a once"),
        ("header:X-A", "header:X-A has no value; write header:X-Customer=acme"),
        ("header:X-A=", "has no value"), ("header:X A=1", "'X A' is no name of a header"),
        ("ip:10.0.0.1:0&sip:a", "is not an address or block"), ("ip:10.0.0.1:65536", "is not an address or block"),
        ("ip:10.0.0.0/8:5060", "is not an address or block"), ("ip:[10.0.0.1]:5060", "is not an address or block"),
        ("header:=1", "'' is no name of a header"), ("header: =1", "'' is no name of a header"),
        ("ip:10.0.0.1:050600", "is not an address or block"), ("ip:10.0.0.1:", "is not an address or block"),
        ("ip:[2001:db8::1]5060", "is not an address or block"), ("ip:10.0.0.1:+506", "is not an address or block"),
        ("from:alice@acme.example", "is no domain"), ("from:a b", "is no domain"), ("from:.", "is no domain"),
        ("header:a=1&header:b=1&header:c=1&header:d=1&header:e=1", "asks for 5 headers, at most 4"),
        ("to:1&sip:a", "'to:1' names the called side"), ("ip:10.0.0.1&to:44*", "'to:44*' names the called side"),
        ("sip:a&to:1&account:b", "'to:1' names the called side"), ("to:1&to:2", "which has to once"),
        ("to:1-", "is no trunk's address and no number"), ("to:", "is no auth entry"),
    ])
    func faultsHaveNames(text: String, message: String) {
        let fault = #expect(throws: AuthFault.self) { try AuthConditions(text: text) }
        #expect(fault?.description.contains(message) == true, "\(fault?.description ?? "")")
    }

    @Test func aValueIsBounded() {
        let long = String(repeating: "x", count: 257)
        #expect(throws: AuthFault.self) { try AuthConditions(text: "tgrp:\(long)") }
        #expect(throws: Never.self) { try AuthConditions(text: "tgrp:\(long.dropLast())") }
        // In bytes, whatever the characters are.
        for (character, bytes) in [("é", 2), ("漢", 3), ("😀", 4)] {
            for count in 256 / bytes - 1...256 / bytes + 1 {
                let value = String(repeating: character, count: count)
                let isRight = (try? AuthConditions(text: "tgrp:\(value)")) != nil
                #expect(isRight == (count * bytes <= 256), "\(count) of \(character)")
            }
        }
    }

    @Test func anEntryHasFourHeadersAtMost() {
        for count in 1...6 {
            let text = (0..<count).map { "header:h\($0)=1" }.joined(separator: "&")
            #expect(((try? AuthConditions(text: text)) != nil) == (count <= 4), "\(count) headers")
        }
    }

    /// However the conditions of an entry are ordered, it is the same entry.
    @Test func theOrderOfConditionsIsNoDifference() throws {
        let parts = ["header:b=1", "header:a=2", "ip:10.0.0.0/8", "sip:u", "prefix:9"]
        let whole = try AuthConditions(text: parts.joined(separator: "&"))
        for one in parts.indices {
            for other in parts.indices {
                var swapped = parts
                swapped.swapAt(one, other)
                #expect(try AuthConditions(text: swapped.joined(separator: "&")) == whole, "\(swapped)")
            }
        }
    }

    @Test func whatACallMeets() throws {
        var party = Party(source: IPAddress("203.0.113.7"), sipUser: "alice", account: "0049-30")
        party.claims = PartyClaims(
            sourcePort: 5074, called: "9911#442079460100", fromDomain: "acme.example", uriDomain: "us.example",
            contactDomain: "c.example", trunkGroup: "T1", assertedIdentities: ["+4930123", "Pbx.Example"],
            headers: [.init(name: "x-a", value: "1"), .init(name: "x-a", value: "2")])
        let met = [
            "ip:203.0.113.0/24", "ip:203.0.113.7:5074", "prefix:9911#", "from:ACME.example", "uri:us.example",
            "contact:c.example", "tgrp:T1", "header:X-A=1", "pai:+4930123", "pai:pbx.example", "sip:alice",
            "account:0049-30", "sip:alice&ip:203.0.113.7&prefix:9",
        ]
        for text in met { #expect(try AuthConditions(text: text).match(party), "\(text)") }
        let unmet = [
            "ip:203.0.114.0/24", "ip:203.0.113.7:5060", "prefix:99110", "prefix:9911#4420794601001", "tgrp:t1",
            "header:X-A=2", "header:X-B=1", "pai:4930123", "sip:Alice", "to:442079460100",
            "sip:alice&ip:203.0.113.8", "ip:203.0.113.7&from:other.example",
        ]
        for text in unmet { #expect(try !AuthConditions(text: text).match(party), "\(text)") }
        for text in met { #expect(try !AuthConditions(text: text).match(Party()), "\(text)") }
    }

    /// Every condition with every other thing that a call may lack: only what a condition asks for matters, and a call
    /// that does not tell it does not meet it.
    @Test func whatACallDoesNotTellIsNotMet() throws {
        var whole = Party(source: IPAddress("203.0.113.7"), sipUser: "alice", account: "30")
        whole.claims = PartyClaims(
            sourcePort: 5074, called: "9911#44", fromDomain: "f.example", uriDomain: "u.example",
            contactDomain: "c.example", trunkGroup: "T1", assertedIdentities: ["+49"],
            headers: [.init(name: "x-a", value: "1")])
        let lacks: [(String, (inout Party) -> Void)] = [
            ("ip:203.0.113.7:5074", { $0.claims?.sourcePort = 0 }), ("prefix:9911#", { $0.claims?.called = nil }),
            ("from:f.example", { $0.claims?.fromDomain = nil }), ("uri:u.example", { $0.claims?.uriDomain = nil }),
            ("contact:c.example", { $0.claims?.contactDomain = nil }), ("tgrp:T1", { $0.claims?.trunkGroup = nil }),
            ("pai:+49", { $0.claims?.assertedIdentities = [] }), ("header:x-a=1", { $0.claims?.headers = [] }),
            ("ip:203.0.113.0/24", { $0.source = nil }), ("sip:alice", { $0.sipUser = nil }),
            ("account:30", { $0.account = nil }),
        ]
        for (asked, _) in lacks {
            let conditions = try AuthConditions(text: asked)
            #expect(conditions.match(whole), "\(asked)")
            var unclaimed = whole
            unclaimed.claims = nil
            let needsClaims = !["ip:203.0.113.0/24", "sip:alice", "account:30"].contains(asked)
            #expect(conditions.match(unclaimed) == !needsClaims, "\(asked)")
            for (lacking, change) in lacks {
                var party = whole
                change(&party)
                let isMissing = lacking == asked || asked.hasPrefix("ip:") && lacking == "ip:203.0.113.0/24"
                #expect(conditions.match(party) == !isMissing, "\(asked) without \(lacking)")
            }
        }
    }

    /// A caller writes its own From: the user in it counts only beside an address that the entry asks for.
    @Test func aClaimedUserProvesNothing() throws {
        var party = Party(source: IPAddress("203.0.113.7"), sipUser: "alice")
        party.claims = PartyClaims(fromDomain: "acme.example")
        let (alone, atAddress) = ("sip:alice&from:acme.example", "sip:alice&ip:203.0.113.0/24")
        for proof in [UserProof.told, .credentials, .claimed] {
            party.userProof = proof
            #expect(try AuthConditions(text: alone).match(party) == (proof != .claimed), "\(proof)")
            #expect(try AuthConditions(text: atAddress).match(party), "\(proof)")
        }
        #expect(try AuthConditions(text: alone).firstUnmet(party)?.kind == .sip)
    }

    /// Each is more exact than those behind it.
    @Test func exactness() throws {
        let order = [
            "ip:10.0.0.0/8&prefix:9&from:a", "ip:10.0.0.1&prefix:99", "ip:10.0.0.1&prefix:9", "ip:10.0.0.1:5060",
            "ip:10.0.0.1&header:a=1", "ip:10.0.0.1&tgrp:t", "ip:10.0.0.1&pai:1", "ip:10.0.0.1&sip:a",
            "ip:10.0.0.1&account:a", "ip:10.0.0.1&from:a", "ip:10.0.0.1&contact:a", "ip:10.0.0.1&uri:a",
            "ip:10.0.0.0/8&prefix:999", "prefix:9&from:a", "header:a=1&from:a", "prefix:99", "prefix:9", "header:a=1",
            "tgrp:t", "pai:a", "from:a", "contact:a", "uri:a", "ip:10.0.0.1", "ip:10.0.0.0/8", "sip:a", "account:a",
        ].map { text in (text, try? AuthConditions(text: text)) }
        for (one, next) in zip(order, order.dropFirst()) {
            let (first, second) = (try #require(one.1), try #require(next.1))
            #expect(AuthExactness(first) > AuthExactness(second), "\(one.0) is before \(next.0)")
        }
    }
}
