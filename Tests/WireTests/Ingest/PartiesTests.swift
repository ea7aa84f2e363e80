import Foundation
import NIOCore
import Randomness
import SwiftProtobuf
import Testing
import Wire

/// Parties as a column of ids and the others: as SwiftProtobuf reads and writes them, each of their fields by itself.
@Suite struct PartiesTests {
    /// Every field of a party but its customer's id.
    private static let fields: [(name: String, set: @Sendable (inout Busyhour_V1_Party) -> Void)] = [
        ("source", { $0.source = .init([192, 0, 2, 1]) }), ("destination", { $0.destination = .init([192, 0, 2, 2]) }),
        ("sip_user", { $0.sipUser = "alice" }), ("account", { $0.account = "acme" }),
        ("has_credentials", { $0.hasCredentials_p = true }), ("source_port", { $0.sourcePort = 5_060 }),
        ("called", { $0.called = "4930" }), ("from_domain", { $0.fromDomain = "a.example" }),
        ("uri_domain", { $0.uriDomain = "b.example" }), ("contact_domain", { $0.contactDomain = "c.example" }),
        ("trunk_group", { $0.trunkGroup = "t1" }), ("asserted_identities", { $0.assertedIdentities = ["+49"] }),
        ("headers", { $0.headers = [.with { ($0.name, $0.value) = ("x", "y") }] }),
        ("direction", { $0.direction = "inbound" }),
    ]

    private static func expectSame(_ messages: [Busyhour_V1_Party], _ comment: String) throws {
        let request = Busyhour_V1_IngestCallsRequest.with { ($0.parties, $0.party) = (messages, [0]) }
        let columns = IngestCallsColumns(request)
        #expect(Array(columns.parties) == messages, "\(comment)")
        let frame = try columns.frame(id: 5)
        #expect(try frame == FrameEncoder.frame(request, method: 6, kind: .request, id: 5), "\(comment)")
        var payload = frame
        payload.moveReaderIndex(forwardBy: FrameHeader.size)
        let read = try IngestCallsColumns(payload)
        #expect(read == columns && Array(read.parties) == messages, "\(comment)")
    }

    /// A field that is forgotten where a party is taken for an id alone would be lost.
    @Test func everyFieldByItself() throws {
        for (name, set) in Self.fields {
            for id in [0, 7, UInt32.max] {
                let party = Busyhour_V1_Party.with {
                    $0.customerID = id
                    set(&$0)
                }
                let plain = Busyhour_V1_Party.with { $0.customerID = 9 }
                try Self.expectSame([party], name)
                try Self.expectSame([plain, party, plain], name)
                // And put in the place of one that had an id alone.
                var parties = Parties([plain, plain])
                parties[1] = party
                #expect(Array(parties) == [plain, party], "\(name)")
                parties[1] = plain
                #expect(Array(parties) == [plain, plain] && parties.others.isEmpty, "\(name)")
            }
        }
    }

    @Test func whatIsAClaim() {
        let others: Set = ["source", "destination", "sip_user", "account", "has_credentials", "direction"]
        #expect(!Busyhour_V1_Party.with { $0.customerID = 7 }.hasClaims)
        for (name, set) in Self.fields {
            #expect(Busyhour_V1_Party.with { set(&$0) }.hasClaims == !others.contains(name), "\(name)")
        }
    }

    /// Ids of every length of a varint, alone and among others, at the end and before it.
    @Test(arguments: Seeds.of(1, 2)) func idsOfEveryLength(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var borders: [UInt32] = [0, 1, .max]
        for shift in UInt32(1)...4 { borders += [1 << (7 * shift) - 1, 1 << (7 * shift)] }
        for border in borders {
            for count in 1...4 {
                try Self.expectSame((0..<count).map { _ in .with { $0.customerID = border } }, "\(border)")
            }
        }
        for _ in 0..<200 {
            let messages = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Busyhour_V1_Party.with {
                    $0.customerID = borders.randomElement(using: &random)!
                    guard Int.random(in: 0..<5, using: &random) == 0 else { return }
                    Self.fields.randomElement(using: &random)!.set(&$0)
                }
            }
            try Self.expectSame(messages, "seed \(seed)")
        }
    }
}
