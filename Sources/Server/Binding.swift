// Turns NIO's failures to bind a socket into one line for the operator.

import Glibc
import NIOCore

enum Binding {
    /// Waits until a socket is bound. Must not be called on an event loop.
    /// - Parameter what: the listener, for the message: `rpc`, `hep tcp`, ...
    static func wait(
        for endpoint: Endpoint, what: String, option: String, _ bind: (SocketAddress) -> EventLoopFuture<any Channel>
    ) throws(ServerError) -> any Channel {
        let address = try endpoint.resolve()
        do {
            return try bind(address).wait()
        } catch {
            throw failure(error, "\(endpoint) (\(what))", option: option)
        }
    }

    /// Where a listening socket is bound.
    static func endpoint(of channel: any Channel) throws(ServerError) -> Endpoint {
        guard let endpoint = Endpoint(channel.localAddress) else {
            throw ServerError("the system does not tell the address of a socket", kind: .environment)
        }
        return endpoint
    }

    private static func failure(_ error: any Error, _ place: String, option: String) -> ServerError {
        let message =
            switch (error as? IOError)?.errnoCode {
            case EADDRINUSE: "\(place) is in use by another program; stop it or give another \(option) HOST:PORT"
            case EACCES, EPERM: "no permission to listen on \(place); give a port above 1023 with \(option)"
            case EADDRNOTAVAIL: "\(place) is no address of this machine; give another \(option) HOST:PORT"
            case let code?: "cannot listen on \(place): \(String(cString: strerror(code)))"
            case nil: "cannot listen on \(place): \(error)"
            }
        return ServerError(message, kind: .environment)
    }
}
