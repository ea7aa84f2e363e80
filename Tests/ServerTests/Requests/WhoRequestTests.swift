// `who` where many entries have to be looked at: other requests are answered meanwhile.

import Foundation
import Server
import SwiftProtobuf
import Testing
import Wire

@Suite struct WhoRequestTests {
    @Test func manyEntriesDoNotHoldOthersUp() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = (1...2_500).map { number in
            var customer = Busyhour_V1_Customer()
            (customer.name, customer.currency, customer.auth) = ("C\(number)", "EUR", [.init()])
            customer.auth[0].kind = .conditions
            customer.auth[0].value = "ip:198.51.100.\(number % 250)&prefix:\(number)#"
            return customer
        }
        #expect(try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self).ids.count == 2_500)
        var who = Busyhour_V1_WhoRequest()
        who.party.called = "2500#4930"
        try client.send(rawFrame(46, id: 1, payload: try who.serializedBytes()) + rawFrame(1, id: 2))
        let frames = [try #require(try client.receive()), try #require(try client.receive())]
        #expect(frames.map(\.id) == [2, 1], "the status comes first")
        let answer = try Busyhour_V1_WhoResponse(serializedBytes: frames[1].payload)
        #expect(answer.outcome == .nobody && answer.nearest.map(\.customer) == ["C2500"])
        #expect(answer.nearest.first?.unmet == ["ip:198.51.100.0"])
        // Where a customer is found at once, the answer comes at once.
        who.party.source = .init([198, 51, 100, 0])
        let found = try client.call(46, who, Busyhour_V1_WhoResponse.self)
        #expect(found.customer == "C2500" && found.direction == "outbound" && found.nearest.isEmpty)
    }

    @Test func directionsThatAreNone() throws {
        let server = try TestServer()
        defer { server.stop() }
        var request = Busyhour_V1_CallsRequest()
        request.direction = "sideways"
        let answer = try server.client().request(9, payload: try request.serializedBytes())
        #expect(answer.error?.code == "INVALID_ARGUMENT" && answer.error?.message.contains("'sideways'") == true)
    }
}
