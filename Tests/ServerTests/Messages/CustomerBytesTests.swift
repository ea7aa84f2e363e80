import Board
import Randomness
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// Customers read from bytes and written to them, beside the generated messages.
@Suite struct CustomerBytesTests {
    private static func customer(_ random: inout SeededGenerator) -> Customer {
        func text() -> String { ["", "a", "Ä😀", String(repeating: "x", count: 200)].randomElement(using: &random)! }
        func list<Element>(_ element: () -> Element) -> [Element] {
            (0..<Int.random(in: 0...3, using: &random)).map { _ in element() }
        }
        var customer = Customer()
        customer.id = .random(in: 0...300, using: &random)
        (customer.name, customer.currency, customer.country) = (text(), text(), text())
        customer.status = CustomerStatus.allCases.randomElement(using: &random)!
        customer.creditMicros = [0, -1, .min, .max].randomElement(using: &random)!
        customer.debitLimitMicros = .random(in: -5...5, using: &random)
        (customer.channels, customer.flowSpeed) = (.random(in: 0 ... .max, using: &random), 0)
        customer.portalAccess = .random(using: &random)
        (customer.company, customer.accountManager, customer.notes) = (text(), text(), text())
        customer.tags = list(text)
        customer.contacts = list { Contact(name: text(), email: text(), mobile: text(), kind: text()) }
        customer.auth = list {
            [
                .ip(text()), .sip(text()), .account(text()),
                try! AuthEntry(listed: "prefix:9911#&ip:10.0.0.1&header:A=b"),
            ].randomElement(using: &random)!
        }
        customer.routes = list { Route(name: text(), enabled: .random(using: &random)) }
        customer.shortCallSeconds = .random(in: 0...9, using: &random)
        return customer
    }

    @Test(arguments: Seeds.of()) func theyAreTheBytesOfTheMessage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let customer = Self.customer(&random)
            var message = MessageBytes()
            customer.append(to: &message, field: 1)
            let read = try Busyhour_V1_ListCustomersResponse(serializedBytes: message.bytes)
            #expect(read.customers == [Busyhour_V1_Customer(customer)], "seed \(seed)")
        }
    }

    /// Bytes of messages, whole and damaged: the same customer, the same error, or both are no message.
    @Test(arguments: Seeds.of()) func theyAreReadAsTheMessageIs(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for trial in 0..<4_000 {
            var message = Busyhour_V1_Customer(Self.customer(&random))
            if trial % 5 == 0 { message.status = "Asleep" }
            var bytes: [UInt8] = try message.serializedBytes()
            if trial % 2 == 0, !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            var reader = CustomerBytes(messageName: Busyhour_V1_Customer.protoMessageName)
            let ours = try? reader.customer(0..<bytes.count, of: bytes.span.bytes, index: 7)
            let theirs = (try? Busyhour_V1_Customer(serializedBytes: bytes)).map { message in
                var errors: [CustomerError] = []
                var customer = Customer(message, index: 7, &errors)
                customer.id = message.id
                return (customer: customer, errors: errors)
            }
            // Groups, which no message here has, are refused.
            if ours == nil, theirs != nil, bytes.contains(where: { $0 & 7 == 3 || $0 & 7 == 4 }) { continue }
            #expect(ours?.customer == theirs?.customer, "seed \(seed), trial \(trial)")
            #expect(ours?.errors == theirs?.errors, "seed \(seed), trial \(trial)")
        }
    }

    /// A message may have a field twice: the last one counts, whatever stood before it.
    @Test func theLastOfAFieldCounts() throws {
        for statuses in [["Asleep", "Penalty"], ["Penalty", "Asleep"], ["Asleep", "Dozing"], ["Pending", "Active"]] {
            let bytes = try statuses.flatMap { status -> [UInt8] in
                try Busyhour_V1_Customer.with { $0.status = status }.serializedBytes()
            }
            var reader = CustomerBytes(messageName: Busyhour_V1_Customer.protoMessageName)
            let ours = try reader.customer(0..<bytes.count, of: bytes.span.bytes, index: 7)
            let message = try Busyhour_V1_Customer(serializedBytes: bytes)
            #expect(message.status == statuses[1])
            var errors: [CustomerError] = []
            let theirs = Customer(message, index: 7, &errors)
            #expect(ours.customer == theirs && ours.errors == errors)
        }
    }

    /// Many fields in few bytes are counted while they are read.
    @Test func theFieldsOfAPartAreBounded() throws {
        var request = Busyhour_V1_ImportCustomersRequest()
        request.customers = [.with { $0.tags = Array(repeating: "", count: Limits.customerFieldsPerRequest + 1) }]
        (request.fields, request.rows) = ([0], [2])
        let bytes: [UInt8] = try request.serializedBytes()
        let error = #expect(throws: RequestError.self) { try ImportPart(bytes.span.bytes) }
        #expect(error?.code == .tooLarge)
        request.fields = []
        let uneven: [UInt8] = try request.serializedBytes()
        #expect(throws: RequestError.self) { try ImportPart(uneven.span.bytes) }
        let cut = Array(bytes.dropLast())
        #expect(throws: RequestError.self) { try ImportPart(cut.span.bytes) }
    }
}
