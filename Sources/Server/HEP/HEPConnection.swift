// One TCP connection of a switch: HEP packets back to back. Where the stream cannot be followed it is closed, and the
// switch connects again.

import CallEvents
import Feeds
import NIOCore

final class HEPConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never

    private let receiver: HEPReceiver
    private var stream = HEPStream()
    private var isBroken = false
    private var sender: IPAddress?

    init(receiver: HEPReceiver) {
        self.receiver = receiver
    }

    func channelActive(context: ChannelHandlerContext) {
        receiver.connections[ObjectIdentifier(context.channel)] = context.channel
        sender = IPAddress(context.remoteAddress)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        receiver.connections[ObjectIdentifier(context.channel)] = nil
        if stream.isWithinPacket {
            // What came of it is nobody's: the sender sends that packet anew, or it is lost.
            receiver.countError(.connectionCut, from: sender)
            receiver.handOver(.hepTCP)
        }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isBroken { return }
        do throws(HEPStreamError) {
            let octets = unwrapInboundIn(data)
            try receiver.receive(
                octets.readableBytesSpan, of: &stream, from: sender, arrivalMicros: receiver.now())
        } catch {
            isBroken = true
            receiver.countError(error.error, from: sender)
            receiver.handOver(.hepTCP)
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver.handOver(.hepTCP)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        receiver.whenReady { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
