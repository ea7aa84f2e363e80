import CallEvents
import NIOCore

extension IPAddress {
    /// From a socket's address; nil: it is not an IP address.
    init?(_ address: SocketAddress?) {
        // Safe: the sizes are those of netinet/in.h (family and port, in IPv6 the flow, then the address in network
        // order), every read is checked against them, and an integer has no invalid values.
        switch address {
        case .v4(let address):
            self = withUnsafeBytes(of: address.address) { bytes in
                IPAddress(v4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
            }
        case .v6(let address):
            self = withUnsafeBytes(of: address.address) { bytes in
                IPAddress(
                    high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)))
            }
        case .unixDomainSocket, nil: return nil
        }
    }
}
