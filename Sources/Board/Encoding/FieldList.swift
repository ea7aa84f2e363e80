// A list of fields: each a number, a length and bytes. The numbers belong to columns and are never reused; a reader
// skips unknown fields. Numbers and lengths are packed in groups of seven bits, lowest first (LEB128).

import Columnar

package struct FieldWriter {
    package private(set) var bytes: [UInt8]

    package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    package mutating func append(packed value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func append(_ value: some FixedWidthInteger & BitwiseCopyable) { bytes.appendInteger(value) }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 {
            append(packed: UInt64($0.count))
            bytes.append(contentsOf: $0)
        }
    }

    /// Appends bytes, preceded by their length.
    package mutating func append(bytes other: [UInt8]) {
        append(packed: UInt64(other.count))
        bytes.append(contentsOf: other)
    }

    /// Appends what `body` writes, preceded by its length.
    package mutating func nested(_ body: (inout FieldWriter) -> Void) {
        let start = bytes.count
        // Most are short: their length takes one byte.
        bytes.append(0)
        body(&self)
        var length = bytes.count - start - 1
        bytes[start] = UInt8(length & 0x7F) | (length >= 0x80 ? 0x80 : 0)
        var place = start + 1
        length >>= 7
        while length > 0 {
            bytes.insert(UInt8(length & 0x7F) | (length >= 0x80 ? 0x80 : 0), at: place)
            place += 1
            length >>= 7
        }
    }

    /// Appends a field whose bytes `body` appends.
    package mutating func field(_ number: UInt64, _ body: (inout FieldWriter) -> Void) {
        append(packed: number)
        nested(body)
    }

    package mutating func field(_ number: UInt64, text: String) {
        append(packed: number)
        append(text)
    }
}

/// Reads the output of a `FieldWriter`, or arbitrary bytes.
package struct FieldReader {
    package private(set) var rest: UnsafeRawBufferPointer

    package init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    package var isAtEnd: Bool { rest.isEmpty }

    private static let endsEarly = FieldFault("ends in the middle of a field")

    package mutating func packed() throws(FieldFault) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<min(10, rest.count) {
            let byte = rest[index]
            // The tenth byte has one bit left.
            if index == 9 && byte > 1 { break }
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                rest = UnsafeRawBufferPointer(rebasing: rest[(index + 1)...])
                return value
            }
        }
        throw rest.count < 10 ? Self.endsEarly : FieldFault("has a number that is too long")
    }

    package mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(FieldFault) -> Value {
        try take(UInt64(MemoryLayout<Value>.size)).integer(at: 0, as: type)
    }

    package mutating func bytes() throws(FieldFault) -> UnsafeRawBufferPointer { try take(try packed()) }

    /// Reads a text preceded by its length.
    package mutating func text() throws(FieldFault) -> String { try Self.text(try bytes()) }

    /// Reads all remaining bytes as a text.
    package mutating func wholeText() throws(FieldFault) -> String { try Self.text(try take(UInt64(rest.count))) }

    private static func text(_ bytes: UnsafeRawBufferPointer) throws(FieldFault) -> String {
        guard bytes.count <= EncodingLimits.textBytes else { throw FieldFault("has a text of \(bytes.count) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FieldFault("has a text that is not UTF-8")
        }
        return text
    }

    private mutating func take(_ count: UInt64) throws(FieldFault) -> UnsafeRawBufferPointer {
        guard count <= UInt64(rest.count) else { throw Self.endsEarly }
        let taken = UnsafeRawBufferPointer(rebasing: rest[..<Int(count)])
        rest = UnsafeRawBufferPointer(rebasing: rest[Int(count)...])
        return taken
    }
}

/// Why bytes are no valid list of fields.
package struct FieldFault: Error, Equatable, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}
