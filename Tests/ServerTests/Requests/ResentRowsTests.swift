import Board
import Foundation
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// A batch of which some rows were counted before: what is said of a row says it of the right one.
@Suite struct ResentRowsTests {
    private let id = Data((1...16).map { UInt8($0) })
    private let noon = SimulatedServer.noon

    private func batch(_ numbers: ClosedRange<UInt64>) -> Busyhour_V1_ProducerBatch {
        .with {
            ($0.producer, $0.epoch, $0.first, $0.last) = (id, 1, numbers.lowerBound, numbers.upperBound)
        }
    }

    /// Ordinary calls, then one whose cost is too much, one long ago, one to come, and one of no customer.
    private func calls(_ numbers: ClosedRange<UInt64>) -> Busyhour_V1_IngestCallsRequest {
        var request = Busyhour_V1_IngestCallsRequest()
        request.parties = [.with { $0.customerID = 1 }]
        if numbers.contains(9) { request.parties.append(.with { $0.account = "nobody" }) }
        for number in numbers {
            request.party.append(number == 9 ? 1 : 0)
            let days: Int64 = number == 7 ? -3 : number == 8 ? 3 : 0
            request.setupMicros.append(noon - 600_000_000 + Int64(number) + days * 86_400_000_000)
            request.answerMilliseconds.append(0)
            request.endMilliseconds.append(1_000)
            request.costMicros.append(number == 6 ? .max : 1)
        }
        request.batch = batch(numbers)
        return request
    }

    @Test func rowsAreNamedByTheirPlaceInTheRequest() throws {
        // How many of the rows before the odd ones were counted before: none, some, all.
        for known in 0...5 as ClosedRange<UInt64> {
            let server = try SimulatedServer()
            defer { server.stop() }
            let client = try server.connect()
            try client.create(1)
            if known > 0 {
                let first = try client.call(.ingestCalls, calls(1...known), Busyhour_V1_IngestResponse.self)
                #expect(first.calls == known && first.applied == known)
            }
            let answer = try client.call(.ingestCalls, calls(1...9), Busyhour_V1_IngestResponse.self)
            let label: Comment = "\(known) known"
            #expect(answer.read == 9 && answer.duplicates == known && answer.applied == 9, label)
            #expect(answer.refusals.map(\.row) == [5], label)
            #expect(answer.lateRows == [6] && answer.futureRows == [7] && answer.unattributedRows == [8], label)
            // All of it again is nothing but known.
            let again = try client.call(.ingestCalls, calls(1...9), Busyhour_V1_IngestResponse.self)
            #expect(again.duplicates == 9 && again.calls == 0 && again.errors == 0 && again.refusals.isEmpty, label)
            #expect(again.lateRows.isEmpty && again.futureRows.isEmpty && again.unattributedRows.isEmpty, label)
        }
    }

    /// What the reader of a file could not read is counted with the batch, and once.
    @Test func errorsOfTheReaderAreCountedOnce() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        try client.create(1)
        func send(_ numbers: ClosedRange<UInt64>, rows: ClosedRange<UInt64>? = nil) throws {
            var request = rows.map { calls($0) } ?? Busyhour_V1_IngestCallsRequest()
            request.readerErrors = ["bad_time": 2]
            request.batch = batch(numbers)
            _ = try client.call(.ingestCalls, request, Busyhour_V1_IngestResponse.self)
        }
        func counts() throws -> [UInt64] {
            let feed = try client.call(.status, Busyhour_V1_StatusRequest(), Busyhour_V1_StatusResponse.self)
                .feed("cdr")
            return [feed.received, feed.calls, feed.duplicates, feed.errorsByName["bad_time"] ?? 0]
        }
        try send(1...3, rows: 1...3)
        #expect(try counts() == [5, 3, 0, 2])
        try send(1...3, rows: 1...3)
        #expect(try counts() == [8, 3, 3, 2])
        // Without a row.
        try send(4...4)
        #expect(try counts() == [10, 3, 3, 4])
        try send(4...4)
        #expect(try counts() == [10, 3, 3, 4])
        // A part of it is new: it comes for the first time.
        try send(3...5, rows: 3...5)
        #expect(try counts() == [15, 4, 5, 6])
    }
}
