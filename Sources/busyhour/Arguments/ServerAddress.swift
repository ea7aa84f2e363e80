// The server's address: --server, else BUSYHOUR_SERVER, else this machine.

struct ServerAddress: Equatable, Sendable, CustomStringConvertible {
    /// A name, or an address without brackets.
    var host: String
    var port: Int

    static let standard = ServerAddress(host: "127.0.0.1", port: 7878)

    /// Reads `HOST:PORT`; an IPv6 address is in brackets.
    static func parse(_ text: String) throws(UsageError) -> ServerAddress {
        let wrong = UsageError("'\(text)' is not a server; write HOST:PORT, as in 127.0.0.1:7878 or [::1]:7878")
        guard let colon = text.lastIndex(of: ":") else { throw wrong }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw wrong
        }
        guard !host.isEmpty, let port = UInt16(text[text.index(after: colon)...]), port > 0 else { throw wrong }
        return ServerAddress(host: String(host), port: Int(port))
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
