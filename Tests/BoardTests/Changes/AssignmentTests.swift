// What an assignment makes of what was written, field by field, and both sides of what a field can have.

import Testing

@testable import Board

@Suite struct AssignmentTests {
    private let now: Int64 = 1_000_000_000_000_000

    private func edit(_ assignments: [String], ids: [UInt32] = [1]) -> CustomerEdit {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids(ids), assignments)
        return edit
    }

    /// The customer after assignments; nil: they were refused.
    private func after(_ assignments: String..., set: (inout Customer) -> Void = { _ in }) -> Customer? {
        let engine = makeEngine(customers: 1, now: now, edit: set)
        guard let prepared = try? engine.prepare(edit(assignments), now: now), prepared.errorCount == 0 else {
            return nil
        }
        _ = engine.commit(prepared, idempotencyKey: [])
        return engine.customer(id: 1)
    }

    /// Whole numbers from 0 to 32 bits, as constants, worked out, rounded, and added to.
    @Test func wholeNumbersHaveTwoEnds() {
        let last = UInt32.max
        let cases: [(String, UInt32?)] = [
            ("=0", 0), ("=4294967295", last), ("=4294967296", nil), ("=-1", nil), ("=-0.5", nil), ("=-0.4", 0),
            ("=4294967295.4", last), ("=4294967295.5", nil), ("=2.5", 3), ("=3.5", 4), ("=2.4999", 2), ("=1e300", nil),
            ("=flow_speed - 2", 5), ("=flow_speed - 7", 0), ("=flow_speed - 8", nil),
            ("=flow_speed + 4294967288", last), ("=flow_speed + 4294967289", nil), ("=flow_speed / 2", 4),
            ("=flow_speed / -2", nil), ("=flow_speed * 0.5 + 0.9", 4), ("=flow_speed / 0", nil), ("+=4294967286", last),
            ("+=4294967287", nil), ("-=9", 0), ("-=10", nil), ("-=flow_speed - 2", 4), ("-=2*3", 3), ("+=-9", 0),
            ("+=-10", nil), ("=null", nil), ("=last_call", nil), ("=name", nil), ("=credit", nil),
        ]
        for (assigned, expected) in cases {
            let channels = after("channels" + assigned) { ($0.channels, $0.flowSpeed) = (9, 7) }?.channels
            #expect(channels == expected, "channels\(assigned)")
            let seconds = after("short_call_seconds" + assigned) { ($0.shortCallSeconds, $0.flowSpeed) = (9, 7) }
            #expect(seconds?.shortCallSeconds == expected, "short_call_seconds\(assigned)")
        }
    }

    /// Amounts, to the micro and to the ends of 64 bits.
    @Test func amountsAreExact() {
        let cases: [(String, Int64?)] = [
            ("=0", 0), ("=-0.000001", -1), ("=9223372036854.775807", .max), ("=9223372036854.775808", nil),
            ("=-9223372036854.775808", .min), ("=-9223372036854.775809", nil), ("=channels / 2", 4_500_000),
            ("=channels / 7", 1_285_714), ("=-channels / 7", -1_285_714), ("=channels / 1280000", 7),
            ("=9223372036854", 9_223_372_036_854_000_000), ("=9223372036855", nil), ("=channels * 1e300", nil),
            ("+=0.000001", 2_000_001), ("-=2.000001", -1), ("-=credit - credit * 2", 4_000_000),
            ("-=credit / 4", 1_500_000),
            ("=credit / 3", 666_667), ("=-credit / 3", -666_667), ("+=9223372036852.775807", .max),
            ("+=9223372036852.775808", nil), ("=credit * 2.5", 5_000_000), ("=asr", nil), ("='5'", nil),
        ]
        for (assigned, expected) in cases {
            let credit = after("credit" + assigned) { ($0.creditMicros, $0.channels) = (2_000_000, 9) }?.creditMicros
            #expect(credit == expected, "credit\(assigned)")
        }
    }

    @Test func codesAndNumbersAreStoredInOneForm() {
        for written in ["DE", "de", "dE", "'de'", "(lower('DE'))", "(upper('de'))", "(coalesce(country, 'de'))"] {
            #expect(after("country=" + written)?.country == "DE", "\(written)")
        }
        #expect(after("country=(company)") { $0.company = "fr" }?.country == "FR")
        #expect(after("country=(company)") { $0.company = "France" } == nil)
        #expect(after("country=") { $0.country = "DE" }?.country == "")
        for written in ["+49 170 1234567", "+49 (170) 123-45-67", "'+49 170 1234567'"] {
            #expect(after("contact_mobile=" + written)?.contacts.first?.mobile == "+491701234567", "\(written)")
        }
        #expect(after("contact_mobile=12") == nil)
        for status in CustomerStatus.allCases {
            for written in [status.rawValue, status.rawValue.uppercased(), "'\(status.rawValue.lowercased())'"] {
                #expect(after("status=" + written)?.status == status, "\(written)")
            }
        }
    }

    /// Each part of the first contact by itself; a contact of which nothing is left is none.
    @Test func partsOfTheFirstContact() {
        let both = [
            Contact(name: "Ann", email: "a@x.example", mobile: "+491701234567", kind: "noc"), Contact(name: "Bob"),
        ]
        let parts: [(String, WritableKeyPath<Contact, String>, String)] = [
            ("contact_name", \.name, "Zoë"), ("contact_email", \.email, "z@x.example"),
            ("contact_mobile", \.mobile, "+491709999999"), ("contact_kind", \.kind, "billing"),
        ]
        for (field, part, value) in parts {
            var expected = both
            expected[0][keyPath: part] = value
            #expect(after("\(field)=\(value)") { $0.contacts = both }?.contacts == expected, "\(field)")
            var only = Contact()
            only[keyPath: part] = value
            #expect(after("\(field)=\(value)")?.contacts == [only], "\(field)")
            #expect(after("\(field)=") { $0.contacts = [only, both[1]] }?.contacts == [both[1]], "\(field)")
            #expect(after("\(field)=") { $0.contacts = [only] }?.contacts == [], "\(field)")
            #expect(after("\(field)=")?.contacts == [], "\(field)")
            #expect(after("\(field)+=x") == nil && after("\(field)-=x") == nil, "\(field)")
        }
    }

    @Test func entriesOfListsComeAndGo() {
        let routes = [Route(name: "one"), Route(name: "two", enabled: false)]
        let cases: [(String, [Route])] = [
            ("routes+=three", routes + [Route(name: "three")]), ("routes+=two", [routes[0], Route(name: "two")]),
            (
                "routes+=!one;!four",
                [Route(name: "one", enabled: false), routes[1], Route(name: "four", enabled: false)]
            ),
            ("routes-=one", [routes[1]]), ("routes-=!one", [routes[1]]), ("routes-=one;two", []),
            ("routes-=none", routes), ("routes=", []), ("routes+=", routes),
        ]
        for (assignment, expected) in cases {
            #expect(after(assignment) { $0.routes = routes }?.routes == expected, "\(assignment)")
        }
        #expect(after("tags+=b;c", "tags-=a") { $0.tags = ["a", "b"] }?.tags == ["b", "c"])
        #expect(after("auth-=ip:10.0.0.1", "auth+=sip:x")?.auth == [.sip("x")])
    }
}
