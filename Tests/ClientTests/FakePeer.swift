// A server's side of a connection that does what a test says, on a real socket.

import Glibc
import NIOCore
import NIOPosix
import SwiftProtobuf
import Synchronization
import Wire

/// What the peer does next.
enum PeerAction: Sendable {
    /// Bytes in one write to the socket.
    case write(ByteBuffer)
    case close
    /// Breaks the connection, as a host does that lost it: the other side hears of a reset.
    case reset
}

final class FakePeer: Sendable {
    /// Told each frame and all before it on the same connection, in the order in which they came.
    typealias Behaviour = @Sendable (_ frame: Frame, _ earlier: [Frame]) -> [PeerAction]

    let port: Int
    /// Every frame that came, to wait for.
    let frames: AsyncStream<Frame>
    private let listener: any Channel
    private let connections: Connections

    private final class Connections: Sendable {
        let all = Mutex<[any Channel]>([])
    }

    private init(listener: any Channel, port: Int, frames: AsyncStream<Frame>, connections: Connections) {
        self.listener = listener
        self.port = port
        self.frames = frames
        self.connections = connections
    }

    /// - Parameter reads: false: it accepts connections and takes nothing from them before `read` is called.
    static func start(reads: Bool = true, _ behaviour: @escaping Behaviour) async throws -> FakePeer {
        let (frames, received) = AsyncStream.makeStream(of: Frame.self)
        let connections = Connections()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: reads)
            .childChannelInitializer { channel in
                connections.all.withLock { $0.append(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    let handler = PeerHandler(behaviour: behaviour, received: received)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return FakePeer(
            listener: listener, port: listener.localAddress?.port ?? 0, frames: frames, connections: connections)
    }

    /// Begins to take what clients have sent.
    func read() async throws {
        for connection in connections.all.withLock({ $0 }) {
            try await connection.setOption(.autoRead, value: true).get()
        }
    }

    /// Listens no more. Connections stay.
    func stop() async throws {
        try await listener.close()
    }

    deinit { listener.close(promise: nil) }
}

private final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let behaviour: FakePeer.Behaviour
    private let received: AsyncStream<Frame>.Continuation
    private var decoder = FrameDecoder()
    private var earlier: [Frame] = []

    init(behaviour: @escaping FakePeer.Behaviour, received: AsyncStream<Frame>.Continuation) {
        self.behaviour = behaviour
        self.received = received
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder.next() {
                for action in behaviour(frame, earlier) { perform(action, context) }
                earlier.append(frame)
                received.yield(frame)
            }
        } catch {
            context.close(promise: nil)
        }
    }

    private func perform(_ action: PeerAction, _ context: ChannelHandlerContext) {
        switch action {
        case .write(let bytes): context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        case .close: context.close(promise: nil)
        case .reset:
            // Closed without waiting for anything, a socket resets its connection.
            let provider = context.channel as? any SocketOptionProvider
            provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
            context.close(promise: nil)
        }
    }
}

extension Frame {
    /// The answer to this request.
    func answered(_ message: some Message, kind: FrameKind = .response) -> PeerAction {
        do {
            return .write(
                try FrameEncoder.frame(message, method: header.method, kind: kind, id: header.id))
        } catch {
            preconditionFailure("a test's answer is too long")
        }
    }

    /// To a `getCustomer` by id: a customer of this id.
    func answeredWithCustomer() -> PeerAction {
        var response = Busyhour_V1_GetCustomerResponse()
        response.customer.id =
            (try? Busyhour_V1_GetCustomerRequest(serializedBytes: payload.readableBytesSpan))?.id ?? 0
        return answered(response)
    }

    /// An answer's header with nothing behind it.
    func header(length: Int = 0, method: UInt16? = nil, kind: FrameKind = .response, id: UInt32? = nil) -> PeerAction {
        var bytes = ByteBuffer()
        FrameHeader(
            length: UInt32(length), method: method ?? header.method, kind: kind, id: id ?? header.id
        ).write(to: &bytes)
        return .write(bytes)
    }
}
