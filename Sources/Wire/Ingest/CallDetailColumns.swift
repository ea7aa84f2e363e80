// `Busyhour_V1_CallDetailColumns` as arrays, read from and written to the bytes without an intermediate message.

import Foundation
import NIOCore
import SwiftProtobuf

/// Details of some of a batch's calls: the fields of `Busyhour_V1_CallDetailColumns`, where they are documented.
/// Columns may differ in length, as sent by the peer: compare before indexing.
public struct CallDetailColumns: Equatable, Sendable {
    public var row: [UInt32] = []
    public var texts: [UInt8] = []
    public var textEnd: [UInt32] = []
    public var source: [UInt8] = []
    public var destination: [UInt8] = []
    public var fromTag: [UInt32] = []

    public init() {}

    public var isEmpty: Bool {
        row.isEmpty && texts.isEmpty && textEnd.isEmpty && source.isEmpty && destination.isEmpty && fromTag.isEmpty
    }

    /// Number of the field `details` in the requests that carry calls.
    static let field: UInt8 = 14

    mutating func removeAll() { if !isEmpty { self = CallDetailColumns() } }

    init(_ message: Busyhour_V1_CallDetailColumns) {
        row = message.row
        texts = Array(message.texts)
        textEnd = message.textEnd
        source = Array(message.source)
        destination = Array(message.destination)
        fromTag = message.fromTag
    }

    var message: Busyhour_V1_CallDetailColumns {
        .with {
            $0.row = row
            $0.texts = Data(texts)
            $0.textEnd = textEnd
            $0.source = Data(source)
            $0.destination = Data(destination)
            $0.fromTag = fromTag
        }
    }

    /// Reads the message in this range. False: it is not written plainly, or is the second one, which protobuf merges
    /// into the first.
    mutating func read(_ body: Range<Int>, of message: RawSpan) -> Bool {
        guard isEmpty else { return false }
        let inner = message.extracting(body)
        var fields = PlainFields()
        while let field = fields.next(in: inner) {
            let isPlain =
                switch field.number {
                case 1: row.append(packed: field.body, of: inner)
                case 2: texts.set(field.body, of: inner)
                case 3: textEnd.append(packed: field.body, of: inner)
                case 4: source.set(field.body, of: inner)
                case 5: destination.set(field.body, of: inner)
                case 6: fromTag.append(packed: field.body, of: inner)
                default: false
                }
            if !isPlain { return false }
        }
        return fields.position == inner.byteCount
    }

    /// Appends the field with these columns; nothing if there are none.
    func write(to buffer: inout ByteBuffer) {
        if isEmpty { return }
        var inner = ByteBuffer()
        inner.reserveCapacity(size)
        row.write(packedField: 1, to: &inner)
        texts.write(packedField: 2, to: &inner)
        textEnd.write(packedField: 3, to: &inner)
        source.write(packedField: 4, to: &inner)
        destination.write(packedField: 5, to: &inner)
        fromTag.write(packedField: 6, to: &inner)
        buffer.writeLengthDelimited(field: Self.field, length: inner.readableBytes)
        buffer.writeBuffer(&inner)
    }

    /// Bytes of the field; may be slightly too high.
    var size: Int {
        6 + row.packedSize + texts.packedSize + textEnd.packedSize + source.packedSize + destination.packedSize
            + fromTag.packedSize
    }
}

extension [UInt8] {
    /// For a field that is not a list, the last occurrence counts.
    fileprivate mutating func set(_ body: Range<Int>, of message: RawSpan) -> Bool {
        removeAll(keepingCapacity: true)
        return append(packed: body, of: message)
    }
}
