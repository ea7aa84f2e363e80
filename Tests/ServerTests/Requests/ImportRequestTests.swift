import Foundation
import Server
import Testing
import Wire

/// Imports over the wire, and what is left of one that did not come to its end.
@Suite struct ImportRequestTests {
    private func part(
        _ number: UInt32, _ names: [String], id: UInt8 = 1, channels: UInt32 = 0, last: Bool = false
    ) -> Busyhour_V1_ImportCustomersRequest {
        var request = Busyhour_V1_ImportCustomersRequest()
        request.importID = Data(repeating: id, count: 16)
        request.part = number
        for (index, name) in names.enumerated() {
            var customer = Busyhour_V1_Customer()
            (customer.name, customer.currency, customer.channels) = (name, "EUR", channels)
            request.customers.append(customer)
            request.fields.append(1 << 1 | 1 << 6)
            request.rows.append(UInt32(index) + 2)
        }
        request.last = last
        return request
    }

    private func send(
        _ request: Busyhour_V1_ImportCustomersRequest, _ client: RawClient
    ) throws -> Busyhour_V1_ImportCustomersResponse {
        try client.call(36, request, Busyhour_V1_ImportCustomersResponse.self)
    }

    @Test func partsWithoutAnEndComeToNothingAndAgainIsNotTwice() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for round in 0..<2 {
            let server = try TestServer { $0.dataDirectory = folder }
            defer { server.server.shutdown() }
            let client = try server.client()
            #expect(try client.status().customers == 0, "round \(round)")
            #expect(try send(part(0, ["a", "b"]), client).created == 2)
            #expect(try send(part(1, ["c"]), client).created == 3)
            // A part that comes twice is not taken twice.
            #expect(try send(part(1, ["c"]), client).created == 3)
            #expect(throws: Busyhour_V1_Error.self) { try send(part(3, ["e"]), client) }
            #expect(try client.status().customers == 0)
        }
        do {
            // With the very key of the parts that the journal has.
            let server = try TestServer { $0.dataDirectory = folder }
            defer { server.server.shutdown() }
            let client = try server.client()
            #expect(throws: Busyhour_V1_Error.self) { try send(part(2, ["d"], last: true), client) }
            _ = try send(part(0, ["a", "b"], channels: 4), client)
            let done = try send(part(1, ["c"], channels: 4, last: true), client)
            #expect(done.created == 3 && done.change == 1)
            #expect(
                try send(part(1, ["c"], channels: 4, last: true), client).change == 1,
                "a repetition is answered as the first time")
            let other = #expect(throws: Busyhour_V1_Error.self) { try send(part(1, ["c"], last: true), client) }
            #expect(other?.code == "CONFLICT" && other?.details["change"] == "1")
        }
        let server = try TestServer { $0.dataDirectory = folder }
        defer { server.server.shutdown() }
        let client = try server.client()
        #expect(try client.status().customers == 3)
        let again = try send(part(0, ["a", "b", "c"], id: 2, channels: 4, last: true), client)
        #expect(again.unchanged == 3 && again.change == 0)
        var dry = part(0, ["a", "d"], id: 3, channels: 5, last: true)
        dry.dryRun = true
        let would = try send(dry, client)
        #expect(would.created == 1 && would.updated == 1 && would.change == 0)
        var wrong = part(0, ["x", "X"], id: 4)
        wrong.customers[0].status = "Asleep"
        let errors = try send(wrong, client)
        // The second is checked against the first, although that one has an error of its own.
        #expect(errors.errorCount == 2 && errors.failed == 2 && errors.errors.map(\.index) == [2, 3], "\(errors)")
        var abort = Busyhour_V1_ImportCustomersRequest()
        (abort.importID, abort.abort) = (Data(repeating: 4, count: 16), true)
        _ = try send(abort, client)
        #expect(throws: Busyhour_V1_Error.self) { try send(part(1, [], id: 4, last: true), client) }
        #expect(try client.status().customers == 3)
    }
}
