// Packs numbers: the size of every encoding is computed from the values themselves, and LZ4 is tried against the best
// of them.

/// Working memory of packing, reused from block to block. Used by one thread.
struct NumberEncoder {
    /// The block's values, and the differences between neighbours.
    private var values: [Int64] = []
    private var deltas: [Int64] = []
    private var least: Int64 = 0
    private var most: Int64 = 0
    private var leastDelta: Int64 = 0
    private var planes: [UInt8] = []
    private var trial: [UInt8] = []

    /// Appends the packed rows to `bytes` and returns their codec. `rows` has 1...65,535 rows.
    mutating func encode<Value: FixedWidthInteger & BitwiseCopyable>(
        _ rows: UnsafeBufferPointer<Value>, into bytes: inout [UInt8]
    ) -> BlockCodec {
        precondition((1...65_535).contains(rows.count), "a chunk's rows are told by 16 bits")
        load(rows)
        let start = bytes.count
        let arithmetic = encodeByArithmetic(limit: rows.count * MemoryLayout<Value>.size, into: &bytes)
        let raw = UnsafeRawBufferPointer(rows)
        let best = arithmetic == nil ? raw.count : bytes.count - start
        // LZ4 is slower to read than the rest, so it must save at least a tenth.
        if arithmetic != .constant && packPlanes(rows, under: best - best / 10) {
            bytes.replaceSubrange(start..., with: trial)
            return MemoryLayout<Value>.size == 1 ? .lz4 : .shuffled
        }
        if let arithmetic { return arithmetic }
        bytes.append(contentsOf: raw)
        return .raw
    }

    /// Loads the rows into `values` and `deltas`, with their smallest and largest.
    private mutating func load<Value: FixedWidthInteger & BitwiseCopyable>(_ rows: UnsafeBufferPointer<Value>) {
        if values.count != rows.count {
            values = [Int64](repeating: 0, count: rows.count)
            deltas = values
        }
        values.withUnsafeMutableBufferPointer { values in
            deltas.withUnsafeMutableBufferPointer { deltas in
                var last = Int64(truncatingIfNeeded: rows[0])
                (least, most, leastDelta) = (last, last, .max)
                for row in 0..<rows.count {
                    let value = Int64(truncatingIfNeeded: rows[row])
                    values[row] = value
                    deltas[row] = value &- last
                    last = value
                    least = min(least, value)
                    most = max(most, value)
                }
                for row in 1..<max(1, rows.count) { leastDelta = min(leastDelta, deltas[row]) }
                // The first row has no difference; its place takes the smallest one, and the start makes up for it.
                deltas[0] = rows.count == 1 ? 0 : leastDelta
                leastDelta = deltas[0]
            }
        }
    }

    /// Nil, with nothing appended, if no encoding takes less than `limit` bytes.
    private mutating func encodeByArithmetic(limit: Int, into bytes: inout [UInt8]) -> BlockCodec? {
        if least == most {
            bytes.append(least)
            return .constant
        }
        let packed = values.withUnsafeBufferPointer { OffsetPlan($0, base: least) }
        let differing = deltas.withUnsafeBufferPointer { OffsetPlan($0, base: leastDelta) }
        let packedBytes = 8 + min(packed.byteCount, limit)
        let deltaBytes = 16 + min(differing.byteCount, limit)
        // Codes of a list are not shorter than offsets that take a byte.
        if packed.bits > 8, let list = list(under: min(packedBytes, deltaBytes, limit)) {
            append(list, to: &bytes)
            return .listed
        }
        guard min(packedBytes, deltaBytes) < limit else { return nil }
        if packedBytes <= deltaBytes {
            bytes.append(least)
            values.withUnsafeBufferPointer { OffsetStream.pack($0, base: least, packed, into: &bytes) }
            return .packed
        }
        bytes.append(values[0] &- leastDelta)
        bytes.append(leastDelta)
        deltas.withUnsafeBufferPointer { OffsetStream.pack($0, base: leastDelta, differing, into: &bytes) }
        return .deltas
    }

    // MARK: - Few different values

    /// The different values in ascending order, if there are few and their codes take less than `limit` bytes.
    private func list(under limit: Int) -> [Int64]? {
        var seen: Set<Int64> = []
        for value in values {
            seen.insert(value)
            if seen.count > BlockLimits.listedValues { return nil }
        }
        let bits = NumberEncoder.codeBits(seen.count)
        let byteCount = 3 + 8 * seen.count + OffsetStream.bodyBytes(rows: values.count, bits: bits)
        return byteCount < limit ? seen.sorted() : nil
    }

    private static func codeBits(_ count: Int) -> Int { Int.bitWidth - (count - 1).leadingZeroBitCount }

    private func append(_ list: [Int64], to bytes: inout [UInt8]) {
        bytes.append(UInt16(list.count))
        for value in list { bytes.append(value) }
        var codeByValue: [Int64: Int64] = [:]
        for (code, value) in list.enumerated() { codeByValue[value] = Int64(code) }
        var widths = [Int](repeating: 0, count: 65)
        widths[NumberEncoder.codeBits(list.count)] = values.count
        let codes = values.map { codeByValue[$0] ?? 0 }
        codes.withUnsafeBufferPointer {
            OffsetStream.pack($0, base: 0, OffsetPlan(widths: widths, rows: $0.count), into: &bytes)
        }
    }

    // MARK: - LZ4

    /// LZ4 of the rows' first bytes, second bytes, ...; false if that is not below `limit`.
    private mutating func packPlanes<Value: FixedWidthInteger & BitwiseCopyable>(
        _ rows: UnsafeBufferPointer<Value>, under limit: Int
    ) -> Bool {
        trial.removeAll(keepingCapacity: true)
        let width = MemoryLayout<Value>.size
        if width == 1 { return LZ4.pack(UnsafeRawBufferPointer(rows), under: limit, into: &trial) }
        let count = rows.count
        if planes.count != width * count { planes = [UInt8](repeating: 0, count: width * count) }
        planes.withUnsafeMutableBufferPointer { planes in
            for plane in 0..<width {
                let shift = Value(8 * plane)
                let bytes = UnsafeMutableBufferPointer(rebasing: planes[plane * count..<(plane + 1) * count])
                for row in 0..<count { bytes[row] = UInt8(truncatingIfNeeded: rows[row] &>> shift) }
            }
        }
        return planes.withUnsafeBytes { LZ4.pack($0, under: limit, into: &trial) }
    }
}
