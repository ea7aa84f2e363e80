import Board
import Foundation
import Server
import SwiftProtobuf
import Testing
import Wire

/// Boards that a thread of their own answers, beside everything else.
@Suite struct BoardQueueTests {
    private let noon: Int64 = 1_735_732_800_000_000

    /// - Parameter customersAtOnce: 0: no board is answered at once, but one that is asked again unchanged.
    private func server(customersAtOnce: Int) throws -> TestServer {
        let server = try TestServer {
            $0.clock = .events
            $0.customersAtOnce = customersAtOnce
        }
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = (1...500).map { number in
            .with {
                $0.name = "customer \(number)"
                $0.currency = ["EUR", "USD", "JPY"][number % 3]
                $0.country = ["DE", "FR", "", "US"][number % 4]
                $0.creditMicros = Int64(number) * 1_000_000
            }
        }
        let client = try server.client()
        let created = try client.call(2, request, Busyhour_V1_CreateCustomersResponse.self)
        #expect(created.ids.count == 500)
        try send(1_000, by: client)
        return server
    }

    /// Finished calls, spread over the customers.
    private func send(_ count: Int, by client: RawClient) throws {
        var calls = Busyhour_V1_IngestCallsRequest()
        let parties = min(count, 500)
        calls.parties = (1...parties).map { id in .with { $0.customerID = UInt32(id) } }
        calls.party = (0..<count).map { UInt32($0 * 7 % parties) }
        calls.setupMicros = (0..<count).map { noon + Int64($0 % 30) * 1_000_000 }
        calls.answerMilliseconds = (0..<count).map { $0 % 3 == 0 ? .max : 1_000 }
        calls.endMilliseconds = Array(repeating: 9_000, count: count)
        calls.code = (0..<count).map { $0 % 3 == 0 ? 486 : 200 }
        #expect(try client.call(6, calls, Busyhour_V1_IngestResponse.self).calls == UInt64(count))
    }

    private var questions: [Busyhour_V1_BoardRequest] {
        [
            .with { $0.columns = ["name", "asr", "credit"] },
            .with {
                $0.groupBy = ["country"]
                $0.columns = ["count", "asr", "credit"]
            },
            .with {
                $0.groupBy = ["country", "currency"]
                $0.pivot = "status"
            },
            .with {
                $0.where = "attempts > 1 AND credit < 100"
                $0.sort = ["-acd", "name"]
                $0.limit = 7
            },
            .with { $0.columns = ["name", "pdd_p95"] },
            .with { $0.search = "customer 4" },
        ]
    }

    @Test func theAnswersAreThoseGivenAtOnce() throws {
        let servers = [try server(customersAtOnce: 0), try server(customersAtOnce: 1_000_000)]
        defer { for server in servers { server.stop() } }
        let answers = try servers.map { server in
            let client = try server.client()
            // Twice: the second time nothing has changed.
            return try (questions + questions).map { question in
                var answer = try client.call(8, question, Busyhour_V1_BoardResponse.self)
                // Stored times are of each server's own clock.
                answer.columns.removeAll { $0.kind == .time }
                answer.total.removeAll { $0.kind == .time }
                return answer
            }
        }
        for (moved, atOnce) in zip(answers[0], answers[1]) { #expect(moved == atOnce) }
    }

    /// Boards, figures and errors in one write: every request has its own answer, in whatever order, and what was asked
    /// behind a board sees what was sent before it.
    @Test func everyRequestOfARunIsAnswered() throws {
        let server = try server(customersAtOnce: 0)
        defer { server.stop() }
        let client = try server.client()
        var run: [UInt8] = []
        var wrong = Busyhour_V1_BoardRequest()
        wrong.where = "asr <"
        let asked = try (questions + [wrong]).map { try $0.serializedBytes() as [UInt8] }
        var expected: [UInt32: (method: UInt16, isError: Bool)] = [:]
        for round in 0..<40 {
            let id = UInt32(round * 2 + 1)
            run += rawFrame(8, id: id, payload: asked[round % asked.count])
            run += rawFrame(11, id: id + 1, payload: [0x08, 1])
            expected[id] = (8, round % asked.count == asked.count - 1)
            expected[id + 1] = (11, false)
        }
        try client.send(run)
        while !expected.isEmpty {
            let answer = try #require(try client.receive())
            let found = expected.removeValue(forKey: answer.id)
            let wanted = try #require(found)
            #expect(answer.method == wanted.method && (answer.error != nil) == wanted.isError)
        }
    }

    /// One connection asks without end while another sends calls: each answer is of one instant, and none is lost.
    @Test func callsAreCountedBesideBoards() throws {
        let server = try server(customersAtOnce: 0)
        defer { server.stop() }
        let boards = try server.client()
        let calls = try server.client()
        let question = Busyhour_V1_BoardRequest.with {
            $0.groupBy = ["country"]
            $0.columns = ["bids", "answered"]
            $0.window = "all"
        }
        let frame = rawFrame(8, id: 1, payload: try question.serializedBytes())
        var seen: Int64 = 0
        for round in 1...30 {
            for _ in 0..<4 { try boards.send(frame) }
            try send(400, by: calls)
            for _ in 0..<4 {
                let answer = try #require(try boards.receive())
                let board = try Busyhour_V1_BoardResponse(serializedBytes: answer.payload)
                let bids = board.columns[1].integers
                #expect(bids.reduce(0, +) == board.total[1].integers[0])
                #expect(board.total[1].integers[0] >= seen)
                seen = board.total[1].integers[0]
            }
            let after = try calls.call(8, question, Busyhour_V1_BoardResponse.self)
            #expect(after.total[1].integers == [Int64(1_000 + round * 400)])
        }
    }

    @Test func whoGoesAwayIsForgotten() throws {
        let server = try server(customersAtOnce: 0)
        defer { server.stop() }
        let frame = rawFrame(8, id: 1, payload: try questions[2].serializedBytes())
        for _ in 0..<10 {
            let client = try server.client()
            for _ in 0..<20 { try client.send(frame) }
        }
        let last = try server.client()
        try send(10, by: last)
        #expect(try last.call(8, questions[0], Busyhour_V1_BoardResponse.self).matched == 500)
    }

    /// A server that ends answers what was asked, or closes; either way it ends.
    @Test func aServerEndsWithBoardsAsked() throws {
        let server = try server(customersAtOnce: 0)
        let client = try server.client()
        let frame = rawFrame(8, id: 1, payload: try questions[2].serializedBytes())
        for _ in 0..<64 { try client.send(frame) }
        server.stop()
        var answers = 0
        while let answer = try? client.receive() {
            #expect(answer.error == nil)
            answers += 1
        }
        #expect(answers <= 64)
    }
}
