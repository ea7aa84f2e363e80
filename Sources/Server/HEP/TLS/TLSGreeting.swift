// The first handler of a TLS connection. TLS says of anything that it cannot read that its version is wrong; this
// handler sees that an agent sends HEP without TLS, and the error says so.

import Feeds
import NIOCore

final class TLSGreeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case undecided, isTLS, refused
    }

    /// The agent has sent something.
    private(set) var hasBegun = false
    private var state = State.undecided
    /// The first bytes, as long as they may become HEP's.
    private var head = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasBegun = true
        switch state {
        case .isTLS: context.fireChannelRead(data)
        case .refused: break
        case .undecided:
            var bytes = unwrapInboundIn(data)
            head.writeBuffer(&bytes)
            decide(context)
        }
    }

    private func decide(_ context: ChannelHandlerContext) {
        let magic = Array("HEP3".utf8)
        if head.readableBytesView.first == TLSGreeting.handshakeRecord {
            state = .isTLS
            context.fireChannelRead(wrapInboundOut(head))
            head = ByteBuffer()
        } else if !head.readableBytesView.prefix(magic.count).elementsEqual(magic.prefix(head.readableBytes)) {
            refuse(.tlsHandshake, context)
        } else if head.readableBytes >= magic.count {
            refuse(.plainOnTLSPort, context)
        }
    }

    private func refuse(_ error: HEPError, _ context: ChannelHandlerContext) {
        state = .refused
        context.fireErrorCaught(HEPStreamError(error))
    }

    /// RFC 8446 5.1: whatever else may follow, TLS begins with a record of this type.
    private static let handshakeRecord: UInt8 = 22
}
