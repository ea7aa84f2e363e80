// The HEP ports: one UDP and one TCP socket on the same address, one TCP socket for TLS, and the connections.

import CallEvents
import Feeds
import Logging
import NIOCore
import NIOPosix
import NIOSSL

struct HEPListener {
    /// By UDP and TCP; nil: nowhere.
    let endpoint: Endpoint?
    /// By TLS; nil: nowhere.
    let tlsEndpoint: Endpoint?
    let receiver: NIOLoopBound<HEPReceiver>
    private var channels: [any Channel] = []
    private let tasks: [RepeatedTask]

    /// Listens on the receiver's loop. Not to be called on an event loop.
    ///
    /// After an error sockets may be open; they end with the loop.
    init(
        _ plain: Endpoint?, tls: HEPTLS?, receiver: NIOLoopBound<HEPReceiver>, logger: Logger
    ) throws(ServerError) {
        self.receiver = receiver
        if let plain {
            let (datagrams, connections, bound) = try Self.openPlain(plain, receiver: receiver)
            Self.enlargeBuffer(of: datagrams, logger: logger)
            Self.watchDrops(of: datagrams, receiver: receiver)
            channels = [datagrams, connections]
            endpoint = bound
        } else {
            endpoint = nil
        }
        if let tls {
            let connections = try Self.openTLS(tls, receiver: receiver)
            channels.append(connections)
            tlsEndpoint = try Binding.endpoint(of: connections)
        } else {
            tlsEndpoint = nil
        }
        let hold = TimeAmount.microseconds(FeedLimits.holdMicros / 2)
        tasks = [
            receiver.eventLoop.scheduleRepeatedTask(initialDelay: Limits.pieceSweep, delay: Limits.pieceSweep) { _ in
                receiver.value.giveUpIdlePieces()
            },
            receiver.eventLoop.scheduleRepeatedTask(initialDelay: hold, delay: hold) { _ in
                receiver.value.releaseHeld()
            },
        ]
    }

    /// Stops listening and reading; everything read is with the engine's loop when this returns.
    func close() {
        for channel in channels { try? channel.close().wait() }
        for task in tasks { task.cancel() }
        let receiver = receiver
        try? receiver.eventLoop.submit { receiver.value.close() }.wait()
    }

    private static func openPlain(
        _ endpoint: Endpoint, receiver: NIOLoopBound<HEPReceiver>
    ) throws(ServerError) -> (datagrams: any Channel, connections: any Channel, bound: Endpoint) {
        // Where the system chooses the port, it is the TCP socket's, and another program may have it for UDP.
        var attemptsLeft = endpoint.port == 0 ? Limits.portAttempts : 1
        while true {
            attemptsLeft -= 1
            let connections = try openConnections(
                endpoint, option: "--hep", what: "hep tcp", feed: .hepTCP, receiver: receiver
            ) {
                [HEPConnection(receiver: $0, feed: .hepTCP)]
            }
            do throws(ServerError) {
                let bound = try Binding.endpoint(of: connections)
                return (try openDatagrams(bound, receiver: receiver), connections, bound)
            } catch {
                try? connections.close().wait()
                if attemptsLeft == 0 { throw error }
            }
        }
    }

    private static func openTLS(
        _ tls: HEPTLS, receiver: NIOLoopBound<HEPReceiver>
    ) throws(ServerError) -> any Channel {
        let identity = try TLSIdentity(tls)
        let patience = tls.handshakePatience
        receiver.eventLoop.execute { receiver.value.tls = identity }
        return try openConnections(
            tls.endpoint, option: "--hep-tls", what: "hep tls", feed: .hepTLS, receiver: receiver
        ) { receiver in
            let greeting = TLSGreeting()
            return [
                greeting, NIOSSLServerHandler(context: receiver.tls?.context ?? identity.context),
                TLSHandshake(after: greeting, patience: patience), HEPConnection(receiver: receiver, feed: .hepTLS),
            ]
        }
    }

    private static func openDatagrams(
        _ endpoint: Endpoint, receiver: NIOLoopBound<HEPReceiver>
    ) throws(ServerError) -> any Channel {
        let bootstrap = DatagramBootstrap(group: receiver.eventLoop)
            .channelOption(.socketOption(.so_rcvbuf), value: .init(Limits.datagramBufferBytes))
            .channelOption(.datagramVectorReadMessageCount, value: Limits.datagramsPerRead)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: Limits.datagramsPerRead * Limits.datagramBytes)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HEPDatagrams(receiver: receiver.value))
                }
            }
        return try Binding.wait(for: endpoint, what: "hep udp", option: "--hep") { bootstrap.bind(to: $0) }
    }

    /// - Parameter handlers: makes those of a connection, on the receiver's loop.
    private static func openConnections(
        _ endpoint: Endpoint, option: String, what: String, feed: FeedName,
        receiver: NIOLoopBound<HEPReceiver>, handlers: @escaping @Sendable (HEPReceiver) -> [any ChannelHandler]
    ) throws(ServerError) -> any Channel {
        let bootstrap = ServerBootstrap(group: receiver.eventLoop)
            .serverChannelOption(.backlog, value: Limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Limits.hepReadBytes))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard receiver.value.connections.count < Limits.hepConnections else {
                        receiver.value.countError(.tooManyConnections, from: IPAddress(channel.remoteAddress))
                        receiver.value.handOver(feed)
                        throw TooManyConnections()
                    }
                    try channel.pipeline.syncOperations.addHandlers(handlers(receiver.value))
                }
            }
        return try Binding.wait(for: endpoint, what: what, option: option) { bootstrap.bind(to: $0) }
    }

    /// Exceeds the system's limit where permitted (CAP_NET_ADMIN), and logs where not.
    private static func enlargeBuffer(of datagrams: any Channel, logger: Logger) {
        let force = ChannelOptions.Types.SocketOption(level: .socket, name: .init(rawValue: 33))  // SO_RCVBUFFORCE
        try? datagrams.setOption(force, value: .init(Limits.datagramBufferBytes)).wait()
        guard let bytes = try? datagrams.getOption(.socketOption(.so_rcvbuf)).wait() else { return }
        // The kernel doubles the requested size, for its own bookkeeping.
        if bytes < Limits.datagramBufferBytes {
            let need = Limits.datagramBufferBytes
            logger.warning(
                "the kernel's buffer for HEP datagrams has only \(bytes / 2) bytes: sysctl net.core.rmem_max=\(need)")
        }
    }

    /// Datagrams dropped for lack of buffer leave no trace in what is read; the kernel counts them, and so do we.
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

/// The result of SO_MEMINFO for a socket: nine words (linux/sock_diag.h).
private struct SocketMemory: Sendable, BitwiseCopyable {
    var sizes: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)
    /// Packets dropped since the socket was made.
    var drops: UInt32
}
