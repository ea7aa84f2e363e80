// A list of fields: each a number, a length and octets. The numbers are of columns and are never used for another; a reader
// passes over a field that it does not know. Numbers and lengths are packed in sevens of bits, lowest first (LEB128).

import Columnar

package struct FieldWriter {
    package private(set) var octets: [UInt8]

    package init(_ octets: [UInt8] = []) { self.octets = octets }

    package mutating func reserve(_ count: Int) { octets.reserveCapacity(count) }

    package mutating func append(packed value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }

    package mutating func append(_ value: some FixedWidthInteger & BitwiseCopyable) { octets.appendInteger(value) }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 {
            append(packed: UInt64($0.count))
            octets.append(contentsOf: $0)
        }
    }

    /// Appends octets with their length before them.
    package mutating func append(octets other: [UInt8]) {
        append(packed: UInt64(other.count))
        octets.append(contentsOf: other)
    }

    /// Appends what `body` writes, with its length before it.
    package mutating func nested(_ body: (inout FieldWriter) -> Void) {
        let start = octets.count
        // Most are short: their length takes one octet.
        octets.append(0)
        body(&self)
        var length = octets.count - start - 1
        octets[start] = UInt8(length & 0x7F) | (length >= 0x80 ? 0x80 : 0)
        var place = start + 1
        length >>= 7
        while length > 0 {
            octets.insert(UInt8(length & 0x7F) | (length >= 0x80 ? 0x80 : 0), at: place)
            place += 1
            length >>= 7
        }
    }

    /// Appends a field whose octets `body` appends.
    package mutating func field(_ number: UInt64, _ body: (inout FieldWriter) -> Void) {
        append(packed: number)
        nested(body)
    }

    package mutating func field(_ number: UInt64, text: String) {
        append(packed: number)
        append(text)
    }
}

/// Reads what a `FieldWriter` wrote, or anything else.
package struct FieldReader {
    package private(set) var rest: UnsafeRawBufferPointer

    package init(_ octets: UnsafeRawBufferPointer) { rest = octets }

    package var isAtEnd: Bool { rest.isEmpty }

    private static let endsEarly = FieldFault("ends in the middle of a field")

    package mutating func packed() throws(FieldFault) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<min(10, rest.count) {
            let octet = rest[index]
            // The tenth has one bit left.
            if index == 9 && octet > 1 { break }
            value |= UInt64(octet & 0x7F) << UInt64(7 * index)
            if octet < 0x80 {
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

    package mutating func octets() throws(FieldFault) -> UnsafeRawBufferPointer { try take(try packed()) }

    /// A text with its length before it.
    package mutating func text() throws(FieldFault) -> String { try Self.text(try octets()) }

    /// What is left is a text.
    package mutating func wholeText() throws(FieldFault) -> String { try Self.text(try take(UInt64(rest.count))) }

    private static func text(_ octets: UnsafeRawBufferPointer) throws(FieldFault) -> String {
        guard octets.count <= OctetLimits.textBytes else { throw FieldFault("has a text of \(octets.count) octets") }
        guard let text = String(validating: octets, as: UTF8.self) else {
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

/// Why octets are no list of fields: what does not fit.
package struct FieldFault: Error, Equatable, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}
