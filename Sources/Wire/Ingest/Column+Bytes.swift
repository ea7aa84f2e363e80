// Packed fixed-width fields as columns: their bytes on the wire are those of little-endian memory, so that reading and
// writing one is a copy of memory.

import NIOCore

#if _endian(big)
    #error("Columns are copied as they lie in memory; a big-endian machine needs them swapped.")
#endif

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
    /// Appends the elements of a packed field; false, with nothing appended, if the bytes are not a whole number of
    /// elements.
    mutating func append(packed body: Range<Int>, of message: RawSpan) -> Bool {
        guard body.count % MemoryLayout<Element>.stride == 0 else { return false }
        let added = body.count / MemoryLayout<Element>.stride
        message.extracting(body).withUnsafeBytes { bytes in
            append(addingCapacity: added) { (output: inout OutputSpan<Element>) in
                output.withUnsafeMutableBufferPointer { elements, initialized in
                    // `elements` has room for `added` elements, which is exactly `bytes.count` bytes; every bit pattern
                    // is an integer; and copying requires no alignment.
                    UnsafeMutableRawBufferPointer(elements).copyMemory(from: bytes)
                    initialized = added
                }
            }
        }
        return true
    }

    /// Bytes of the field that `write` appends; may be slightly too high.
    var packedSize: Int { isEmpty ? 0 : 6 + count * MemoryLayout<Element>.stride }

    /// Appends a packed field with these elements; nothing for an empty column. Field numbers are below 16.
    func write(packedField number: UInt8, to buffer: inout ByteBuffer) {
        if isEmpty { return }
        withUnsafeBytes { bytes in
            buffer.writeLengthDelimited(field: number, length: bytes.count)
            buffer.writeBytes(bytes)
        }
    }
}

extension ByteBuffer {
    /// Appends the tag and the length of a length-delimited field, whose bytes follow. Field numbers are below 16.
    mutating func writeLengthDelimited(field number: UInt8, length: Int) {
        writeInteger(number << 3 | 2)
        writeVarint(UInt64(length))
    }

    mutating func writeVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(rest))
    }
}
