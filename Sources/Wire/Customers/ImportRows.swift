// Rows of a file of customers on their way to the server: the lists of `ImportCustomersRequest`, written without a message a row.

public import NIOCore
import SwiftProtobuf

public struct ImportRows: Sendable {
    /// Each customer as a field of the request.
    private var customers = MessageBytes()
    /// Of each row, as the request has them.
    private var fields: [UInt32] = []
    private var numbers: [UInt32] = []

    public init() {}

    public var count: Int { numbers.count }
    /// Bytes of the customers.
    public var byteCount: Int { customers.bytes.count }

    /// A bit of what a row says: something is wrong with it, so it is to be checked and not kept.
    public static let isRefused: UInt32 = 1 << 31

    /// Adds a row, whose customer's fields `body` writes.
    /// - Parameter body: returns what the row says of him; nil: the row is not added.
    public mutating func append(number: Int, _ body: (inout MessageBytes) -> UInt32?) {
        let start = customers.bytes.count
        var said: UInt32?
        customers.element(3) { message in said = body(&message) }
        guard let said else { return customers.truncate(to: start) }
        fields.append(said)
        numbers.append(UInt32(clamping: number))
    }

    /// A request frame with these rows and what else `request` says.
    /// - Throws: it is longer than a frame's payload may be.
    public func frame(_ request: Busyhour_V1_ImportCustomersRequest, id: UInt32) throws(FrameError) -> ByteBuffer {
        try FrameEncoder.frame(
            method: .importCustomers, kind: .request, id: id, reserving: byteCount + 8 * count + 1024
        ) { buffer in
            // A message is its fields in any order.
            buffer.writeBytes(try request.serializedBytes() as [UInt8])
            buffer.writeBytes(customers.bytes)
            fields.write(packedField: 4, to: &buffer)
            numbers.write(packedField: 5, to: &buffer)
        }
    }
}
