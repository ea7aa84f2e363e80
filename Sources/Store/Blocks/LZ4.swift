// LZ4 by the system's library, for bytes whose count fits an `Int32`, thanks to `BlockLimits.rawBytes`.

import CLZ4

enum LZ4 {
    /// Appends the packed bytes if they take less than `limit`; else leaves `result` unchanged and returns false.
    static func pack(_ bytes: UnsafeRawBufferPointer, under limit: Int, into result: inout [UInt8]) -> Bool {
        precondition(bytes.count <= BlockLimits.rawBytes, "a block is at most 1 MiB")
        guard limit > 1, let source = bytes.baseAddress else { return false }
        let start = result.count
        result.append(contentsOf: repeatElement(0, count: limit - 1))
        let written = result.withUnsafeMutableBytes { memory -> Int32 in
            guard let base = memory.baseAddress else { return 0 }
            // Safe: the library writes at most the given number of bytes, and returns 0 if that is not enough.
            return LZ4_compress_default(source, base + start, Int32(bytes.count), Int32(limit - 1))
        }
        result.removeLast(limit - 1 - Int(max(0, written)))
        return written > 0
    }

    /// Fills `result` from end to end, or throws.
    static func unpack(
        _ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer
    ) throws(BlockFault) {
        guard bytes.count <= BlockLimits.rawBytes + BlockLimits.overheadBytes, result.count <= BlockLimits.rawBytes,
            result.count <= bytes.count * BlockLimits.lz4Ratio
        else { throw .storedLength(bytes.count) }
        guard let source = bytes.baseAddress, let target = result.baseAddress else { throw .malformed }
        // Safe: the library checks every length against both counts, whatever the bytes are.
        let written = LZ4_decompress_safe(source, target, Int32(bytes.count), Int32(result.count))
        guard written == result.count else { throw .malformed }
    }
}
