import Board
import Foundation
import Server
import SwiftProtobuf
import Testing
import Wire

/// Sending by number over the wire, and after a restart.
@Suite struct ProducerRequestTests {
    private let noon: Int64 = 1_735_732_800_000_000
    private let id = Data((1...16).map { UInt8($0) })

    private func hello(
        _ epoch: UInt64, counted: UInt64 = 0, by client: RawClient
    ) throws -> Busyhour_V1_HelloResponse {
        var request = Busyhour_V1_HelloRequest()
        (request.producer, request.epoch, request.counted) = (id, epoch, counted)
        return try client.call(20, request, Busyhour_V1_HelloResponse.self)
    }

    private func marks(
        _ epoch: UInt64, save: Bool = false, end: Bool = false, by client: RawClient
    ) throws -> Busyhour_V1_MarksResponse {
        var request = Busyhour_V1_MarksRequest()
        (request.producer, request.epoch, request.save, request.end) = (id, epoch, save, end)
        return try client.call(21, request, Busyhour_V1_MarksResponse.self)
    }

    private func batch(_ numbers: ClosedRange<UInt64>, epoch: UInt64) -> Busyhour_V1_ProducerBatch {
        var batch = Busyhour_V1_ProducerBatch()
        (batch.producer, batch.epoch) = (id, epoch)
        (batch.first, batch.last) = (numbers.lowerBound, numbers.upperBound)
        return batch
    }

    /// Calls of customer 1 without keys: nothing but their numbers tells them apart.
    private func calls(_ numbers: ClosedRange<UInt64>, epoch: UInt64) -> Busyhour_V1_IngestCallsRequest {
        var request = Busyhour_V1_IngestCallsRequest()
        var party = Busyhour_V1_Party()
        party.customerID = 1
        request.parties = [party]
        for number in numbers {
            request.party.append(0)
            request.setupMicros.append(noon + Int64(number) * 1_000)
            request.endMilliseconds.append(1_000)
        }
        request.batch = batch(numbers, epoch: epoch)
        return request
    }

    private func send(
        _ numbers: ClosedRange<UInt64>, epoch: UInt64, by client: RawClient
    ) throws -> Busyhour_V1_IngestResponse {
        try client.call(6, calls(numbers, epoch: epoch), Busyhour_V1_IngestResponse.self)
    }

