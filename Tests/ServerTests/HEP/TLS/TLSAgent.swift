import Foundation
import NIOCore
import NIOPosix
import NIOSSL

@testable import Server

/// The certificates and keys of Tests/Fixtures/tls.
enum TLSFixtures {
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/tls/\(name)").path
    }

    /// A port for HEP by TLS on 127.0.0.1.
    static func server(
        certificate: String = "server.pem", key: String = "server.key", authority: String? = nil
    ) -> HEPTLS {
        HEPTLS(
            endpoint: Endpoint(host: "127.0.0.1", port: 0), certificatePath: path(certificate), keyPath: path(key),
            clientAuthorityPath: authority.map { path($0) })
    }
}

/// An agent that sends by TLS. What goes wrong at its side is not its test's affair but the server's.
final class TLSAgent {
    private let channel: any Channel

    /// Connects to 127.0.0.1; the handshake goes on meanwhile.
    /// - Parameters:
    ///   - authority: whom the agent trusts.
    ///   - shows: the certificate that it shows, with a key of that name.
    init(
        port: UInt16, authority: String = "authority.pem", shows: String? = nil, newest: TLSVersion? = nil
    ) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(TLSFixtures.path(authority)))
        configuration.shutdownTimeout = .milliseconds(200)
        if let shows {
            configuration.certificateChain =
                try NIOSSLCertificate.fromPEMFile(TLSFixtures.path("\(shows).pem")).map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(file: TLSFixtures.path("\(shows).key"), format: .pem))
        }
        if let newest { (configuration.minimumTLSVersion, configuration.maximumTLSVersion) = (.tlsv1, newest) }
        let context = try NIOSSLContext(configuration: configuration)
        channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    try NIOSSLClientHandler(context: context, serverHostname: nil), IgnoredErrors(),
                ])
            }
        }.connect(host: "127.0.0.1", port: Int(port)).wait()
    }

    /// One record of TLS, or several where there is more than fits one.
    func send(_ bytes: [UInt8]) throws { try channel.writeAndFlush(ByteBuffer(bytes: bytes)).wait() }

    /// Waits until the connection has ended.
    func waitForEnd() throws { try channel.closeFuture.wait() }

    /// Ends the connection as TLS does.
    func close() throws { try channel.close().wait() }

    /// Ends it as a network that breaks does.
    func cut() throws {
        let channel = channel
        try channel.eventLoop.submit {
            try channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self).close(promise: nil)
        }.wait()
        try waitForEnd()
    }
}

private final class IgnoredErrors: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
