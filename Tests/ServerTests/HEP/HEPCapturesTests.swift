import Board
import Foundation
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// Captured packets in requests.
@Suite struct HEPCapturesTests {
    /// 2025-01-01 12:00:00 UTC.
    private let noon: UInt32 = 1_735_732_800

    private func packet(_ number: Int) -> [UInt8] { HEPPacket.invite("call-\(number)", seconds: noon).bytes }

    private func ingest(
        _ records: [[UInt8]], stream: String = "", key: String = "", by client: RawClient
    ) throws -> Busyhour_V1_IngestResponse {
        var request = Busyhour_V1_IngestHEPRequest()
        request.packets = records.map { Data($0) }
        request.stream = stream
        request.authKey = key
        return try client.call(7, request, Busyhour_V1_IngestResponse.self)
    }

    @Test func recordsOfOneAndOfManyPackets() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        let summary = try ingest([packet(1), packet(2) + packet(3) + packet(4), [1, 2, 3]], by: client)
        #expect(summary.read == 5 && summary.unattributed == 4 && summary.errors == 1)
        #expect(summary.errorsByName.values.reduce(0, +) == 1)
        let feed = try client.status().feed("hep-file")
        #expect(feed.received == 5 && feed.errors == 1)
    }

    @Test func aStreamGoesOnFromRequestToRequest() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        let bytes = packet(1) + packet(2)
        for split in stride(from: 1, to: bytes.count, by: 37) {
            // Another stream between the halves does not disturb.
            let first = try ingest([Array(bytes[..<split])], stream: "a", by: client)
            let between = try ingest([packet(3)], stream: "b", by: client)
            let second = try ingest([Array(bytes[split...])], stream: "a", by: client)
            #expect(first.read + second.read == 2 && between.read == 1)
            #expect(first.errors + second.errors + between.errors == 0)
        }
    }

    @Test func aBrokenStreamBeginsAnew() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        #expect(try ingest([Array("not HEP at all".utf8)], stream: "a", by: client).errors == 1)
        let summary = try ingest([packet(1)], stream: "a", by: client)
        #expect(summary.read == 1 && summary.errors == 0)
    }

    @Test func theKeyIsTheRequests() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        var keyed = HEPPacket.invite("k", seconds: noon)
        keyed.key = "secret"
        #expect(try ingest([packet(1), keyed.bytes], key: "secret", by: client).errors == 1)
        #expect(try ingest([packet(2), keyed.bytes], by: client).errors == 0)
    }

    @Test func sameCallAsOnTheSocket() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        try sendDatagram(packet(1), port: try #require(server.server.hepEndpoint?.port))
        _ = try server.status { $0.feed("hep-udp").received == 1 }
        let before = try client.status().unattributed
        _ = try ingest([packet(1)], by: client)
        #expect(try client.status().unattributed == before)
    }

    /// The end of a capture tells that the rest of its last message is missing; so does time.
    @Test func theLastMessageIsCut() throws {
        let server = try TestServer { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        var cut = HEPPacket.invite("cut", seconds: noon)
        cut.transport = 6
        cut.payload = String(cut.payload.dropLast(20))
        #expect(try ingest([cut.bytes], by: client).errors == 0)
        var end = Busyhour_V1_IngestHEPRequest()
        end.ends = true
        let answer = try client.call(7, end, Busyhour_V1_IngestResponse.self)
        #expect(answer.errorsByName == ["sip_rest_missing": 1] && answer.read == 0)
        #expect(try client.status().feed("hep-file").errors == 1)
        end.stream = "another"
        #expect(try client.call(7, end, Busyhour_V1_IngestResponse.self).errors == 0)
    }

    @Test func wrongRequests() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        #expect(throws: Busyhour_V1_Error.self) {
            try ingest([], stream: String(repeating: "x", count: 257), by: client)
        }
        var request = Busyhour_V1_IngestHEPRequest()
        request.packets = [Data([1])]
        request.arrivalMicros = [1, 2]
        #expect(throws: Busyhour_V1_Error.self) {
            try client.call(7, request, Busyhour_V1_IngestResponse.self)
        }
    }

    /// One more stream than may be open ends the one idle longest, and no other.
    @Test func theStreamIdleLongestMakesRoom() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        func send(_ bytes: some Collection<UInt8>, to stream: Int) throws -> Busyhour_V1_IngestResponse {
            let request = Busyhour_V1_IngestHEPRequest.with {
                ($0.packets, $0.stream) = ([Data(bytes)], "s\(stream)")
            }
            return try client.call(.ingestHEP, request, Busyhour_V1_IngestResponse.self)
        }
        let (bytes, count) = (packet(1), Limits.hepStreams)
        for stream in 0..<count { #expect(try send(bytes.prefix(50), to: stream).errors == 0) }
        // The first two are used again, so the third is the one.
        for stream in 0..<2 { #expect(try send(bytes[50..<60], to: stream).errors == 0) }
        #expect(try send(bytes.prefix(50), to: count).errors == 0)
        for stream in 0...count where stream != 2 {
            let rest = try send(bytes[(stream < 2 ? 60 : 50)...], to: stream)
            #expect(rest.read == 1 && rest.errors == 0, "stream \(stream)")
        }
        #expect(try send(bytes[50...], to: 2).errors == 1)
    }

    /// Two producers tell messages of connections between the same addresses, each in pieces: none gets the other's.
    @Test func piecesAreOfTheirProducer() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        func piece(_ call: String, _ text: Substring, of producer: UInt8, _ number: UInt64) throws -> UInt64 {
            var packet = HEPPacket.invite(call, seconds: noon)
            (packet.transport, packet.payload) = (6, String(text))
            let request = Busyhour_V1_IngestHEPRequest.with {
                $0.packets = [Data(packet.bytes)]
                ($0.batch.producer, $0.batch.epoch) = (Data(repeating: producer, count: 16), 1)
                ($0.batch.first, $0.batch.last) = (number, number)
            }
            let answer = try client.call(.ingestHEP, request, Busyhour_V1_IngestResponse.self)
            #expect(answer.errors == 0, "\(answer.errorsByName)")
            return answer.unattributed
        }
        let (one, other) = (HEPPacket.invite("one", seconds: noon), HEPPacket.invite("other", seconds: noon))
        for (round, cut) in [1, 40, 120].enumerated() {
            let number = UInt64(2 * round + 1)
            #expect(try piece("one", one.payload.prefix(cut), of: 1, number) == 0)
            #expect(try piece("other", other.payload.prefix(cut + 7), of: 2, number) == 0)
            _ = try piece("one", one.payload.dropFirst(cut), of: 1, number + 1)
            _ = try piece("other", other.payload.dropFirst(cut + 7), of: 2, number + 1)
        }
        let status = try client.call(.status, Busyhour_V1_StatusRequest(), Busyhour_V1_StatusResponse.self)
        #expect(status.unattributed == 2 && status.feed("hep-file").errors == 0)
    }
}
