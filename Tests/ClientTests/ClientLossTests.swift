// What a client says of a connection that ends: by whether anything was heard on it, how it ended, and whether a
// request may have changed something. The whole table.

import Client
import NIOCore
import SwiftProtobuf
import Testing
import Wire

@Suite struct ClientLossTests {
    private static func error(
        _ peer: FakePeer, isHeard: Bool, isReset: Bool, isChange: Bool
    ) -> ClientError {
        let address = "127.0.0.1:\(peer.port)"
        if isReset { return .connectionLost(address: address, reason: "connection reset by peer") }
        if isHeard || isChange { return .connectionLost(address: address, reason: "the server closed it") }
        return .notBusyHour(address: address, isClosed: true)
    }

    @Test(arguments: [false, true], [false, true]) func theEndOfAConnection(isHeard: Bool, isReset: Bool) async throws {
        for isChange in [false, true] {
            let peer = try await FakePeer.start { frame, _ in
                if frame.header.method == Method.getCustomer.rawValue { return [frame.answeredWithCustomer()] }
                return [isReset ? .reset : .close]
            }
            let client = try await Client.connect(host: "127.0.0.1", port: peer.port)
            if isHeard { _ = try await client.getCustomer(.with { $0.id = 5 }) }
            let error = Self.error(peer, isHeard: isHeard, isReset: isReset, isChange: isChange)
            await #expect(throws: error, "\(isHeard), \(isReset), \(isChange)") {
                if isChange { _ = try await client.createCustomers(.init()) } else { _ = try await client.status() }
            }
            await #expect(throws: error) { try await client.status() }
            await client.close()
        }
    }

    /// A frame that cannot be: of a port of something else if it is the first, of a broken server if it is not.
    @Test(arguments: [false, true]) func aFrameThatCannotBe(isHeard: Bool) async throws {
        let peer = try await FakePeer.start { frame, _ in
            frame.header.method == Method.getCustomer.rawValue
                ? [frame.answeredWithCustomer()] : [frame.header(length: FrameHeader.payloadLimit + 1)]
        }
        let client = try await Client.connect(host: "127.0.0.1", port: peer.port)
        if isHeard { _ = try await client.getCustomer(.with { $0.id = 5 }) }
        let error = try #require(await #expect(throws: ClientError.self) { try await client.status() })
        let text = "\(FrameError.payloadTooLong(length: FrameHeader.payloadLimit + 1, limit: FrameHeader.payloadLimit))"
        #expect(
            error
                == (isHeard
                    ? .protocolViolation(text) : .notBusyHour(address: "127.0.0.1:\(peer.port)", isClosed: false)))
        await client.close()
    }
}