    private func create(by client: RawClient) throws {
        var request = Busyhour_V1_CreateCustomersRequest()
        var customer = Busyhour_V1_Customer()
        (customer.name, customer.currency) = ("a", "EUR")
        request.customers = [customer]
        _ = try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self)
    }

    private func bids(by client: RawClient) throws -> UInt64 {
        var request = Busyhour_V1_MetricsRequest()
        (request.customerID, request.window) = (1, "all")
        return try client.call(11, request, Busyhour_V1_MetricsResponse.self).bids
    }

    /// Asks until all is safe.
    private func save(_ epoch: UInt64, by client: RawClient) throws -> Busyhour_V1_MarksResponse {
        for _ in 0..<60_000 {
            let marks = try marks(epoch, save: true, by: client)
            if marks.safe == marks.applied { return marks }
            usleep(5_000)
        }
        return try marks(epoch, by: client)
    }

    @Test func eachNumberCountsOnce() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        try create(by: client)
        #expect(try hello(1, by: client).known == false)
        let first = try send(1...10, epoch: 1, by: client)
        #expect(first.calls == 10 && first.applied == 10 && first.safe == 0)
        let again = try send(1...10, epoch: 1, by: client)
        #expect(again.calls == 0 && again.duplicates == 10 && again.read == 10)
        let both = try send(6...20, epoch: 1, by: client)
        #expect(both.calls == 10 && both.duplicates == 5 && both.applied == 20)
        #expect(try bids(by: client) == 20)
        let status = try client.status()
        #expect(status.producers == 1 && status.feed("cdr").received == 35 && status.feed("cdr").duplicates == 15)

        let gap = #expect(throws: Busyhour_V1_Error.self) { try send(30...31, epoch: 1, by: client) }
        #expect(gap?.code == "GAP" && gap?.details == ["expected": "21"])
        var skipping = calls(30...31, epoch: 1)
        skipping.batch.lost = 9
        #expect(try client.call(6, skipping, Busyhour_V1_IngestResponse.self).applied == 31)
        #expect(try client.status().lostByProducers == 9)

        #expect(try hello(2, by: client).applied == 31)
        let fenced = #expect(throws: Busyhour_V1_Error.self) { try send(32...33, epoch: 1, by: client) }
        #expect(fenced?.code == "FENCED" && fenced?.details == ["epoch": "2"])
        #expect(throws: Busyhour_V1_Error.self) { try hello(2, by: client) }
        #expect(throws: Busyhour_V1_Error.self) { try marks(1, by: client) }
        #expect(try bids(by: client) == 22)
    }

    @Test func eventsAndPacketsHaveNumbersToo() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        try create(by: client)
        var events = Busyhour_V1_IngestEventsRequest()
        var party = Busyhour_V1_Party()
        party.customerID = 1
        events.parties = [party]
        events.kind = Data([1, 1, 1])
        events.keyHigh = [1, 1, 1]
        events.keyLow = [1, 2, 3]
        events.timeMicros = [noon, noon + 1, noon + 2]
        events.party = [0, 0, 0]
        events.batch = batch(1...3, epoch: 1)
        #expect(try client.call(5, events, Busyhour_V1_IngestResponse.self).calls == 3)
        let again = try client.call(5, events, Busyhour_V1_IngestResponse.self)
        #expect(again.calls == 0 && again.duplicates == 3 && again.applied == 3)
        var packets = Busyhour_V1_IngestHEPRequest()
        packets.packets = [Data("HEP3".utf8), Data("none".utf8)]
        packets.batch = batch(4...5, epoch: 1)
        #expect(try client.call(7, packets, Busyhour_V1_IngestResponse.self).errors == 2)
        let known = try client.call(7, packets, Busyhour_V1_IngestResponse.self)
        #expect(known.errors == 0 && known.duplicates == 2 && known.read == 2 && known.applied == 5)
    }

    @Test func whatMakesNoSenseIsRefusedAndChangesNothing() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        try create(by: client)
        var nobody = calls(1...2, epoch: 1)
        nobody.batch.producer = Data([1, 2, 3])
        var short = calls(1...2, epoch: 1)
        short.batch.last = 1
        var offsets = calls(1...2, epoch: 1)
        offsets.batch.offsets = [1, 0]
        var highest = calls(1...2, epoch: 1)
        (highest.batch.first, highest.batch.last) = (.max, 0)
        for request in [nobody, short, offsets, highest] {
            let error = #expect(throws: Busyhour_V1_Error.self) {
                try client.call(6, request, Busyhour_V1_IngestResponse.self)
            }
            #expect(error?.code == "INVALID_ARGUMENT")
        }
        #expect(try bids(by: client) == 0)
        #expect(try client.status().producers == 0)
        // The last number may be left out.
        var open = calls(1...2, epoch: 1)
        open.batch.last = 0
        #expect(try client.call(6, open, Busyhour_V1_IngestResponse.self).applied == 2)
    }

    @Test func aRestartHasThemAllAndEndingForgetsThem() throws {
        let first = try TestServer { $0.clock = .events }
        var client = try first.client()
        try create(by: client)
        _ = try hello(7, counted: 100, by: client)
        #expect(try send(101...110, epoch: 7, by: client).safe == 0)
        let busy = #expect(throws: Busyhour_V1_Error.self) { try marks(7, end: true, by: client) }
        #expect(busy?.code == "BUSY")
        #expect(try save(7, by: client).safe == 110)
        #expect(try send(111...120, epoch: 7, by: client).safe == 110)
        first.server.shutdown()
        defer { try? FileManager.default.removeItem(atPath: first.directory) }
        var configuration = ServerConfiguration(dataDirectory: first.directory)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        configuration.clock = .events
        let second = try Server.start(configuration, logger: silentLogger())
        defer { second.shutdown() }
        client = try RawClient(port: second.rpcEndpoint.port)
        let greeted = try hello(8, by: client)
        #expect(greeted.known && greeted.applied == 120 && greeted.safe == 120)
        #expect(try bids(by: client) == 20)
        _ = try marks(8, end: true, by: client)
        #expect(try client.status().producers == 0)
        #expect(try hello(1, by: client).known == false)
    }

    private func credit(by client: RawClient) throws -> Int64 {
        var request = Busyhour_V1_GetCustomerRequest()
        request.id = 1
        return try client.call(3, request, Busyhour_V1_GetCustomerResponse.self).customer.creditMicros
    }

    private func calls(costing micros: [Int64], _ numbers: ClosedRange<UInt64>) -> Busyhour_V1_IngestCallsRequest {
        var request = calls(numbers, epoch: 1)
        request.answerMilliseconds = micros.map { _ in 0 }
        request.costMicros = micros
        return request
    }

    /// A long batch of few customers is a short record: a journal of small segments has room for it.
    @Test func manyCallsOfFewPartiesFitIntoASmallJournal() throws {
        let server = try TestServer { $0.journalSegmentBytes = 64 << 10 }
        defer { server.stop() }
        let client = try server.client()
        for page in 0..<20 {
            var request = Busyhour_V1_CreateCustomersRequest()
            request.idempotencyKey = Data(repeating: UInt8(page), count: 16)
            request.customers = (0..<100).map { number in
                var customer = Busyhour_V1_Customer()
                (customer.name, customer.currency) = ("customer \(page * 100 + number)", "EUR")
                return customer
            }
            #expect(try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self).ids.count == 100)
        }
        _ = try hello(1, by: client)
        let answer = try client.call(
            6, calls(costing: [Int64](repeating: 1, count: 4_096), 1...4_096), Busyhour_V1_IngestResponse.self)
        #expect(answer.calls == 4_096 && answer.applied == 4_096)
    }

    @Test func costsAreTakenFromCreditOnce() throws {
        let first = try TestServer { $0.clock = .events }
        var client = try first.client()
        try create(by: client)
        let request = calls(costing: [1_000_000, 250_000, 0], 1...3)
        #expect(try client.call(6, request, Busyhour_V1_IngestResponse.self).calls == 3)
        #expect(try credit(by: client) == -1_250_000)
        #expect(try client.call(6, request, Busyhour_V1_IngestResponse.self).duplicates == 3)
        #expect(try credit(by: client) == -1_250_000)
        // Without numbers as well.
        var plain = calls(costing: [5], 1...1)
        plain.clearBatch()
        _ = try client.call(6, plain, Busyhour_V1_IngestResponse.self)
        #expect(try credit(by: client) == -1_250_005)
        // What is no amount is refused by name, and changes nothing.
        let refused = try client.call(
            6, calls(costing: [.max], 4...4), Busyhour_V1_IngestResponse.self)
        #expect(refused.errorsByName == ["cost_limit": 1] && refused.refusals.map(\.row) == [0])
        first.server.shutdown()
        defer { try? FileManager.default.removeItem(atPath: first.directory) }
        var configuration = ServerConfiguration(dataDirectory: first.directory)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        configuration.clock = .events
        configuration.isDebiting = false
        let second = try Server.start(configuration, logger: silentLogger())
        defer { second.shutdown() }
        client = try RawClient(port: second.rpcEndpoint.port)
        #expect(try credit(by: client) == -1_250_005)
        #expect(try client.call(6, calls(costing: [9], 5...5), Busyhour_V1_IngestResponse.self).calls == 1)
        #expect(try credit(by: client) == -1_250_005)
    }

    @Test func aCreditThatWouldOverflowIsToldByName() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        var request = Busyhour_V1_CreateCustomersRequest()
        var customer = Busyhour_V1_Customer()
        (customer.name, customer.currency, customer.creditMicros) = ("a", "EUR", .min + 3)
        request.customers = [customer]
        #expect(try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self).errorCount == 0)
        let answer = try client.call(6, calls(costing: [2, 2, 1], 1...3), Busyhour_V1_IngestResponse.self)
        #expect(answer.calls == 2 && answer.errors == 1 && answer.errorsByName == ["credit_overflow": 1])
        #expect(try credit(by: client) == .min)
        #expect(try client.status().feed("cdr").errorsByName == ["credit_overflow": 1])
    }
}
