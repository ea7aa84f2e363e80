// The port is open before the engine is ready. Until then every request is answered by LOADING, with the progress of
// the start; then the waiting connections become ordinary ones (`RPCConnection`), and lose nothing.

import NIOCore
import Wire

/// Lives on the engine's loop.
final class Reception {
    let progress: RestoreProgress
    private var host: EngineHost?
    private var waiting: [ObjectIdentifier: WaitingConnection] = [:]
    /// Connections that are being refused for a limit.
    private var refused = 0

    init(progress: RestoreProgress) { self.progress = progress }

    /// Gives a new connection its handler.
    func accept(_ channel: any Channel) throws {
        if let host {
            if let error = host.refusal(of: channel.remoteAddress) { return try refuse(channel, error) }
            try channel.pipeline.syncOperations.addHandler(RPCConnection(host: host))
        } else {
            guard waiting.count < Limits.waitingConnections else {
                let error = RequestError(
                    .busy,
                    "the server is starting, and \(waiting.count) connections wait already; try again in a moment")
                return try refuse(channel, error)
            }
            let connection = WaitingConnection(self)
            waiting[ObjectIdentifier(channel)] = connection
            try channel.pipeline.syncOperations.addHandler(connection)
        }
    }

    /// Sends the reason and closes. In a flood only some connections are sent it.
    func refuse(_ channel: any Channel, _ error: RequestError) throws {
        guard refused < Limits.refusedConnections else { throw TooManyConnections() }
        refused += 1
        let handler = RefusedConnection(error) { [weak self] in self?.refused -= 1 }
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// The engine is ready; once.
    func open(_ host: EngineHost) {
        self.host = host
        for connection in waiting.values { connection.handOver(to: host) }
        waiting = [:]
    }

    fileprivate func forget(_ channel: any Channel) { waiting[ObjectIdentifier(channel)] = nil }
}

/// A connection before the engine is ready.
private final class WaitingConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reception: Reception
    private var decoder = FrameDecoder()
    private var context: ChannelHandlerContext?

    init(_ reception: Reception) { self.reception = reception }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        reception.forget(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        var output = ByteBuffer()
        do {
            while let frame = try decoder.next() {
                guard frame.header.kind == .request else { continue }
                try FrameEncoder.append(
                    refusal, method: frame.header.method, kind: .error, id: frame.header.id, to: &output)
            }
        } catch {
            context.close(promise: nil)
            return
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        // A client that asks and does not read the answers is closed for now.
        if !context.channel.isWritable { context.close(promise: nil) }
    }

    private var refusal: Busyhour_V1_Error {
        let step = reception.progress.step
        var error = Busyhour_V1_Error()
        error.code = ErrorCode.loading.rawValue
        error.message = "the server starts: \(step.text); try again in a moment"
        error.details = ["phase": step.phase.rawValue]
        if step.total > 0 {
            error.details["done"] = String(step.done)
            error.details["total"] = String(step.total)
        }
        return error
    }

    func handOver(to host: EngineHost) {
        guard let context, context.channel.isActive else { return }
        let pipeline = context.channel.pipeline.syncOperations
        do {
            if let error = host.refusal(of: context.remoteAddress) {
                try reception.refuse(context.channel, error)
            } else {
                try pipeline.addHandler(RPCConnection(host: host), position: .after(self))
            }
        } catch {
            context.close(promise: nil)
            return
        }
        let rest = decoder.takeRest()
        if rest.readableBytes > 0 {
            // Part of a request: the engine will answer it.
            context.fireChannelRead(wrapInboundOut(rest))
            context.fireChannelReadComplete()
        }
        pipeline.removeHandler(context: context, promise: nil)
    }

    typealias InboundOut = ByteBuffer
}
