// The HEP port: one UDP and one TCP socket on the same address, and the connections of the latter.

import CallEvents
import Feeds
import Logging
import NIOCore
import NIOPosix

struct HEPListener {
    let endpoint: Endpoint
    let receiver: NIOLoopBound<HEPReceiver>
    private let datagrams: any Channel
    private let connections: any Channel

    /// Listens on the receiver's loop. Not to be called on an event loop.
    init(_ endpoint: Endpoint, receiver: NIOLoopBound<HEPReceiver>, logger: Logger) throws(ServerError) {
        self.receiver = receiver
        // Where the system chooses the port, it is the TCP socket's, and another program may have it for UDP.
        var attemptsLeft = endpoint.port == 0 ? Limits.portAttempts : 1
        while true {
            attemptsLeft -= 1
            let connections = try Self.openConnections(endpoint, receiver: receiver)
            do throws(ServerError) {
                let bound = try Binding.endpoint(of: connections)
                datagrams = try Self.openDatagrams(bound, receiver: receiver)
                self.connections = connections
                self.endpoint = bound
                break
            } catch {
                try? connections.close().wait()
                if attemptsLeft == 0 { throw error }
            }
        }
        Self.enlargeBuffer(of: datagrams, logger: logger)
        Self.watchDrops(of: datagrams, receiver: receiver)
        let sweep = receiver.eventLoop.scheduleRepeatedTask(
            initialDelay: Limits.pieceSweep, delay: Limits.pieceSweep
        ) { _ in receiver.value.giveUpIdlePieces() }
        let hold = TimeAmount.microseconds(FeedLimits.holdMicros / 2)
        let release = receiver.eventLoop.scheduleRepeatedTask(initialDelay: hold, delay: hold) { _ in
            receiver.value.releaseHeld()
        }
        datagrams.closeFuture.whenComplete { _ in
            sweep.cancel()
            release.cancel()
        }
    }

    /// Stops listening and reading; everything read is with the engine's loop when this returns.
    func close() {
        try? datagrams.close().wait()
        try? connections.close().wait()
        let receiver = receiver
        try? receiver.eventLoop.submit { receiver.value.close() }.wait()
    }

    private static func openDatagrams(
        _ endpoint: Endpoint, receiver: NIOLoopBound<HEPReceiver>
    ) throws(ServerError) -> any Channel {
        let bootstrap = DatagramBootstrap(group: receiver.eventLoop)
            .channelOption(.socketOption(.so_rcvbuf), value: .init(Limits.datagramBufferOctets))
            .channelOption(.datagramVectorReadMessageCount, value: Limits.datagramsPerRead)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: Limits.datagramsPerRead * Limits.datagramOctets)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HEPDatagrams(receiver: receiver.value))
                }
            }
        return try Binding.wait(for: endpoint, what: "hep udp", option: "--hep") { bootstrap.bind(to: $0) }
    }

    private static func openConnections(
        _ endpoint: Endpoint, receiver: NIOLoopBound<HEPReceiver>
    ) throws(ServerError) -> any Channel {
        let bootstrap = ServerBootstrap(group: receiver.eventLoop)
            .serverChannelOption(.backlog, value: Limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Limits.hepReadOctets))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard receiver.value.connections.count < Limits.hepConnections else {
                        receiver.value.countError(.tooManyConnections, from: IPAddress(channel.remoteAddress))
                        receiver.value.handOver(.hepTCP)
                        throw TooManyConnections()
                    }
                    try channel.pipeline.syncOperations.addHandler(HEPConnection(receiver: receiver.value))
                }
            }
        return try Binding.wait(for: endpoint, what: "hep tcp", option: "--hep") { bootstrap.bind(to: $0) }
    }

    /// Past the system's limit where we may (CAP_NET_ADMIN), and tells where we may not.
    private static func enlargeBuffer(of datagrams: any Channel, logger: Logger) {
        let force = ChannelOptions.Types.SocketOption(level: .socket, name: .init(rawValue: 33))  // SO_RCVBUFFORCE
        try? datagrams.setOption(force, value: .init(Limits.datagramBufferOctets)).wait()
        guard let octets = try? datagrams.getOption(.socketOption(.so_rcvbuf)).wait() else { return }
        // The kernel doubles what it is told, for its own bookkeeping.
        if octets < Limits.datagramBufferOctets {
            let need = Limits.datagramBufferOctets
            logger.warning(
                "the kernel's buffer for HEP datagrams has only \(octets / 2) bytes: sysctl net.core.rmem_max=\(need)")
        }
    }

    /// Datagrams that the kernel had no room for leave no trace in what is read; it counts them, and so do we.
    private static func watchDrops(of datagrams: any Channel, receiver: NIOLoopBound<HEPReceiver>) {
        guard let socket = datagrams as? any SocketOptionProvider else { return }
        let watch = receiver.eventLoop.scheduleRepeatedTask(
            initialDelay: Limits.dropWatch, delay: Limits.dropWatch
        ) { _ in
            let memory: EventLoopFuture<SocketMemory> = socket.unsafeGetSocketOption(
                level: .socket, name: .init(rawValue: 55))  // SO_MEMINFO
            memory.whenSuccess { receiver.value.dropsCounted($0.drops) }
        }
        datagrams.closeFuture.whenComplete { _ in watch.cancel() }
    }
}

/// What SO_MEMINFO tells of a socket: nine words (linux/sock_diag.h).
private struct SocketMemory: Sendable, BitwiseCopyable {
    var sizes: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)
    /// Packets dropped since the socket was made.
    var drops: UInt32
}
