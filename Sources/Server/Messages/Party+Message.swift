import CallEvents
import Wire

extension Party {
    /// - Throws: an address that is neither 4 nor 16 octets long.
    init(_ message: Busyhour_V1_Party, index: Int) throws(RequestError) {
        self.init(
            customerID: message.customerID,
            source: try Self.address(message.source, index: index, field: "source"),
            destination: try Self.address(message.destination, index: index, field: "destination"),
            sipUser: message.sipUser.isEmpty ? nil : message.sipUser,
            account: message.account.isEmpty ? nil : message.account)
    }

    private static func address(
        _ octets: some Collection<UInt8>, index: Int, field: String
    ) throws(RequestError) -> IPAddress? {
        switch octets.count {
        case 0: return nil
        case 4: return IPAddress(v4: octets.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            return IPAddress(
                high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: octets.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
        default:
            throw RequestError(
                .invalidArgument, "parties[\(index)].\(field) has \(octets.count) octets; an address has 4 or 16")
        }
    }
}
