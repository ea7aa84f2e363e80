import Board
import Foundation
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// Marks of producers: whose life may ask, what is durable without events, and what is left of a former life.
@Suite struct ProducerMarkTests {
    private let id = Data((1...16).map { UInt8($0) })

    private func hello(_ epoch: UInt64, counted: UInt64 = 0, _ client: SimulatedClient) throws
        -> Busyhour_V1_HelloResponse
    {
        let request = Busyhour_V1_HelloRequest.with { ($0.producer, $0.epoch, $0.counted) = (id, epoch, counted) }
        return try client.call(.hello, request, Busyhour_V1_HelloResponse.self)
    }

    private func marks(_ epoch: UInt64, end: Bool = false, _ client: SimulatedClient) throws
        -> Busyhour_V1_MarksResponse
    {
        let request = Busyhour_V1_MarksRequest.with {
            ($0.producer, $0.epoch, $0.save, $0.end) = (id, epoch, true, end)
        }
        return try client.call(.marks, request, Busyhour_V1_MarksResponse.self)
    }

    /// A batch without rows.
    private func send(_ numbers: ClosedRange<UInt64>, epoch: UInt64, _ client: SimulatedClient) throws {
        var request = Busyhour_V1_IngestCallsRequest()
        request.batch = .with {
            ($0.producer, $0.epoch, $0.first, $0.last) = (id, epoch, numbers.lowerBound, numbers.upperBound)
        }
        _ = try client.call(.ingestCalls, request, Busyhour_V1_IngestResponse.self)
    }

    /// Saves all, as it is asked for.
    private func save(_ client: SimulatedClient) throws {
        _ = try client.call(.snapshot, Busyhour_V1_SnapshotRequest(), Busyhour_V1_SnapshotResponse.self)
    }

    @Test func onlyFormerLivesAreShutOut() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        _ = try hello(7, counted: 3, client)
        for (epoch, isTaken) in [(1, false), (6, false), (7, true), (8, true), (.max, true)] as [(UInt64, Bool)] {
            let answer = try? marks(epoch, client)
            #expect((answer != nil) == isTaken && (answer?.applied ?? 3) == 3, "\(epoch)")
        }
        let fenced = #expect(throws: Busyhour_V1_Error.self) { try marks(6, client) }
        #expect(fenced?.code == "FENCED" && fenced?.details == ["epoch": "7"])
        for (epoch, isTaken) in [(7, false), (8, true), (8, false), (6, false)] as [(UInt64, Bool)] {
            #expect(((try? hello(epoch, client)) != nil) == isTaken, "\(epoch)")
        }
    }

    /// By the clock of the events, which stands: what is new are the marks.
    @Test func marksAreSavedWithoutEvents() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        func call<Response: Message>(_ method: Wire.Method, _ message: some Message, _: Response.Type) throws
            -> Response
        {
            try client.call(method.rawValue, message, Response.self)
        }
        let hello = Busyhour_V1_HelloRequest.with { ($0.producer, $0.epoch) = (id, 1) }
        _ = try call(.hello, hello, Busyhour_V1_HelloResponse.self)
        for last in [10, 20, 25] as [UInt64] {
            var request = Busyhour_V1_IngestCallsRequest()
            request.batch = .with {
                ($0.producer, $0.epoch, $0.first, $0.last) = (id, 1, last == 25 ? 21 : last - 9, last)
            }
            _ = try call(.ingestCalls, request, Busyhour_V1_IngestResponse.self)
            _ = try call(.snapshot, Busyhour_V1_SnapshotRequest(), Busyhour_V1_SnapshotResponse.self)
            let marks = Busyhour_V1_MarksRequest.with { ($0.producer, $0.epoch) = (id, 1) }
            let answer = try call(.marks, marks, Busyhour_V1_MarksResponse.self)
            #expect(answer.applied == last && answer.safe == last)
        }
    }

    /// Ended and forgotten, it begins with the first number, and nothing of it is durable.
    @Test func anEndedOneBeginsAnew() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        _ = try hello(1, client)
        try send(1...10, epoch: 1, client)
        let early = #expect(throws: Busyhour_V1_Error.self) { try marks(1, end: true, client) }
        #expect(early?.code == "BUSY")
        try save(client)
        #expect(try marks(1, end: true, client).safe == 10)
        for counted in [0, 4] as [UInt64] {
            let again = try hello(1, counted: counted, client)
            #expect(!again.known && again.applied == counted && again.safe <= again.applied, "\(counted)")
            try send(counted + 1...counted + 2, epoch: 1, client)
            let marks = try marks(1, client)
            #expect(marks.applied == counted + 2 && marks.safe <= marks.applied)
            try save(client)
            #expect(try self.marks(1, end: true, client).safe == counted + 2)
        }
    }
}
