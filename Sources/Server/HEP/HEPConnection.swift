// One connection of a switch, by TCP or by TLS: HEP packets back to back. Where the stream cannot be followed it is
// closed, and the switch connects again.

import CallEvents
import Feeds
import NIOCore

final class HEPConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never

    private let receiver: HEPReceiver
    private let feed: FeedName
    private var stream = HEPStream()
    private var isBroken = false
    private var sender: IPAddress?

    /// - Parameter feed: `hepTCP` or `hepTLS`.
    init(receiver: HEPReceiver, feed: FeedName) {
        (self.receiver, self.feed) = (receiver, feed)
    }

    func channelActive(context: ChannelHandlerContext) {
        receiver.connections[ObjectIdentifier(context.channel)] = context.channel
        sender = IPAddress(context.remoteAddress)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        receiver.connections[ObjectIdentifier(context.channel)] = nil
        if stream.isWithinPacket && !isBroken {
            // The part of the packet that came is dropped: the sender sends that packet again, or it is lost.
            receiver.countError(.connectionCut, from: sender)
            receiver.handOver(feed)
        }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isBroken { return }
        do throws(HEPStreamError) {
            let bytes = unwrapInboundIn(data)
            try receiver.receive(
                bytes.readableBytesSpan, of: &stream, by: feed, from: sender, arrivalMicros: receiver.now())
        } catch {
            fail(error, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver.handOver(feed)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        receiver.whenReady { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HEPStreamError else { return context.close(promise: nil) }
        fail(error, context)
    }

    /// Tells once why this connection is of no more use.
    private func fail(_ error: HEPStreamError, _ context: ChannelHandlerContext) {
        if isBroken { return }
        isBroken = true
        receiver.countError(error.error, from: sender)
        receiver.handOver(feed)
        context.close(promise: nil)
    }
}
