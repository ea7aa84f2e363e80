// Rows of a file of customers for the server: the lists of `ImportCustomersRequest`, written without one message per
// row.

public import NIOCore
import SwiftProtobuf

public struct ImportRows: Sendable {
    /// Each customer as a field of the request.
    private var customers = MessageBytes()
    /// One element per row, encoded as in the request.
    private var fields: [UInt32] = []
    private var numbers: [UInt32] = []

    public init() {}

    public var count: Int { numbers.count }
    /// Bytes of the customers.
    public var byteCount: Int { customers.bytes.count }

    /// A bit of a row's fields: something is wrong with it, so it is to be checked and not stored.
    public static let isRefused: UInt32 = 1 << 31

    /// - Parameter body: returns the row's bits for the customer's fields; nil: the row is not added.
    /// - Parameter body: returns the bits of the customer's fields; nil: the row is not added.
    public mutating func append(number: Int, _ body: (inout MessageBytes) -> UInt32?) {
        let start = customers.bytes.count
        var said: UInt32?
        customers.element(3) { message in said = body(&message) }
        guard let said else { return customers.truncate(to: start) }
        fields.append(said)
        numbers.append(UInt32(clamping: number))
    }

    /// A request frame with these rows and the other fields of `request`.
    /// - Throws: if it is longer than a frame's payload may be.
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
