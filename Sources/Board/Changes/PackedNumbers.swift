// Whole numbers in as few bytes each as their range needs: the values of a change, of which a bulk edit has a million.

import Columnar

package struct PackedNumbers: Equatable, Sendable {
    package let count: Int
    /// The smallest number.
    private let base: Int64
    /// Bytes per number: 0 (all equal the base), 1, 2, 4 or 8.
    private let width: Int
    /// Each number less the base, lowest byte first.
    private let bytes: [UInt8]

    package init(_ values: [Int64]) {
        count = values.count
        var (low, high) = (values.first ?? 0, values.first ?? 0)
        for value in values { (low, high) = (min(low, value), max(high, value)) }
        base = low
        let span = UInt64(bitPattern: high &- low)
        width = span == 0 ? 0 : span <= 0xFF ? 1 : span <= 0xFFFF ? 2 : span <= 0xFFFF_FFFF ? 4 : 8
        switch width {
        case 0: bytes = []
        case 1: bytes = Self.pack(values, low, as: UInt8.self)
        case 2: bytes = Self.pack(values, low, as: UInt16.self)
        case 4: bytes = Self.pack(values, low, as: UInt32.self)
        default: bytes = Self.pack(values, low, as: UInt64.self)
        }
    }

    /// One value, `count` times.
    package init(repeating value: Int64, count: Int) { (base, width, bytes, self.count) = (value, 0, [], count) }

    private static func pack<Part: FixedWidthInteger & BitwiseCopyable>(
        _ values: [Int64], _ base: Int64, as type: Part.Type
    ) -> [UInt8] {
        let size = MemoryLayout<Part>.size
        return [UInt8](unsafeUninitializedCapacity: values.count * size) { memory, used in
            let raw = UnsafeMutableRawBufferPointer(memory)
            // Safe: there is room for one part per value, and the width was chosen so that each fits.
            for (index, value) in values.enumerated() {
                let part = Part(truncatingIfNeeded: UInt64(bitPattern: value &- base))
                raw.storeBytes(of: part.littleEndian, toByteOffset: index * size, as: Part.self)
            }
            used = values.count * size
        }
    }

    package subscript(index: Int) -> Int64 {
        precondition(index >= 0 && index < count, "no such value")
        return bytes.withBytes { bytes in
            let part: UInt64 =
                switch width {
                case 0: 0
                case 1: UInt64(bytes[index])
                case 2: UInt64(bytes.integer(at: 2 * index, as: UInt16.self))
                case 4: UInt64(bytes.integer(at: 4 * index, as: UInt32.self))
                default: bytes.integer(at: 8 * index, as: UInt64.self)
                }
            return base &+ Int64(bitPattern: part)
        }
    }

    package var values: [Int64] { (0..<count).map { self[$0] } }

    var byteSize: Int { bytes.count }
}

// MARK: - Bytes

extension FieldWriter {
    /// Width 1 byte, base 8, then the parts, preceded by their length.
    mutating func append(_ numbers: PackedNumbers) { numbers.append(to: &self) }
}

extension PackedNumbers {
    fileprivate func append(to writer: inout FieldWriter) {
        writer.append(UInt8(truncatingIfNeeded: width))
        writer.append(base)
        writer.append(bytes: bytes)
    }

    /// Reads exactly `count` numbers.
    init(_ reader: inout FieldReader, count: Int) throws(FieldFault) {
        width = Int(try reader.integer(UInt8.self))
        base = try reader.integer()
        let parts = try reader.bytes()
        guard [0, 1, 2, 4, 8].contains(width), count >= 0, parts.count == count * width else {
            throw FieldFault("has \(parts.count) bytes for \(count) numbers of \(width)")
        }
        bytes = Array(parts)
        self.count = count
    }
}
