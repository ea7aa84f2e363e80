// What becomes of the handshake of a connection, and of TLS behind it: errors get the names that the status shows.

import Feeds
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind the handler of TLS and before that of HEP.
final class TLSHandshake: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never

    private let greeting: TLSGreeting
    private let patience: TimeAmount
    private var timeout: Scheduled<Void>?
    /// Done, or failed.
    private var isOver = false

    init(after greeting: TLSGreeting, patience: TimeAmount) {
        (self.greeting, self.patience) = (greeting, patience)
    }

    /// The time begins with the first read: before that it is the server that is not ready.
    func read(context: ChannelHandlerContext) {
        if !isOver && timeout == nil {
            timeout = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
                self.fail(.tlsTimeout, context)
            }
        }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { end() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HEPStreamError: fail(error.error, context)
        // Who only looks whether the port is open has not begun a handshake.
        case _ where !isOver && greeting.hasBegun: fail(HEPError(handshake: error), context)
        // A connection that breaks is told of where it breaks within a packet.
        case _ where !isOver, NIOSSLError.uncleanShutdown, is IOError, is ChannelError:
            context.fireErrorCaught(error)
        default: fail(.tlsRecord, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func fail(_ error: HEPError, _ context: ChannelHandlerContext) {
        end()
        context.fireErrorCaught(HEPStreamError(error))
    }

    private func end() {
        isOver = true
        timeout?.cancel()
    }
}

extension HEPError {
    /// Why a handshake failed, by the words of the TLS library, which has no other way to tell.
    init(handshake error: any Error) {
        let words = String(describing: error)
        let names: [(HEPError, [String])] = [
            (
                .tlsCertificateRefused,
                ["ALERT_UNKNOWN_CA", "ALERT_CERTIFICATE_", "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE"]
            ),
            (.tlsAgentCertificate, ["PEER_DID_NOT_RETURN_A_CERTIFICATE", "CERTIFICATE_VERIFY_FAILED"]),
            (.tlsVersion, ["UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION"]),
        ]
        self = names.first { $0.1.contains { words.contains($0) } }?.0 ?? .tlsHandshake
    }
}
