// Time limits of requests, of one connection and of several requests on it, and what is sent of a request that was
// given up before its turn.

import Client
import Foundation
import NIOCore
import SwiftProtobuf
import Testing
import Wire

@Suite struct ClientTimeTests {
    private static func customer(_ id: UInt32) -> Busyhour_V1_GetCustomerRequest { .with { $0.id = id } }

    private static func client(
        patience: Duration? = nil, reads: Bool = true, _ behaviour: @escaping FakePeer.Behaviour
    ) async throws -> (Client, FakePeer) {
        let peer = try await FakePeer.start(reads: reads, behaviour)
        return (try await Client.connect(host: "127.0.0.1", port: peer.port, patience: patience), peer)
    }

    private struct Mismatch: Error {
        var what: String
    }

    private static func check(_ isRight: Bool, _ what: @autoclosure () -> String) throws {
        if !isRight { throw Mismatch(what: what()) }
    }

    private static func error(of body: () async throws -> Void) async -> ClientError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ClientError
        }
    }

    /// Limits are of real time, and a busy machine may be too slow for short ones: what is wrong is so with long ones,
    /// too.
    private static func withLimits(_ body: (_ scale: Int) async throws -> Void) async throws {
        for scale in [1, 5] {
            if (try? await body(scale)) != nil { return }
        }
        try await body(25)
    }

    /// A shorter limit behind a longer one, and a longer one behind a shorter: each request has its own.
    @Test func theShorterLimitIsTheFirst() async throws {
        try await Self.withLimits { scale in
            let (client, peer) = try await Self.client { frame, earlier in
                // When a request is given up, all others are answered.
                guard frame.header.kind == .cancel else { return [] }
                return earlier.filter { $0.header.kind == .request && $0.header.id != frame.header.id }
                    .map { $0.answeredWithCustomer() }
            }
            var frames = peer.frames.makeAsyncIterator()
            func call(_ id: UInt32, _ timeout: Duration) async -> Task<UInt32, any Error> {
                let task = Task { try await client.getCustomer(Self.customer(id), timeout: timeout).customer.id }
                // It is on its way when the next one comes.
                while let frame = await frames.next(), frame.header.kind != .request {}
                return task
            }
            let (short, long) = (Duration.milliseconds(40 * scale), Duration.seconds(5 * scale))
            for (first, second) in [(long, short), (short, long)] {
                let calls = [(await call(1, first), first), (await call(2, second), second)]
                for (number, call) in calls.enumerated() where call.1 == short {
                    let error = await Self.error { _ = try await call.0.value }
                    try Self.check(error == .timedOut(short), "\(number): \(String(describing: error))")
                }
                for (number, call) in calls.enumerated() where call.1 == long {
                    try Self.check(try await call.0.value == UInt32(number + 1), "\(number)")
                }
            }
            await client.close()
        }
    }

    /// While answers come the peer is not silent, however long one of them takes.
    @Test func aPeerThatAnswersOthersIsNotSilent() async throws {
        try await Self.withLimits { scale in
            let patience = Duration.milliseconds(400 * scale)
            let (client, peer) = try await Self.client(patience: patience) { frame, earlier in
                // The first request is answered with the last, which has another method.
                if frame.header.method == Method.status.rawValue {
                    return [earlier[0].answeredWithCustomer(), frame.answered(Busyhour_V1_StatusResponse())]
                }
                return earlier.isEmpty ? [] : [frame.answeredWithCustomer()]
            }
            var frames = peer.frames.makeAsyncIterator()
            let slow = Task { try await client.getCustomer(Self.customer(1)).customer.id }
            _ = await frames.next()
            let end = ContinuousClock.now + patience * 1.5
            while ContinuousClock.now < end {
                try Self.check(try await client.getCustomer(Self.customer(2)).customer.id == 2, "another customer")
            }
            _ = try await client.status()
            try Self.check(try await slow.value == 1, "the slow one")
            await client.close()
        }
    }

    /// Of what a silent peer may have done the caller is told, if any of the requests changes something.
    @Test(arguments: [false, true]) func whatASilentPeerMayHaveDone(mayBeDone: Bool) async throws {
        try await Self.withLimits { scale in
            let patience = Duration.milliseconds(40 * scale)
            let (client, peer) = try await Self.client(patience: patience) { _, _ in [] }
            let expected = ClientError.silent(address: "127.0.0.1:\(peer.port)", patience, mayBeDone: mayBeDone)
            var frames = peer.frames.makeAsyncIterator()
            let first = Task {
                if mayBeDone {
                    _ = try await client.createCustomers(.init())
                } else {
                    _ = try await client.listCustomers(.init())
                }
            }
            _ = await frames.next()
            let second = await Self.error { _ = try await client.status() }
            let errors = [second, await Self.error { try await first.value }]
            try Self.check(errors == [expected, expected], "\(errors)")
            let isSaid = "\(expected)".contains("Whether the request was carried out is not known")
            try Self.check(isSaid == mayBeDone, "\(expected)")
            await client.close()
        }
    }

    /// A request that was given up while it waited for the socket is not sent, nor is its cancellation.
    @Test func whatWasGivenUpBeforeItsTurn() async throws {
        try await Self.withLimits { scale in
            let limit = Duration.milliseconds(50 * scale)
            let (client, peer) = try await Self.client(reads: false) { frame, _ in
                frame.header.kind == .cancel ? [] : [frame.answered(Busyhour_V1_StatusResponse())]
            }
            // Many times what the buffers of a connection take: the others wait in the client.
            let request = Busyhour_V1_IngestHEPRequest.with { $0.packets = [Data(count: 8_000_000)] }
            let calls = (0..<8).map { _ in Task { try await client.ingestHEP(request, timeout: limit) } }
            for call in calls {
                let error = await Self.error { _ = try await call.value }
                try Self.check(error == .timedOut(limit), String(describing: error))
            }
            try await peer.read()
            _ = try await client.status()
            var (requests, cancels): ([UInt32], [UInt32]) = ([], [])
            for await frame in peer.frames {
                if frame.header.method == Method.status.rawValue { break }
                let id = frame.header.id
                if frame.header.kind == .cancel { cancels.append(id) } else { requests.append(id) }
            }
            try Self.check(requests.count < calls.count && !requests.isEmpty, "\(requests)")
            // Each that was sent, and no other, is cancelled.
            try Self.check(cancels.sorted() == requests.sorted(), "\(cancels), \(requests)")
            await client.close()
        }
    }

    @Test(arguments: [0, -1, 65_536, 1_000_000]) func portsThatAreNone(port: Int) async throws {
        let error = ClientError.cannotReach(
            address: "127.0.0.1:\(port)", reason: "a port is a number from 1 to 65535")
        await #expect(throws: error) { try await Client.connect(host: "127.0.0.1", port: port) }
    }

    /// An IPv6 address is told in brackets, as it is written with a port.
    @Test func addressesAreToldAsTheyAreWritten() async throws {
        for (host, told) in [("::1", "[::1]:0"), ("127.0.0.1", "127.0.0.1:0"), ("a.example", "a.example:0")] {
            let error = ClientError.cannotReach(address: told, reason: "a port is a number from 1 to 65535")
            await #expect(throws: error) { try await Client.connect(host: host, port: 0) }
        }
    }
}
