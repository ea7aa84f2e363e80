// Requests of every method with values of every kind: each is answered or refused, the server lives on, and what it
// shows is what it shows after a restart.

import Board
import CallEvents
import Foundation
import Logging
import Randomness
import SwiftProtobuf
import Testing
import Wire

@testable import Server

@Suite struct AnyRequestTests {
    @Test(arguments: Seeds.of(1)) func everyRequestIsAnsweredOrRefused(seed: UInt64) throws {
        var configuration = ServerConfiguration(dataDirectory: temporaryDirectory())
        defer { try? FileManager.default.removeItem(atPath: configuration.dataDirectory) }
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        configuration.clock = seed.isMultiple(of: 3) ? .events : .wall
        // Boards go by the thread for large ones, too.
        configuration.customersAtOnce = seed.isMultiple(of: 2) ? 0 : 100
        configuration.journalSegmentBytes = 1 << 20
        var random = SeededGenerator(seed: seed)
        var messages = try RandomMessages(seed: seed &+ 1, now: Int64(Date().timeIntervalSince1970 * 1e6))
        var shown: Shown?
        var answered: [Method: Int] = [:]
        for _ in 0..<2 {
            let server = try Server.start(configuration, logger: silentLogger())
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            if let shown {
                #expect(try Shown(client) == shown, "seed \(seed)")
            } else {
                try Self.addCustomers(client)
            }
            for number in 1...400 as ClosedRange<UInt32> {
                let method = Method.allCases[Int.random(in: 0..<Method.allCases.count, using: &random)]
                let payload = Self.payload(of: method, &messages, &random)
                let answer = try client.request(method.rawValue, id: number, payload: payload)
                let comment: Comment = "seed \(seed), request \(number): \(method) \(payload)"
                #expect(answer.id == number && (answer.kind == 1 || answer.kind == 2), comment)
                #expect(answer.error?.code != "INTERNAL", comment)
                if answer.kind == 1 { answered[method, default: 0] += 1 }
            }
            shown = try Shown(client)
        }
        // Most requests make some sense.
        #expect(answered.count > 20 && answered.values.reduce(0, +) > 200, "seed \(seed): \(answered)")
        #expect(try DataInspection(path: configuration.dataDirectory).faults == [], "seed \(seed)")
    }

    private static func addCustomers(_ client: RawClient) throws {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = (1...12).map { number in
            var customer = Busyhour_V1_Customer()
            (customer.name, customer.currency) = ("N\(number)", ["EUR", "USD"][number % 2])
            customer.auth = [.with { ($0.kind, $0.value) = (.sip, "u\(number)") }]
            customer.creditMicros = Int64(number) * 1_000_000
            return customer
        }
        let answer = try client.call(
            Method.createCustomers.rawValue, request, Busyhour_V1_CreateCustomersResponse.self)
        #expect(answer.errors.isEmpty)
    }

    private static func payload(
        of method: Method, _ messages: inout RandomMessages, _ random: inout SeededGenerator
    ) -> [UInt8] {
        let name = "\(method)"
        var payload = messages.message(name.prefix(1).uppercased() + name.dropFirst() + "Request")
        if !payload.isEmpty && Int.random(in: 0..<10, using: &random) == 0 {
            payload[Int.random(in: 0..<payload.count, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
        }
        return payload
    }

    @Test func everyMethodHasAMessage() throws {
        let names = Set(try RandomMessages(seed: 1, now: 0).names)
        for method in Method.allCases {
            let name = "\(method)"
            #expect(names.contains(name.prefix(1).uppercased() + name.dropFirst() + "Request"))
        }
    }

    /// What must be the same after a restart.
    private struct Shown: Equatable {
        var bytes: [[UInt8]] = []
        var columns: [Busyhour_V1_ResultColumn] = []

        init(_ client: RawClient) throws {
            for (method, request) in [
                (Method.history, try Busyhour_V1_HistoryRequest.with { $0.limit = 1_000 }.serializedBytes()),
                (.listLayouts, try Busyhour_V1_ListLayoutsRequest.with { $0.who = "anna" }.serializedBytes()),
                (.listTemplates, []), (.settings, []),
                (.listCustomers, try Busyhour_V1_ListCustomersRequest.with { $0.limit = 1_000 }.serializedBytes()),
            ] as [(Method, [UInt8])] {
                let answer = try client.request(method.rawValue, payload: request)
                #expect(answer.kind == 1, "\(method): \(answer.error?.message ?? "")")
                bytes.append(answer.payload)
            }
            var query = Busyhour_V1_BoardRequest()
            query.columns = ["id", "bids", "answered", "cost", "credit", "last_call", "causes.busy"]
            (query.window, query.limit) = ("all", 10_000)
            columns = try client.call(Method.board.rawValue, query, Busyhour_V1_BoardResponse.self).columns
        }
    }
}
