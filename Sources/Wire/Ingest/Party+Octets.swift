// Parties of a batch. Bulk producers name customers by id alone, thousands of them in a batch, so that this one form is
// read and written by hand; SwiftProtobuf does the others.

import NIOCore
import SwiftProtobuf

/// Tag of `Busyhour_V1_Party.customer_id`.
private let customerIDTag: UInt8 = 0x08
/// Field number of `parties` in both requests.
let partiesField: UInt8 = 1

extension Busyhour_V1_Party {
    /// - Throws: the octets are not a party.
    init(_ body: Range<Int>, of message: RawSpan) throws {
        var position = body.lowerBound + 1
        if body.count >= 2, message.octet(at: body.lowerBound) == customerIDTag,
            let id = message.varint32(at: &position), position == body.upperBound
        {
            self.init()
            customerID = id
        } else {
            try self.init(serializedBytes: message.extracting(body))
        }
    }

    private var hasCustomerIDOnly: Bool {
        customerID != 0 && source.isEmpty && destination.isEmpty && sipUser.isEmpty && account.isEmpty
            && unknownFields.data.isEmpty
    }

    /// Appends the field `parties` with this party.
    fileprivate func write(to buffer: inout ByteBuffer) throws {
        if hasCustomerIDOnly {
            buffer.writeParty(customerID: customerID)
        } else {
            let octets: [UInt8] = try serializedBytes()
            buffer.writeLengthDelimited(field: partiesField, length: octets.count)
            buffer.writeBytes(octets)
        }
    }
}

extension [Busyhour_V1_Party] {
    /// Appends the party that stands there. True: it is read, in whichever form it is.
    /// - Throws: the octets are not a party.
    mutating func appendParty(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        append(try Busyhour_V1_Party(body, of: message))
        return true
    }

    /// Appends the field `parties`, one a party.
    func write(to buffer: inout ByteBuffer) throws {
        // By index: a loop over the elements would copy each, and count its references.
        for index in indices { try self[index].write(to: &buffer) }
    }
}

extension ByteBuffer {
    /// Appends the field `parties` with a party of this id, which is not 0: tag, length, tag and a varint of at most
    /// five octets are at most eight, the octets of one number.
    fileprivate mutating func writeParty(customerID: UInt32) {
        let octets = (32 - customerID.leadingZeroBitCount + 6) / 7
        var varint: UInt64 = 0
        for octet in 0..<octets {
            let more: UInt64 = octet < octets - 1 ? 0x80 : 0
            varint |= (UInt64(customerID) >> UInt64(7 * octet) & 0x7F | more) << UInt64(8 * octet)
        }
        let start = UInt64(partiesField << 3 | 2) | UInt64(1 + octets) << 8 | UInt64(customerIDTag) << 16
        setInteger(start | varint << 24, at: writerIndex, endianness: .little)
        moveWriterIndex(forwardBy: 3 + octets)
    }
}
