// Records of customers: what goes in comes out, and whatever else comes in is refused or is customers.

import Board
import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct CreatedCustomersTests {
    static func customer(_ generator: inout SeededGenerator, id: UInt32) -> Customer {
        let texts = ["", "A", "Grüße GmbH", "日本", String(repeating: "x", count: 200), "a;b\n"]
        func text() -> String { texts.randomElement(using: &generator) ?? "" }
        func list<Element>(_ element: () -> Element) -> [Element] {
            (0..<(Bool.random(using: &generator) ? 0 : Int.random(in: 1...3, using: &generator))).map { _ in element() }
        }
        var customer = Customer()
        customer.id = id
        customer.name = "customer \(id) " + text()
        customer.currency = "EUR"
        customer.status = CustomerStatus.allCases.randomElement(using: &generator) ?? .active
        customer.creditMicros = [0, 1, -1, .min, .max].randomElement(using: &generator) ?? 0
        customer.debitLimitMicros = Int64.random(in: -5...5, using: &generator)
        customer.channels = [0, 1, 127, 128, .max].randomElement(using: &generator) ?? 0
        customer.flowSpeed = UInt32.random(in: 0...300, using: &generator)
        customer.portalAccess = Bool.random(using: &generator)
        customer.country = text()
        customer.company = text()
        customer.accountManager = text()
        customer.tags = list(text)
        customer.contacts = list { Contact(name: text(), email: text(), mobile: text(), kind: text()) }
        customer.auth = list {
            [
                AuthEntry.ip(text()), .sip(text()), .account(text()),
                try! AuthEntry(listed: "ip:10.0.0.1:\(Int.random(in: 1...65_535, using: &generator))&tgrp:a&&b"),
            ].randomElement(using: &generator)!
        }
        customer.routes = list { Route(name: text(), enabled: Bool.random(using: &generator)) }
        customer.shortCallSeconds = UInt32.random(in: 0...9, using: &generator)
        customer.notes = text()
        (customer.createdAtMicros, customer.updatedAtMicros, customer.version) = (77, 77, 1)
        return customer
    }

    private func payload(_ customers: [Customer], firstID: UInt32) -> [UInt8] {
        let draft = CustomerDraftRecord(customers)
        let count = draft.payloadBytes
        let payload = draft.completed(firstID: firstID, createdAtMicros: 77).payload
        #expect(payload.count == count)
        return payload
    }

    private func read(_ payload: [UInt8], version: UInt16 = 3) throws -> CreatedCustomers {
        try readRecord(payload, version: version)
    }

    @Test(arguments: Seeds.fixed(41)) func customersComeBackAsTheyWere(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for trial in 0..<200 {
            let firstID = UInt32.random(in: 1...1_000, using: &generator)
            let count = UInt32.random(in: 1...5, using: &generator)
            let customers = (0..<count).map { Self.customer(&generator, id: firstID + $0) }
            let created = try read(payload(customers, firstID: firstID))
            #expect(created.customers == customers, "trial \(trial)")
            #expect(created.requestDigest == CustomerDraftRecord(customers).requestDigest)
        }
    }

    @Test func theDigestIsOfTheRequestOnly() {
        var customer = Customer()
        customer.name = "A"
        let digest = CustomerDraftRecord([customer]).requestDigest
        customer.id = 9
        customer.createdAtMicros = 5
        #expect(CustomerDraftRecord([customer]).requestDigest == digest)
        customer.channels = 1
        #expect(CustomerDraftRecord([customer]).requestDigest != digest)
        #expect(
            CustomerDraftRecord([customer, customer]).requestDigest != CustomerDraftRecord([customer]).requestDigest)
    }

    /// The numbers of files are for ever.
    @Test func theBytesAreThese() {
        var customer = Customer()
        (customer.name, customer.currency, customer.status) = ("Ab", "EUR", .penalty)
        customer.creditMicros = -2
        customer.tags = ["t"]
        customer.auth = [.account("9")]
        let expected: [UInt8] = [
            77, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0,
            31, 1, 2, 65, 98, 2, 3, 69, 85, 82, 3, 1, 4, 4, 8, 254, 255, 255, 255, 255, 255, 255, 255,
            12, 2, 1, 116, 14, 3, 2, 1, 57, 0,
        ]
        #expect(Array(payload([customer], firstID: 3)[8...]) == expected)
    }

    /// What a record without bytes says.
    private func body(ofType number: UInt16, version: UInt16 = 1) throws -> (any RecordBody)? {
        try JournalRecord(
            lsn: 1, type: RecordType(number: number), schemaVersion: version, key: .none, engineMicros: 0,
            payload: UnsafeRawBufferPointer(start: nil, count: 0)
        ).body()
    }

    @Test func unknownTypesVersionsAndFields() throws {
        #expect(try body(ofType: 0x0999) == nil)
        #expect(try body(ofType: RecordKind.snapshotDone.rawValue, version: 2) == nil)
        #expect(throws: RecordFault.unknownType(0x8999)) { try body(ofType: 0x8999) }
        #expect(throws: RecordFault.unknownSchema(type: 0x8001, version: 4)) { try read([], version: 4) }
        // One customer of id 1, with the unknown field 99 before the name.
        let head = [UInt8](repeating: 0, count: 16) + [1, 0, 0, 0, 1, 0, 0, 0]
        let created = try read(head + [8, 99, 3, 1, 2, 3, 1, 1, 65, 2, 109, 101])
        #expect(created.customers.map(\.name) == ["A"] && created.who == "me")
        // Up to version 2 there was no tail, and what the request asked for is not known.
        let second = try read(head + [3, 1, 1, 65, 2, 109, 101], version: 2)
        #expect(second.who == "me" && !second.content.isKnown)
        let draft = CustomerDraftRecord(created.customers, who: "me", content: RequestContent(5))
        let third = try read(draft.completed(firstID: 1, createdAtMicros: 7).payload)
        #expect(third.who == "me" && third.content == RequestContent(5))
        // Journals of before do not tell who it was.
        let old = try read(head + [3, 1, 1, 65], version: 1)
        #expect(old.customers.map(\.name) == ["A"] && old.who == "")
    }

    /// Every kind with the versions before, at and behind those that it has.
    @Test func onlyVersionsThereAreAreRead() throws {
        let newest: [RecordKind: UInt16] = [
            .customersCreated: 3, .change: 2, .importPart: 1, .importCommit: 2, .document: 1, .warningMark: 2,
            .purge: 1, .later: 1, .debit: 2,
        ]
        for kind in RecordKind.allCases {
            guard kind.type.mustBeUnderstood, let newest = newest[kind] else {
                #expect(kind == .snapshotDone, "\(kind) has its newest version in the table")
                continue
            }
            for version in [0, 1, newest, newest + 1, .max] {
                do {
                    _ = try body(ofType: kind.rawValue, version: version)
                    Issue.record("nothing is no record of the kind \(kind)")
                } catch let fault as RecordFault {
                    let isUnknown = fault == .unknownSchema(type: kind.rawValue, version: version)
                    #expect(isUnknown == !(1...newest).contains(version), "\(kind), \(version): \(fault)")
                }
            }
        }
        for number in UInt16(0)...70 {
            #expect(try body(ofType: number) == nil)
            let required = number | RecordType.mustUnderstandBit
            if RecordKind(rawValue: required) != nil { continue }
            #expect(throws: RecordFault.unknownType(required)) { try body(ofType: required) }
        }
    }

    /// Ids up to the greatest that there is.
    @Test func idsHaveABorder() throws {
        let most = UInt32(BoardLimits.customers)
        for count in 1...3 as ClosedRange<UInt32> {
            let customers = (0..<count).map { number in
                var customer = Customer()
                customer.name = "c\(number)"
                return customer
            }
            for first in [0, 1, most - count, most - count + 1, most - count + 2, most, most + 1, .max] {
                let bytes = payload(customers, firstID: first)
                guard first > 0, first <= most, most - first >= count - 1 else {
                    #expect(throws: RecordFault.self, "\(count) from \(first)") { try read(bytes) }
                    continue
                }
                let created = try read(bytes)
                #expect(created.customers.map(\.id) == (0..<count).map { first + $0 })
            }
        }
    }

    @Test func hostileBytesAreRefused() throws {
        let head = [UInt8](repeating: 0, count: 16)
        func refused(_ bytes: [UInt8]) { #expect(throws: RecordFault.self) { try read(bytes) } }
        refused([])
        refused(head)
        refused(head + [1, 0, 0, 0, 255, 255, 255, 255])
        refused(head + [255, 255, 255, 255, 1, 0, 0, 0, 3, 1, 1, 65])
        refused(head + [0, 0, 0, 0, 1, 0, 0, 0, 3, 1, 1, 65])
        refused(head + [1, 0, 0, 0, 0, 0, 0, 0])
        refused(head + [1, 0, 0, 0, 1, 0, 0, 0, 4, 3, 2, 128, 1])
        refused(head + [1, 0, 0, 0, 1, 0, 0, 0, 3, 1, 1, 255])
        refused(head + [1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 255, count: 20))
        refused(head + [1, 0, 0, 0, 1, 0, 0, 0, 3, 1, 1, 65])
        refused(head + [1, 0, 0, 0, 1, 0, 0, 0, 3, 1, 1, 65, 0, 0])
    }

    /// Cut and changed records: no trap, and what is accepted is written as it was read.
    @Test(arguments: Seeds.fixed(42)) func damagedRecordsAreRefusedOrAreCustomers(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        for trial in 0..<4_000 {
            var bytes = payload([Self.customer(&generator, id: 5), Self.customer(&generator, id: 6)], firstID: 5)
            if trial % 4 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator)) }
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            guard let created = try? read(bytes) else { continue }
            accepted += 1
            let again = CustomerDraftRecord(created.customers, who: created.who)
                .completed(firstID: created.firstID, createdAtMicros: created.createdAtMicros).payload
            let second = try read(again)
            #expect(second.customers == created.customers, "seed \(seed), trial \(trial)")
        }
        #expect(accepted > 100)
    }
}
