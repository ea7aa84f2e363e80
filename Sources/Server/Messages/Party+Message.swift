import CallEvents
import Wire

extension Party {
    /// - Throws: an address that is neither 4 nor 16 bytes long, an unknown direction.
    init(_ message: Busyhour_V1_Party, index: Int) throws(RequestError) {
        guard let direction = CallDirection(message.direction) else {
            throw RequestError(
                .invalidArgument,
                "parties[\(index)].direction is '\(message.direction.prefix(32))'; it is outbound, inbound or leg")
        }
        self.init(
            customerID: message.customerID,
            source: try Self.address(message.source, index: index, field: "source"),
            destination: try Self.address(message.destination, index: index, field: "destination"),
            sipUser: message.sipUser.isEmpty ? nil : message.sipUser,
            hasCredentials: message.hasCredentials_p,
            account: message.account.isEmpty ? nil : message.account, direction: direction,
            claims: message.hasClaims ? try PartyClaims(message, index: index) : nil)
    }

    private static func address(
        _ bytes: some Collection<UInt8>, index: Int, field: String
    ) throws(RequestError) -> IPAddress? {
        switch bytes.count {
        case 0: return nil
        case 4: return IPAddress(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            return IPAddress(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
        default:
            throw RequestError(
                .invalidArgument, "parties[\(index)].\(field) has \(bytes.count) bytes; an address has 4 or 16")
        }
    }
}

extension PartyClaims {
    /// - Throws: an invalid port.
    fileprivate init(_ message: Busyhour_V1_Party, index: Int) throws(RequestError) {
        guard let port = UInt16(exactly: message.sourcePort) else {
            throw RequestError(
                .invalidArgument, "parties[\(index)].source_port is \(message.sourcePort); a port is at most 65535")
        }
        func text(_ text: String) -> String? { text.isEmpty ? nil : text }
        self.init(
            sourcePort: port, called: text(message.called), fromDomain: text(message.fromDomain),
            uriDomain: text(message.uriDomain), contactDomain: text(message.contactDomain),
            trunkGroup: text(message.trunkGroup), assertedIdentities: message.assertedIdentities,
            headers: message.headers.map { Header(name: $0.name, value: $0.value) })
    }
}
