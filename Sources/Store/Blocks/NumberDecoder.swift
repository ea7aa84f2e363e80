// Unpacks numbers into the memory of a column's chunk. Nothing here trusts the bytes.

/// Working memory of unpacking, reused from block to block. Used by one thread.
struct NumberDecoder {
    private var planes: [UInt8] = []

    /// Fills `rows`; the caller must still check the hash.
    mutating func decode<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, codec: BlockCodec, into rows: UnsafeMutableBufferPointer<Value>
    ) throws(BlockFault) {
        var reader = ByteReader(bytes)
        switch codec {
        case .raw:
            let raw = try reader.take(rows.count * MemoryLayout<Value>.size)
            UnsafeMutableRawBufferPointer(rows).copyMemory(from: raw)
        case .lz4:
            guard MemoryLayout<Value>.size == 1 else { throw .unknownCodec(Int64(codec.rawValue)) }
            return try LZ4.unpack(bytes, into: UnsafeMutableRawBufferPointer(rows))
        case .constant:
            rows.update(repeating: Value(truncatingIfNeeded: try reader.next(Int64.self)))
        case .packed:
            let base = try reader.next(Int64.self)
            try OffsetStream.unpack(&reader, base: base, into: rows)
        case .deltas:
            var sum = Value(truncatingIfNeeded: try reader.next(Int64.self))
            let base = try reader.next(Int64.self)
            try OffsetStream.unpack(&reader, base: base, into: rows)
            for row in rows.indices {
                sum &+= rows[row]
                rows[row] = sum
            }
        case .listed:
            try decodeListed(&reader, into: rows)
        case .shuffled:
            return try decodePlanes(bytes, into: rows)
        }
        guard reader.rest.isEmpty else { throw .malformed }
    }

    private func decodeListed<Value: FixedWidthInteger & BitwiseCopyable>(
        _ reader: inout ByteReader, into rows: UnsafeMutableBufferPointer<Value>
    ) throws(BlockFault) {
        let count = Int(try reader.next(UInt16.self))
        guard (1...BlockLimits.listedValues).contains(count) else { throw .malformed }
        // Codes that the list does not have read as 0; the hash reveals them.
        var list = [Value](repeating: 0, count: 256)
        for code in 0..<count { list[code] = Value(truncatingIfNeeded: try reader.next(Int64.self)) }
        try OffsetStream.unpack(&reader, base: 0, into: rows)
        for row in rows.indices { rows[row] = list[Int(UInt8(truncatingIfNeeded: rows[row]))] }
    }

    private mutating func decodePlanes<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, into rows: UnsafeMutableBufferPointer<Value>
    ) throws(BlockFault) {
        let byteCount = rows.count * MemoryLayout<Value>.size
        if planes.count < byteCount { planes = [UInt8](repeating: 0, count: byteCount) }
        let count = rows.count
        try planes.withUnsafeMutableBufferPointer { (planes) throws(BlockFault) in
            try LZ4.unpack(
                bytes, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: planes[..<byteCount])))
            // Safe: `byteCount` bytes are the width times `count`, and rows are below `count`.
            guard let base = planes.baseAddress, let target = rows.baseAddress else { return }
            for row in 0..<count { target[row] = Value(truncatingIfNeeded: base[row]) }
            for plane in 1..<MemoryLayout<Value>.size {
                let bytes = base + plane * count
                for row in 0..<count { target[row] |= Value(truncatingIfNeeded: bytes[row]) &<< Value(8 * plane) }
            }
        }
    }
}
