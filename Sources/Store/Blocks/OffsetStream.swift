// Numbers as offsets above a base, of as many bits as most of them need; those that need more are exceptions.

/// How some offsets are best packed.
struct OffsetPlan {
    /// Bits of each row, 0...`BlockLimits.packedBits`.
    private(set) var bits = 0
    /// Octets of the upper part of each exception.
    private(set) var exceptionBytes = 0
    private(set) var exceptions = 0
    /// Octets of the stream.
    private(set) var byteCount = Int.max

    /// - Parameter widths: how many offsets have 0, 1, ... 64 bits.
    init(widths: [Int], rows: Int) {
        let widest = widths.lastIndex { $0 > 0 } ?? 0
        var above = 0
        for bits in stride(from: widest, through: 0, by: -1) {
            let octets = (widest - bits + 7) / 8
            let size = OffsetStream.headBytes + above * (2 + octets) + OffsetStream.bodyBytes(rows: rows, bits: bits)
            if bits <= BlockLimits.packedBits && size < byteCount {
                (self.bits, exceptionBytes, exceptions, byteCount) = (bits, octets, above, size)
            }
            above += widths[bits]
        }
        if exceptions == 0 { exceptionBytes = 0 }
    }

    /// The best plan for values above their smallest.
    init(_ values: UnsafeBufferPointer<Int64>, base: Int64) {
        var widths = [Int](repeating: 0, count: 65)
        widths.withUnsafeMutableBufferPointer { widths in
            for value in values { widths[64 - (value &- base).leadingZeroBitCount] += 1 }
        }
        self.init(widths: widths, rows: values.count)
    }
}

enum OffsetStream {
    static let headBytes = 4
    /// So that eight octets can be read from where any row begins.
    private static let padding = 7

    static func bodyBytes(rows: Int, bits: Int) -> Int { (rows * bits + 7) / 8 + padding }

    // MARK: - Packing

    static func pack(
        _ values: UnsafeBufferPointer<Int64>, base: Int64, _ plan: OffsetPlan, into octets: inout [UInt8]
    ) {
        let mask = (UInt64(1) << UInt64(plan.bits)) - 1
        octets.append(UInt8(plan.bits))
        octets.append(UInt8(plan.exceptionBytes))
        octets.append(UInt16(plan.exceptions))
        if plan.exceptions > 0 {
            let isException = { (row: Int) in UInt64(bitPattern: values[row] &- base) > mask }
            for row in values.indices where isException(row) { octets.append(UInt16(row)) }
            for row in values.indices where isException(row) {
                let upper = (UInt64(bitPattern: values[row] &- base) >> UInt64(plan.bits)).littleEndian
                withUnsafeBytes(of: upper) { octets.append(contentsOf: $0.prefix(plan.exceptionBytes)) }
            }
        }
        var word: UInt64 = 0
        var filled: UInt64 = 0
        for value in values {
            let offset = UInt64(bitPattern: value &- base) & mask
            word |= offset << filled
            filled += UInt64(plan.bits)
            if filled >= 64 {
                octets.append(word)
                filled -= 64
                // What did not fit; a shift by 64 or more gives 0.
                word = offset >> (UInt64(plan.bits) - filled)
            }
        }
        withUnsafeBytes(of: word.littleEndian) { octets.append(contentsOf: $0.prefix(Int(filled + 7) / 8)) }
        octets.append(contentsOf: repeatElement(0, count: padding))
    }

    // MARK: - Unpacking

    /// Sets every row to its offset and the base, cut to the width of the column.
    static func unpack<Value: FixedWidthInteger & BitwiseCopyable>(
        _ reader: inout OctetReader, base: Int64, into rows: UnsafeMutableBufferPointer<Value>
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

    /// Unsafe, and why it is right: the last row begins in octet `(rows - 1) * bits / 8` of the body, and the body has seven
    /// octets behind the one in which the last row ends (`bodyBytes`), so that eight octets from where a row begins are
    /// all within it. A row's bits end below bit 7 + 56 of those.
    private static func unpack<Value: FixedWidthInteger & BitwiseCopyable>(
        _ body: UnsafeRawBufferPointer, bits: Int, base: Int64, into rows: UnsafeMutableBufferPointer<Value>
    ) {
        precondition(body.count >= bodyBytes(rows: rows.count, bits: bits) && bits <= BlockLimits.packedBits)
        guard let octets = body.baseAddress, let target = rows.baseAddress else { return }
        let mask = Int64(bitPattern: (UInt64(1) << UInt64(bits)) - 1)
        var bit = 0
        for row in 0..<rows.count {
            let word = Int64(littleEndian: octets.loadUnaligned(fromByteOffset: bit &>> 3, as: Int64.self))
            target[row] = Value(truncatingIfNeeded: (word &>> Int64(bit & 7) & mask) &+ base)
            bit &+= bits
        }
    }
}
