import Board
import Foundation
import Server
import SwiftProtobuf
import Testing
import Wire

/// Every family of requests against a real engine, by the events' clock.
@Suite struct RequestTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: Int64 = 1_735_732_800_000_000

    private func customer(_ name: String) -> Busyhour_V1_Customer {
        var customer = Busyhour_V1_Customer()
        customer.name = name
        customer.currency = "EUR"
        return customer
    }

    private func create(
        _ customers: [Busyhour_V1_Customer], by client: RawClient, key: [UInt8] = [], dryRun: Bool = false
    ) throws -> Busyhour_V1_CreateCustomersResponse {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = customers
        request.idempotencyKey = Data(key)
        request.dryRun = dryRun
        return try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self)
    }

    @Test func customersAreCreatedFoundAndListed() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        #expect(try create([customer("a"), customer("b")], by: client, dryRun: true).ids.isEmpty)
        let key = [UInt8](1...16)
        let created = try create([customer("a"), customer("b"), customer("c")], by: client, key: key)
        #expect(created.ids.count == 3 && created.errors.isEmpty)
        #expect(try create([customer("a"), customer("b"), customer("c")], by: client, key: key).ids == created.ids)
        #expect(try client.status().customers == 3)

        var get = Busyhour_V1_GetCustomerRequest()
        get.name = "B"
        let found = try client.call(3, get, Busyhour_V1_GetCustomerResponse.self).customer
        #expect(found.id == created.ids[1] && found.name == "b" && found.version == 1)
        get.id = 999
        #expect(throws: Busyhour_V1_Error.self) { try client.call(3, get, Busyhour_V1_GetCustomerResponse.self) }

        var list = Busyhour_V1_ListCustomersRequest()
        list.afterID = created.ids[0]
        list.limit = 1
        let page = try client.call(4, list, Busyhour_V1_ListCustomersResponse.self)
        #expect(page.customers.map(\.name) == ["b"] && page.total == 3)
        list.limit = 10_001
        #expect(throws: Busyhour_V1_Error.self) { try client.call(4, list, Busyhour_V1_ListCustomersResponse.self) }
    }

    @Test func allOrNothing() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var wrong = customer("x")
        wrong.status = "Asleep"
        let unreadable = try create([customer("a"), wrong], by: client)
        #expect(unreadable.ids.isEmpty && unreadable.errorCount == 1)
        #expect(unreadable.errors.map(\.index) == [1] && unreadable.errors.map(\.field) == ["status"])
        let nameless = try create([customer("a"), customer("")], by: client)
        #expect(nameless.ids.isEmpty && nameless.errors.map(\.field) == ["name"])
        #expect(throws: Busyhour_V1_Error.self) { try create([customer("a")], by: client, key: [1, 2]) }
        #expect(try client.status().customers == 0)
    }

    @Test func moreCustomersThanAreTakenAreRefusedUnread() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        // Customers of two bytes each; then one customer with contacts of two bytes each.
        let customers = try client.request(
            2,
            payload: [UInt8](repeating: 0, count: 200_002).enumerated().map {
                $0.offset % 2 == 0 ? 0x12 : 0
            })
        #expect(customers.error?.code == "TOO_LARGE")
        let contacts = [UInt8](repeating: 0, count: 4_000_002).enumerated().map { UInt8($0.offset % 2 == 0 ? 0x72 : 0) }
        let length: [UInt8] = [0x12, 0x82, 0x92, 0xF4, 0x01]
        #expect(try client.request(2, payload: length + contacts).error?.code == "TOO_LARGE")
        #expect(try client.status().customers == 0)
    }

    @Test func aBoardByTheEventsClockHasATimeBeforeTheFirstEvent() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        #expect(try client.call(9, Busyhour_V1_CallsRequest(), Busyhour_V1_CallsResponse.self).asOf > noon)
        #expect(try client.call(8, Busyhour_V1_BoardRequest(), Busyhour_V1_BoardResponse.self).asOf > noon)
    }

    @Test func finishedCallsReachTheBoard() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        let id = try create([customer("a")], by: client).ids[0]
        var calls = Busyhour_V1_IngestCallsRequest()
        var party = Busyhour_V1_Party()
        party.customerID = id
        var unknown = Busyhour_V1_Party()
        unknown.account = "nobody"
        calls.parties = [party, unknown]
        calls.party = [0, 0, 1, 7]
        calls.setupMicros = Array(repeating: noon, count: 4)
        calls.answerMilliseconds = [1_000, .max, .max, .max]
        calls.endMilliseconds = [61_000, 2_000, 1_000, 1_000]
        calls.code = [200, 486, 404, 404]
        calls.readerErrors = ["bad_time": 2]
        let summary = try client.call(6, calls, Busyhour_V1_IngestResponse.self)
        #expect(summary.read == 4 && summary.calls == 2 && summary.unattributed == 1 && summary.errors == 1)
        #expect(summary.errorsByName == ["invalid": 1])
        let status = try client.status()
        let feed = status.feed("cdr")
        #expect(feed.received == 6 && feed.calls == 2 && feed.errors == 3)
        #expect(feed.errorsByName == ["bad_time": 2, "invalid": 1])
        #expect(status.unattributedSources.map(\.source) == ["account:nobody"])

        var question = Busyhour_V1_BoardRequest()
        question.columns = ["name", "attempts", "asr", "talk"]
        question.window = "5m"
        let board = try client.call(8, question, Busyhour_V1_BoardResponse.self)
        #expect(board.matched == 1 && board.window == "5m")
        #expect(board.columns.map(\.name) == ["name", "attempts", "asr", "talk"])
        #expect(board.columns[0].dictionary == ["a"])
        #expect(board.columns[1].integers == [2])
        #expect(board.columns[2].numbers == [50])

        var why = Busyhour_V1_ExplainRequest()
        why.metric = "asr"
        why.customerID = id
        let explanation = try client.call(10, why, Busyhour_V1_ExplainResponse.self)
        #expect(explanation.customerName == "a" && explanation.hasValue_p && explanation.value == 50)
        #expect(explanation.numerator == 1 && explanation.denominator == 2 && explanation.recent.count == 2)
    }

    @Test func liveEventsAreLiveCalls() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        let id = try create([customer("a")], by: client).ids[0]
        var events = Busyhour_V1_IngestEventsRequest()
        var party = Busyhour_V1_Party()
        party.customerID = id
        events.parties = [party]
        events.kind = Data([1, 2, 3, 1])
        events.keyHigh = [1, 1, 1, 2]
        events.keyLow = [1, 1, 1, 2]
        events.timeMicros = [noon, noon + 1_000, noon + 2_000, noon + 3_000]
        events.party = [0, .max, .max, 0]
        let summary = try client.call(5, events, Busyhour_V1_IngestResponse.self)
        #expect(summary.read == 4 && summary.calls == 2)
        #expect(try client.status().feed("rpc").calls == 2)
        let live = try client.call(9, Busyhour_V1_CallsRequest(), Busyhour_V1_CallsResponse.self)
        #expect(live.total == 2)
        #expect(live.calls.map(\.state) == ["answered", "setup"] && live.calls.map(\.customerName) == ["a", "a"])
        #expect(live.calls[0].ringAt == noon + 1_000 && live.calls[0].answerAt == noon + 2_000)
        #expect(live.calls[0].keyHigh == 1 && live.calls[1].keyLow == 2)
    }

    /// The same questions plainly, in one write, and each with an unknown field, which takes the other way.
    @Test func metricsInARunAreThoseOfTheMessage() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        let ids = try create([customer("a"), customer("b"), customer("c")], by: client).ids
        var calls = Busyhour_V1_IngestCallsRequest()
        calls.parties = ids.prefix(2).map { id in .with { $0.customerID = id } }
        calls.party = [0, 0, 1, 0]
        calls.setupMicros = [noon, noon + 1_000_000, noon, noon - 3_600_000_000]
        calls.ringMilliseconds = [500, 700, .max, 100]
        calls.answerMilliseconds = [1_000, .max, .max, 1_000]
        calls.endMilliseconds = [1_300, 2_000, 1_000, 301_000]
        calls.code = [200, 486, 404, 200]
        calls.costMicros = [5, 0, 0, 7]
        _ = try client.call(6, calls, Busyhour_V1_IngestResponse.self)

        let questions = ["", "1m", "5m", "15m", "1h", "24h", "all"].flatMap { window in
            ids.map { id in Busyhour_V1_MetricsRequest.with { ($0.customerID, $0.window) = (id, window) } }
        }
        let second = try server.client()
        var run: [UInt8] = []
        for (index, question) in questions.enumerated() {
            run += rawFrame(11, id: UInt32(index + 1), payload: try question.serializedBytes())
        }
        try client.send(run)
        for (index, question) in questions.enumerated() {
            let answer = try #require(try client.receive())
            #expect(answer.method == 11 && answer.kind == 1 && answer.id == UInt32(index + 1))
            let read = try Busyhour_V1_MetricsResponse(serializedBytes: answer.payload)
            let unknown: [UInt8] = [15 << 3, 1]
            let other = try second.request(11, payload: try question.serializedBytes() + unknown)
            #expect(other.payload == answer.payload, "\(question)")
            #expect(try read.serializedBytes() == answer.payload)
        }
        let hour = Busyhour_V1_MetricsRequest.with { ($0.customerID, $0.window) = (ids[0], "24h") }
        let figures = try client.call(11, hour, Busyhour_V1_MetricsResponse.self)
        #expect(figures.bids == 3 && figures.attempts == 3 && figures.answered == 2 && figures.busy == 1)
        #expect(figures.asrN == 3 && figures.acdN == 2 && figures.talkMilliseconds == 300_300 && figures.short == 1)
        #expect(figures.pddN == 3 && figures.pddMilliseconds == 1_300 && figures.ended == 3 && figures.costMicros == 12)
        #expect(figures.asOf == noon + 3_000_000)
    }

    @Test func wrongQuestionsInARunAreAnsweredInTheirPlace() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        let id = try create([customer("a")], by: client).ids[0]
        let good: [UInt8] = [0x08, UInt8(id)]
        let payloads: [[UInt8]] = [
            good, [0x08, 99], good, good + [0x12, 2] + Array("2h".utf8), [0x12, 9, 0], good,
            good + [0x12, 9] + Array("nonsense!".utf8), good,
        ]
        try client.send(payloads.enumerated().flatMap { rawFrame(11, id: UInt32($0 + 1), payload: $1) })
        let codes = ["", "NOT_FOUND", "", "INVALID_ARGUMENT", "MALFORMED", "", "INVALID_ARGUMENT", ""]
        for (index, code) in codes.enumerated() {
            let answer = try #require(try client.receive())
            #expect(answer.id == UInt32(index + 1))
            #expect(answer.error?.code ?? "" == code)
        }
        #expect(try client.status().requests == 10)
    }

    @Test func theMetricIsLookedAtBeforeTheCustomer() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var why = Busyhour_V1_ExplainRequest()
        why.customerID = 1
        why.metric = "name"
        let field = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(10, why, Busyhour_V1_ExplainResponse.self)
        }
        #expect(field?.message.hasPrefix("'name' is a field") == true)
        why.metric = "asr"
        let missing = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(10, why, Busyhour_V1_ExplainResponse.self)
        }
        #expect(missing?.code == "NOT_FOUND")
    }

    @Test func wrongQuestionsTellWhere() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var question = Busyhour_V1_BoardRequest()
        question.where = "asr <"
        let error = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(8, question, Busyhour_V1_BoardResponse.self)
        }
        #expect(error?.code == "INVALID_ARGUMENT" && error?.details["position"] != nil)
        question.where = "asr > 1"
        question.columns = ["name", "attempts * asz"]
        let column = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(8, question, Busyhour_V1_BoardResponse.self)
        }
        #expect(column?.details["expression"] == "attempts * asz" && column?.details["position"] == "11")
        question.columns = []
        // Quoted in full, this text would not fit a frame.
        question.where = String(repeating: "x", count: 10_000_000)
        let long = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(8, question, Busyhour_V1_BoardResponse.self)
        }
        #expect((long?.message.utf8.count ?? 0) <= 4_096)
    }
}
