// How the columns of an ingest request are read: calls and events differ in their fields only.

public import NIOCore
public import SwiftProtobuf

/// A request for ingesting as columns, read from and written to the bytes without an intermediate message.
public protocol IngestColumns {
    associatedtype Message: SwiftProtobuf.Message

    var parties: Parties { get set }

    init()
    /// Creates the columns from a decoded message.
    init(_ message: Message)

    /// Removes everything and retains the memory.
    mutating func removeAll()

    /// Reads a field other than the parties.
    /// - Returns: false if it is not written plainly, as one list.
    mutating func append(_ field: UInt8, _ body: Range<Int>, of message: RawSpan) throws -> Bool
}

extension IngestColumns {
    /// Reads a request's payload: each column is one copy of memory.
    /// - Throws: if the bytes are not a `Message`.
    public init(_ payload: ByteBuffer) throws(MalformedPayload) {
        self.init()
        try read(payload)
    }

    /// Replaces what is there by the payload's, in the same memory if it fits.
    /// - Throws: if the bytes are not a `Message`. The columns are then empty.
    public mutating func read(_ payload: ByteBuffer) throws(MalformedPayload) {
        removeAll()
        do {
            if try !readPlain(payload.readableBytesSpan) {
                self = Self(try Message(serializedBytes: payload.readableBytesSpan))
            }
        } catch {
            removeAll()
            throw MalformedPayload(messageName: Message.protoMessageName)
        }
    }

    /// False if the message is not written plainly; the columns are then incomplete.
    private mutating func readPlain(_ message: RawSpan) throws -> Bool {
        var fields = PlainFields()
        // There are thousands of these, and an ordinary encoder writes them first.
        fields.position = parties.appendIDs(at: 0, of: message)
        while let field = fields.next(in: message) {
            let isPlain =
                field.number == partiesField
                ? try parties.append(field.body, of: message) : try append(field.number, field.body, of: message)
            if !isPlain { return false }
        }
        return fields.position == message.byteCount
    }
}
