// A list of fields: each a number, a length and octets. The numbers are of columns and are never used for another; a reader
// passes over a field that it does not know. Numbers and lengths are packed in sevens of bits, lowest first (LEB128).

struct FieldWriter {
    private(set) var octets: [UInt8]

    init(_ octets: [UInt8] = []) { self.octets = octets }

    mutating func append(packed value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }

    mutating func append(_ value: some FixedWidthInteger & BitwiseCopyable) { octets.appendInteger(value) }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 {
            append(packed: UInt64($0.count))
            octets.append(contentsOf: $0)
        }
    }

    /// Appends what another wrote, with its length before it.
    mutating func append(_ other: FieldWriter) {
        append(packed: UInt64(other.octets.count))
        octets.append(contentsOf: other.octets)
    }

    /// Appends a field whose octets `body` appends.
    mutating func field(_ number: UInt64, _ body: (inout FieldWriter) -> Void) {
        append(packed: number)
        var field = FieldWriter()
        body(&field)
        append(field)
    }

    mutating func field(_ number: UInt64, text: String) {
        append(packed: number)
        append(text)
    }
}

/// Reads what a `FieldWriter` wrote, or anything else.
struct FieldReader {
    private(set) var rest: UnsafeRawBufferPointer

    init(_ octets: UnsafeRawBufferPointer) { rest = octets }

    var isAtEnd: Bool { rest.isEmpty }

    private static let endsEarly = RecordFault.malformed("ends in the middle of a field")

    mutating func packed() throws(RecordFault) -> UInt64 {
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
        throw rest.count < 10 ? Self.endsEarly : .malformed("has a number that is too long")
    }

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(RecordFault) -> Value {
        try take(UInt64(MemoryLayout<Value>.size)).integer(at: 0, as: type)
    }

    mutating func octets() throws(RecordFault) -> UnsafeRawBufferPointer { try take(try packed()) }

    /// A text with its length before it.
    mutating func text() throws(RecordFault) -> String { try Self.text(try octets()) }

    /// What is left is a text.
    mutating func wholeText() throws(RecordFault) -> String { try Self.text(try take(UInt64(rest.count))) }

    private static func text(_ octets: UnsafeRawBufferPointer) throws(RecordFault) -> String {
        guard octets.count <= RecordLimits.textBytes else { throw .malformed("has a text of \(octets.count) octets") }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw .malformed("has a text that is not UTF-8")
        }
        return text
    }

    private mutating func take(_ count: UInt64) throws(RecordFault) -> UnsafeRawBufferPointer {
        guard count <= UInt64(rest.count) else { throw Self.endsEarly }
        let taken = UnsafeRawBufferPointer(rebasing: rest[..<Int(count)])
        rest = UnsafeRawBufferPointer(rebasing: rest[Int(count)...])
        return taken
    }
}
