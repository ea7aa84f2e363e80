// Refuses a connection over a limit: sends an error of id 0, which answers whatever it asks, and closes.

import NIOCore
import Wire

/// Reads and drops what the peer sends: unread bytes would make the kernel reset the connection, and the peer might
/// never see the error.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let error: RequestError
    private let closed: () -> Void
    private var isTold = false

    /// - Parameter closed: called once, when the connection has ended.
    init(_ error: RequestError, closed: @escaping () -> Void) { (self.error, self.closed) = (error, closed) }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { refuse(context) }
    }

    func channelActive(context: ChannelHandlerContext) { refuse(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelInactive(context: ChannelHandlerContext) {
        closed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func refuse(_ context: ChannelHandlerContext) {
        guard !isTold else { return }
        isTold = true
        var output = ByteBuffer()
        var message = Busyhour_V1_Error()
        (message.code, message.message) = (error.code.rawValue, error.message)
        // A short message always fits a frame.
        try? FrameEncoder.append(message, method: 0, kind: .error, id: 0, to: &output)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Limits.drain) { context.close(promise: nil) }
    }
}
