// The UDP socket of the HEP port. One system call reads up to `Limits.datagramsPerRead` datagrams.

import CallEvents
import NIOCore

final class HEPDatagrams: ChannelDuplexHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundIn = Never

    private let receiver: HEPReceiver
    /// One time for all datagrams of a read.
    private var arrivalMicros: Int64?

    init(receiver: HEPReceiver) {
        self.receiver = receiver
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let arrival = arrivalMicros ?? receiver.now()
        arrivalMicros = arrival
        let packet = unwrapInboundIn(data)
        receiver.receive(
            packet.data.readableBytesSpan, from: IPAddress(packet.remoteAddress), arrivalMicros: arrival)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        arrivalMicros = nil
        receiver.handOver(.hepUDP)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        receiver.whenReady { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The socket stays open; the next read reports it to the engine.
        receiver.countError("socket")
    }
}
