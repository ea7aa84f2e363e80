import Glibc
import NIOCore
import NIOPosix

/// The port that programs connect to.
enum RPCListener {
    /// Listens on the engine's own loop. Must not be called on an event loop.
    static func open(_ endpoint: Endpoint, reception: NIOLoopBound<Reception>) throws(ServerError) -> any Channel {
        let loop = reception.eventLoop
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: Limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                // Out of file descriptors: wait a second and accept again.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: Limits.keepAliveIdle)
            .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: Limits.keepAliveInterval)
            .childChannelOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: Limits.keepAliveCount)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: Limits.outputResumeBytes, high: Limits.outputBytes)
            )
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2_048, initial: 16_384, maximum: Limits.readBytes)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try reception.value.accept(channel) }
            }
        return try Binding.wait(for: endpoint, what: "rpc", option: "--listen") { bootstrap.bind(to: $0) }
    }
}

/// The accepted connection is closed at once.
struct TooManyConnections: Error {}
