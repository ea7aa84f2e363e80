// Numbers as offsets above a base, of as many bits as most of them need; those that need more are exceptions.

/// The best way to pack some offsets.
struct OffsetPlan {
    /// Bits of each row, 0...`BlockLimits.packedBits`.
    private(set) var bits = 0
    /// Bytes of the upper part of each exception.
    private(set) var exceptionBytes = 0
    private(set) var exceptions = 0
    /// Bytes of the stream.
    private(set) var byteCount = Int.max

    /// - Parameter widths: how many offsets have 0, 1, ... 64 bits.
    init(widths: [Int], rows: Int) {
        let widest = widths.lastIndex { $0 > 0 } ?? 0
        var above = 0
        for bits in stride(from: widest, through: 0, by: -1) {
            let bytes = (widest - bits + 7) / 8
            let size = OffsetStream.headBytes + above * (2 + bytes) + OffsetStream.bodyBytes(rows: rows, bits: bits)
            if bits <= BlockLimits.packedBits && size < byteCount {
                (self.bits, exceptionBytes, exceptions, byteCount) = (bits, bytes, above, size)
            }
            above += widths[bits]
        }
        if exceptions == 0 { exceptionBytes = 0 }
    }

    /// The best plan for values above their smallest.
    init(_ values: UnsafeBufferPointer<Int64>, base: Int64) {
        // Two alternating tables: neighbours often have the same width, and adding to one counter twice in a row
        // stalls.
        var even = [Int](repeating: 0, count: 65)
        var odd = even
        even.withUnsafeMutableBufferPointer { even in
            odd.withUnsafeMutableBufferPointer { odd in
                for row in stride(from: 0, to: values.count - 1, by: 2) {
                    even[64 - (values[row] &- base).leadingZeroBitCount] += 1
                    odd[64 - (values[row + 1] &- base).leadingZeroBitCount] += 1
                }
                if values.count % 2 == 1 { even[64 - (values[values.count - 1] &- base).leadingZeroBitCount] += 1 }
            }
        }
        self.init(widths: zip(even, odd).map { $0 + $1 }, rows: values.count)
    }
}

enum OffsetStream {
    static let headBytes = 4
    /// Padding that lets eight bytes be read from where any row begins.
    private static let padding = 7

    static func bodyBytes(rows: Int, bits: Int) -> Int { (rows * bits + 7) / 8 + padding }

    // MARK: - Packing

    static func pack(
        _ values: UnsafeBufferPointer<Int64>, base: Int64, _ plan: OffsetPlan, into bytes: inout [UInt8]
    ) {
        let mask = (UInt64(1) << UInt64(plan.bits)) - 1
        bytes.append(UInt8(plan.bits))
        bytes.append(UInt8(plan.exceptionBytes))
        bytes.append(UInt16(plan.exceptions))
        if plan.exceptions > 0 {
            let isException = { (row: Int) in UInt64(bitPattern: values[row] &- base) > mask }
            for row in values.indices where isException(row) { bytes.append(UInt16(row)) }
            for row in values.indices where isException(row) {
                let upper = (UInt64(bitPattern: values[row] &- base) >> UInt64(plan.bits)).littleEndian
                withUnsafeBytes(of: upper) { bytes.append(contentsOf: $0.prefix(plan.exceptionBytes)) }
            }
        }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: bodyBytes(rows: values.count, bits: plan.bits)))
        bytes.withUnsafeMutableBytes {
            pack(values, base: base, bits: plan.bits, mask, into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
        }
    }

    /// Unsafe, and why it is right: as for unpacking, eight bytes from where a row begins lie within the body; the bits
    /// that a row writes beyond its own are 0 and are overwritten by the following rows.
    private static func pack(
        _ values: UnsafeBufferPointer<Int64>, base: Int64, bits: Int, _ mask: UInt64,
        into body: UnsafeMutableRawBufferPointer
    ) {
        precondition(body.count >= bodyBytes(rows: values.count, bits: bits) && bits <= BlockLimits.packedBits)
        guard let bytes = body.baseAddress else { return }
        var bit = 0
        // Bits of earlier rows in the byte in which the next row begins.
        var pending: UInt64 = 0
        for row in 0..<values.count {
            let word = pending | (UInt64(bitPattern: values[row] &- base) & mask) << UInt64(bit & 7)
            bytes.storeBytes(of: word.littleEndian, toByteOffset: bit >> 3, as: UInt64.self)
            let next = bit + bits
            pending = word &>> UInt64(8 * (next >> 3 - bit >> 3))
            bit = next
        }
    }

    // MARK: - Unpacking

    /// Sets every row to the base plus its offset, truncated to the width of the column.
    static func unpack<Value: FixedWidthInteger & BitwiseCopyable>(
        _ reader: inout ByteReader, base: Int64, into rows: UnsafeMutableBufferPointer<Value>
    ) throws(BlockFault) {
        let bits = Int(try reader.next(UInt8.self))
        let exceptionBytes = Int(try reader.next(UInt8.self))
        let exceptions = Int(try reader.next(UInt16.self))
        guard bits <= BlockLimits.packedBits, exceptionBytes <= 8, exceptions <= rows.count else { throw .malformed }
        let places = try reader.take(2 * exceptions)
        let uppers = try reader.take(exceptionBytes * exceptions)
        let body = try reader.take(bodyBytes(rows: rows.count, bits: bits))
        unpack(body, bits: bits, base: base, into: rows)
        for number in 0..<exceptions {
            // Safe: unaligned reads below `2 * exceptions` and `exceptionBytes * exceptions`.
            let row = Int(UInt16(littleEndian: places.loadUnaligned(fromByteOffset: 2 * number, as: UInt16.self)))
            guard row < rows.count else { throw .malformed }
            var upper: UInt64 = 0
            for place in 0..<exceptionBytes {
                upper |= UInt64(uppers[number * exceptionBytes + place]) << UInt64(8 * place)
            }
            rows[row] &+= Value(truncatingIfNeeded: upper << UInt64(bits))
        }
    }

    /// Unsafe, and why it is right: the last row begins in byte `(rows - 1) * bits / 8` of the body, and the body has
    /// seven bytes after the one in which the last row ends (`bodyBytes`), so that eight bytes from where a row begins
    /// are all within it. A row's bits end below bit 7 + 56 of those.
    private static func unpack<Value: FixedWidthInteger & BitwiseCopyable>(
        _ body: UnsafeRawBufferPointer, bits: Int, base: Int64, into rows: UnsafeMutableBufferPointer<Value>
    ) {
        precondition(body.count >= bodyBytes(rows: rows.count, bits: bits) && bits <= BlockLimits.packedBits)
        guard let bytes = body.baseAddress, let target = rows.baseAddress else { return }
        let mask = Int64(bitPattern: (UInt64(1) << UInt64(bits)) - 1)
        var bit = 0
        for row in 0..<rows.count {
            let word = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: bit &>> 3, as: Int64.self))
            target[row] = Value(truncatingIfNeeded: (word &>> Int64(bit & 7) & mask) &+ base)
            bit &+= bits
        }
    }
}
