import SwiftProtobuf
import Wire

/// Customers cut into requests.
enum ImportRequests {
    /// Runs of customers that fit a request each. A customer too large for any has a run of its own.
    static func ranges(_ customers: [Busyhour_V1_Customer]) throws -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var octets = 0
        for (index, customer) in customers.enumerated() {
            // Tag and length stand before each in the request.
            let size = (try customer.serializedBytes() as [UInt8]).count + 6
            if index > start && (octets + size > Limits.requestOctets || index - start >= Limits.customersPerRequest) {
                ranges.append(start..<index)
                (start, octets) = (index, 0)
            }
            octets += size
        }
        if start < customers.count { ranges.append(start..<customers.count) }
        return ranges
    }
}
