// The parties of a batch. Bulk producers name customers by id alone, thousands of them in a batch: these are a column
// of ids, read and written by hand. SwiftProtobuf handles the others.

import NIOCore
import SwiftProtobuf

/// `repeated Party` as a collection of messages that takes four bytes for a party that is only an id.
public struct Parties: RandomAccessCollection, MutableCollection, Equatable, Sendable, ExpressibleByArrayLiteral {
    /// One id per party; 0 for parties that are named otherwise.
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

    /// Removes the parties and retains the memory of the ids.
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
    /// Appends the party in this range, in whichever form it is. Always returns true.
    /// - Throws: if the bytes are not a party.
    mutating func append(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        var position = body.lowerBound + 1
        if body.count >= 2, message.byte(at: body.lowerBound) == customerIDTag,
            let id = message.varint32(at: &position), position == body.upperBound
        {
            append(customerID: id)
        } else {
            append(try Busyhour_V1_Party(serializedBytes: message.extracting(body)))
        }
        return true
    }

    /// Appends the parties from `position` on that consist of an id only, in eight bytes at most.
    /// - Returns: where the next field begins.
    mutating func appendIDs(at position: Int, of message: RawSpan) -> Int {
        var position = position
        while position <= message.byteCount - 8 {
            // Tag and length of the party, tag and varint of its id: the bytes of one number, which exist.
            let word = UInt64(littleEndian: message.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
            let tags = UInt64(partiesField << 3 | 2) | UInt64(customerIDTag) << 16
            guard word & 0xFF_00FF == tags else { break }
            let varint = word >> 24
            let ends = ~varint & 0x80_8080_8080
            let bytes = ends.trailingZeroBitCount >> 3 + 1
            guard ends != 0, word >> 8 & 0xFF == UInt64(bytes + 1) else { break }
            let bits = varint & (1 << UInt64(8 * bytes) - 1)
            let id =
                bits & 0x7F | bits >> 1 & 0x3F80 | bits >> 2 & 0x1F_C000 | bits >> 3 & 0xFE0_0000
                | bits >> 4 & 0x7_F000_0000
            guard id <= UInt64(UInt32.max) else { break }
            customerIDs.append(UInt32(id))
            position += 3 + bytes
        }
        return position
    }

    /// Appends the field `parties`, once per party.
    func write(to buffer: inout ByteBuffer) throws {
        if others.isEmpty && !customerIDs.contains(0) { return buffer.writeParties(customerIDs) }
        for (index, id) in customerIDs.enumerated() {
            if id != 0 && (others.isEmpty || others[index] == nil) {
                buffer.writeParty(customerID: id)
            } else {
                let bytes: [UInt8] = try self[index].serializedBytes()
                buffer.writeLengthDelimited(field: partiesField, length: bytes.count)
                buffer.writeBytes(bytes)
            }
        }
    }
}

extension Busyhour_V1_Party {
    /// Whether it has anything that entries with several conditions check.
    public var hasClaims: Bool {
        sourcePort != 0 || !called.isEmpty || !fromDomain.isEmpty || !uriDomain.isEmpty || !contactDomain.isEmpty
            || !trunkGroup.isEmpty || !assertedIdentities.isEmpty || !headers.isEmpty
    }

    fileprivate var hasCustomerIDOnly: Bool {
        source.isEmpty && destination.isEmpty && sipUser.isEmpty && account.isEmpty && !hasCredentials_p && !hasClaims
            && direction.isEmpty && unknownFields.data.isEmpty
    }
}

extension ByteBuffer {
    /// Appends the field `parties` with a party for each of these ids, none of which is 0.
    fileprivate mutating func writeParties(_ ids: [UInt32]) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: 8 * ids.count) { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            var position = 0
            for id in ids {
                let (word, length) = partyBytes(customerID: id)
                // Safe: there are fewer parties before this one, of at most eight bytes each.
                (start + position).storeBytes(of: word.littleEndian, as: UInt64.self)
                position += length
            }
            return position
        }
    }

    /// Appends the field `parties` with a party of this id, which is not 0.
    fileprivate mutating func writeParty(customerID: UInt32) {
        let (word, length) = partyBytes(customerID: customerID)
        setInteger(word, at: writerIndex, endianness: .little)
        moveWriterIndex(forwardBy: length)
    }
}

/// Tag, length, tag and a varint of at most five bytes are at most eight, the bytes of one number.
@inline(__always)
private func partyBytes(customerID: UInt32) -> (word: UInt64, length: Int) {
    let bytes = (32 - customerID.leadingZeroBitCount + 6) / 7
    let bits = UInt64(customerID)
    let varint =
        bits & 0x7F | (bits & 0x3F80) << 1 | (bits & 0x1F_C000) << 2 | (bits & 0xFE0_0000) << 3
        | (bits & 0xF000_0000) << 4
    // All bytes except the last announce more.
    let more: UInt64 = 0x80_8080_8080 & (1 << UInt64(8 * (bytes - 1)) - 1)
    let start = UInt64(partiesField << 3 | 2) | UInt64(1 + bytes) << 8 | UInt64(customerIDTag) << 16
    return (start | (varint | more) << 24, 3 + bytes)
}
