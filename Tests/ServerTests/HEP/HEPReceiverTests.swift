// What the HEP sockets' reader hands to the engine, and when it reads.

import CallEvents
import Feeds
import NIOCore
import Testing
import Wire

@testable import Server

@Suite struct HEPReceiverTests {
    private func receiver(_ server: SimulatedServer) -> HEPReceiver {
        let receiver = HEPReceiver(authKey: nil, loop: server.loop, now: { SimulatedServer.noon })
        receiver.begin(
            NIOLoopBound(server.host, eventLoop: server.loop), hashSeed: HashSeed(first: 1, second: 2), memory: nil)
        return receiver
    }

    private func counts(_ server: SimulatedServer, _ feed: FeedName = .hepUDP) -> FeedCounts {
        server.loop.run()
        return server.host.feeds[feed] ?? FeedCounts()
    }

    /// The kernel tells how many it has dropped in all, with 32 bits.
    @Test func droppedDatagramsAreCountedOnce() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let receiver = receiver(server)
        receiver.dropsCounted(0)
        #expect(counts(server).errors == [:])
        for (total, dropped) in [(5, 5), (5, 5), (7, 7), (.max, UInt64(UInt32.max)), (2, 1 << 32 + 2)]
            as [(UInt32, UInt64)]
        {
            receiver.dropsCounted(total)
            #expect(counts(server).errors == (dropped == 0 ? [:] : ["kernel_dropped": dropped]), "\(total)")
        }
        #expect(counts(server).received == 0)
    }

    /// So many batches are under way, and not one more.
    @Test func theSocketsAreReadWhileTheEngineKeepsUp() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let receiver = receiver(server)
        var reads = 0
        for number in 0..<2 * Limits.batchesInFlight {
            receiver.whenReady { reads += 1 }
            #expect(reads == min(number + 1, Limits.batchesInFlight), "\(number) batches under way")
            receiver.countError("e")
            receiver.handOver(.hepTCP)
        }
        #expect(counts(server, .hepTCP).errors == ["e": UInt64(2 * Limits.batchesInFlight)])
        #expect(reads == 2 * Limits.batchesInFlight)
        // What says nothing is no batch.
        for _ in 0..<2 * Limits.batchesInFlight { receiver.handOver(.hepTCP) }
        receiver.whenReady { reads += 1 }
        #expect(reads == 2 * Limits.batchesInFlight + 1)
    }

    /// Nothing is read before the engine is ready.
    @Test func theSocketsWaitForTheEngine() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let receiver = HEPReceiver(authKey: nil, loop: server.loop, now: { SimulatedServer.noon })
        var reads = 0
        receiver.whenReady { reads += 1 }
        receiver.countError("early")
        receiver.handOver(.hepUDP)
        #expect(reads == 0 && counts(server).errors == [:])
        receiver.begin(
            NIOLoopBound(server.host, eventLoop: server.loop), hashSeed: HashSeed(first: 1, second: 2), memory: nil)
        #expect(reads == 1)
        receiver.handOver(.hepUDP)
        #expect(counts(server).errors == ["early": 1])
    }

    /// How a connection ends: what is told of it is told once, and a packet that is cut only where nothing else is.
    @Test func eachEndHasOneReason() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let receiver = receiver(server)
        let packet = HEPPacket.invite("call", seconds: 1_735_732_800).bytes
        let (half, junk) = (Array(packet.prefix(50)), Array("not HEP at all".utf8))
        let ends: [(sent: [UInt8], error: HEPError?, told: HEPError?)] = [
            ([], nil, nil), (packet, nil, nil), (half, nil, .connectionCut), (packet + half, nil, .connectionCut),
            ([], .tlsRecord, .tlsRecord), (packet, .tlsRecord, .tlsRecord), (half, .tlsRecord, .tlsRecord),
            (packet + half, .tlsRecord, .tlsRecord), (junk, nil, .magic), (junk, .tlsRecord, .magic),
        ]
        var expected: [String: UInt64] = [:]
        for (place, end) in ends.enumerated() {
            let channel = SimulatedChannel(server.loop)
            try channel.pipeline.syncOperations.addHandler(HEPConnection(receiver: receiver, feed: .hepTLS))
            channel.pipeline.syncOperations.fireChannelActive()
            #expect(receiver.connections.count == 1, "end \(place)")
            if !end.sent.isEmpty { channel.receive(end.sent) }
            if let error = end.error { channel.pipeline.syncOperations.fireErrorCaught(HEPStreamError(error)) }
            #expect(channel.isActive == (end.told == nil || end.told == .connectionCut), "end \(place)")
            channel.end()
            if let told = end.told { expected[told.rawValue, default: 0] += 1 }
            #expect(counts(server, .hepTLS).errors == expected, "end \(place)")
            #expect(receiver.connections.isEmpty, "end \(place)")
        }
    }
}
