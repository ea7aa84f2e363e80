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
}
