import Glibc
import Server
import SwiftProtobuf
import Testing
import Wire

@Suite struct RPCConnectionTests {
    @Test func answersTheStatus() throws {
        let server = try TestServer()
        defer { server.stop() }
        let answer = try server.client().request(1, id: 77)
        #expect(answer.method == 1 && answer.kind == 1 && answer.id == 77)
        let status = try Busyhour_V1_StatusResponse(serializedBytes: answer.payload)
        #expect(status.version == "0.1.0")
        #expect(status.health == "ok")
        #expect(status.clock == "wall")
        #expect(status.connections == 1)
        #expect(status.requests == 1)
        #expect(status.residentBytes > 1 << 20)
        #expect(status.feeds.map(\.name) == ["hep-udp", "hep-tcp", "hep-file", "cdr", "rpc"])
        #expect(status.feed("hep-udp").address == server.server.hepEndpoint?.description)
        #expect(status.feed("rpc").address == server.server.rpcEndpoint.description)
    }

    @Test func unknownMethodsAreAnsweredAndCounted() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        for method: UInt16 in [0, 63, 999, .max] {
            let answer = try client.request(method, id: 5, payload: [1, 2, 3])
            #expect(answer.method == method && answer.kind == 2 && answer.id == 5)
            #expect(answer.error?.code == "UNKNOWN_METHOD")
            #expect(answer.error?.message.contains("\(method)") == true)
        }
        #expect(try client.status().requestErrors == ["UNKNOWN_METHOD": 4])
    }

    @Test(arguments: UInt16(1)...11)
    func malformedPayloadsAreAnsweredAndTheConnectionGoesOn(method: UInt16) throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        // Field 1, length-delimited, ten bytes of which one is there.
        let answer = try client.request(method, payload: [0x0A, 10, 0])
        #expect(answer.error?.code == "MALFORMED")
        #expect(try client.status().requestErrors == ["MALFORMED": 1])
    }

    @Test func framesThatAreNoRequests() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        for kind: UInt8 in [1, 2, 3, 4, 6, 255] {
            try client.send(rawFrame(1, kind: kind, id: 9))
            #expect(try client.receive()?.error?.code == "MALFORMED")
        }
        // A cancel has no answer: the next one is the next request's.
        try client.send(rawFrame(1, kind: 5, id: 9))
        #expect(try client.request(1, id: 10).id == 10)
    }

    @Test func aLengthOverTheLimitEndsTheConnection() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        try client.send(rawFrame(1, id: 3))
        // 16,777,217 bytes; what follows is not looked at.
        try client.send([1, 0, 0, 1, 1, 0, 0, 0, 4, 0, 0, 0] + rawFrame(1, id: 5))
        #expect(try client.receive()?.id == 3)
        let refusal = try client.receive()
        #expect(refusal?.id == 0 && refusal?.kind == 2)
        #expect(refusal?.error?.code == "TOO_LARGE")
        #expect(try client.receive() == nil)
        let status = try server.status { $0.connections == 1 }
        #expect(status.connections == 1)
        #expect(status.requestErrors == ["TOO_LARGE": 1])
    }

    @Test func aFrameAtTheLimitIsTaken() throws {
        let server = try TestServer()
        defer { server.stop() }
        // Field 15 (unknown), length-delimited: tag, four bytes of length, the rest.
        let length = (1 << 24) - 5
        let prefix: [UInt8] = [0x7A] + (0..<4).map { UInt8(length >> (7 * $0) & 0x7F | ($0 < 3 ? 0x80 : 0)) }
        let answer = try server.client().request(1, payload: prefix + [UInt8](repeating: 7, count: length))
        #expect(answer.kind == 1)
    }

    @Test func framesSplitAtEveryByte() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        var name = Busyhour_V1_GetCustomerRequest()
        name.name = "nobody"
        let bytes = rawFrame(3, id: 1, payload: try name.serializedBytes()) + rawFrame(1, id: 2)
        for split in 1..<bytes.count {
            try client.send(Array(bytes[..<split]))
            // The first part is read by itself: another connection's answer comes after it.
            _ = try server.client().status()
            try client.send(Array(bytes[split...]))
            #expect(try client.receive()?.error?.code == "NOT_FOUND")
            #expect(try client.receive()?.id == 2)
        }
    }

    @Test func manyInFlightAreAnsweredInOrder() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        let count: UInt32 = 3_000
        try client.send((1...count).flatMap { rawFrame($0 % 3 == 0 ? 999 : 1, id: $0) })
        for id in 1...count {
            let answer = try #require(try client.receive())
            #expect(answer.id == id && answer.kind == (id % 3 == 0 ? 2 : 1))
        }
    }

    @Test func connectionsAreIndependent() throws {
        let server = try TestServer()
        defer { server.stop() }
        let first = try server.client()
        var second: RawClient? = try server.client()
        // Half a request on one holds nothing up on the other.
        try first.send([0, 0, 0])
        #expect(try second?.status().connections == 2)
        second = nil
        try first.send([0] + rawFrame(1, id: 4)[4...])
        #expect(try first.receive()?.id == 4)
        #expect(try server.status { $0.connections == 2 }.connections == 2)
    }

    @Test func aSlowReaderBlocksOnlyItself() throws {
        let server = try TestServer()
        defer { server.stop() }
        // Answers of 300 bytes, which quote the request: 12 MB, more than the kernel keeps for a reader with small
        // buffers.
        let count: UInt32 = 40_000
        let slow = try server.client(receiveBuffer: 4_096)
        var nobody = Busyhour_V1_GetCustomerRequest()
        nobody.name = String(repeating: "x", count: 256)
        let payload: [UInt8] = try nobody.serializedBytes()
        var requests: [UInt8] = []
        for id in 1...count { requests.append(contentsOf: rawFrame(3, id: id, payload: payload)) }
        let socket = slow.socket
        let writer = Thread { [requests] in _ = send(socket, requests, requests.count, CInt(MSG_NOSIGNAL)) }
        // Once the server waits for the slow one, only the status requests themselves come in between.
        var before: UInt64 = 0
        let status = try server.status { status in
            defer { before = status.requests }
            return status.requests > 100 && status.requests == before + 1
        }
        #expect(status.requests > 100)
        #expect(status.requests < UInt64(count))
        // Nothing was lost or mixed up by the waiting.
        for id in 1...count {
            let answer = try slow.receive()
            #expect(answer?.id == id && answer?.error?.code == "NOT_FOUND")
        }
        writer.join()
    }
}
