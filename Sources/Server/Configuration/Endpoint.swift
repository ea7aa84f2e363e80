// An address to listen on, as people write it: `127.0.0.1:7878`, `[::1]:7878`, `localhost:7878`.

import NIOCore

/// A host and a port. Port 0 asks the system for a free one.
public struct Endpoint: Equatable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets, or a name.
    public var host: String
    public var port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; an IPv6 address is in brackets.
    public init(parsing text: String) throws(ServerError) {
        let wrong = ServerError(
            "'\(text)' is not an address to listen on; write HOST:PORT, as in 127.0.0.1:7878 or [::1]:7878",
            kind: .usage)
        guard let colon = text.lastIndex(of: ":") else { throw wrong }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw wrong
        }
        guard !host.isEmpty, let port = UInt16(text[text.index(after: colon)...]) else { throw wrong }
        self.init(host: String(host), port: port)
    }

    /// The address a socket is bound to; nil if it is not an IP address.
    init?(_ address: SocketAddress?) {
        guard let address, let host = address.ipAddress, let port = address.port, let port = UInt16(exactly: port)
        else { return nil }
        self.init(host: host, port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Resolves the host if it is a name.
    func resolve() throws(ServerError) -> SocketAddress {
        do {
            return try SocketAddress.makeAddressResolvingHost(host, port: Int(port))
        } catch {
            throw ServerError("the host '\(host)' is not known; give an IP address of this machine", kind: .usage)
        }
    }
}
