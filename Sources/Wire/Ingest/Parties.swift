// The parties of a batch. Bulk producers name customers by id alone, thousands of them in a batch: these are a column of
// ids, read and written by hand. SwiftProtobuf does the others.

import NIOCore
import SwiftProtobuf

/// `repeated Party` as a collection of messages that takes four octets for one that is an id and nothing else.
public struct Parties: RandomAccessCollection, MutableCollection, Equatable, Sendable, ExpressibleByArrayLiteral {
    /// The ids, one a party; 0 for those that are named otherwise.
    public private(set) var customerIDs: [UInt32] = []
    /// The parties that have more than an id, by their index.
    public private(set) var others: [Int: Busyhour_V1_Party] = [:]

    public init() {}

    public init(_ messages: some Sequence<Busyhour_V1_Party>) {
        for message in messages { append(message) }
    }

    public init(arrayLiteral messages: Busyhour_V1_Party...) { self.init(messages) }

    public var startIndex: Int { 0 }
    public var endIndex: Int { customerIDs.count }

    public subscript(index: Int) -> Busyhour_V1_Party {
        get {
            if let other = others[index] { return other }
            var message = Busyhour_V1_Party()
            message.customerID = customerIDs[index]
            return message
        }
        set {
            customerIDs[index] = newValue.customerID
            others[index] = newValue.hasCustomerIDOnly ? nil : newValue
        }
    }

    public mutating func append(_ message: Busyhour_V1_Party) {
        customerIDs.append(message.customerID)
        if !message.hasCustomerIDOnly { others[customerIDs.count - 1] = message }
    }

    public mutating func append(customerID: UInt32) { customerIDs.append(customerID) }

    /// Forgets the parties and keeps the memory of the ids.
    public mutating func removeAll() {
        customerIDs.removeAll(keepingCapacity: true)
        if !others.isEmpty { others = [:] }
    }
}

// ---- reading and writing --------------------------------------------------------------------------------------------

/// Field number of `parties` in both requests.
let partiesField: UInt8 = 1
/// Tag of `Busyhour_V1_Party.customer_id`.
private let customerIDTag: UInt8 = 0x08

extension Parties {
    /// Appends the party that stands there. True: it is read, in whichever form it is.
    /// - Throws: the octets are not a party.
    mutating func append(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        var position = body.lowerBound + 1
        if body.count >= 2, message.octet(at: body.lowerBound) == customerIDTag,
            let id = message.varint32(at: &position), position == body.upperBound
        {
            append(customerID: id)
        } else {
            append(try Busyhour_V1_Party(serializedBytes: message.extracting(body)))
        }
        return true
    }

    /// Appends the field `parties`, one a party.
    func write(to buffer: inout ByteBuffer) throws {
        for (index, id) in customerIDs.enumerated() {
            if id != 0 && (others.isEmpty || others[index] == nil) {
                buffer.writeParty(customerID: id)
            } else {
                let octets: [UInt8] = try self[index].serializedBytes()
                buffer.writeLengthDelimited(field: partiesField, length: octets.count)
                buffer.writeBytes(octets)
            }
        }
    }
}

extension Busyhour_V1_Party {
    fileprivate var hasCustomerIDOnly: Bool {
        source.isEmpty && destination.isEmpty && sipUser.isEmpty && account.isEmpty && unknownFields.data.isEmpty
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
