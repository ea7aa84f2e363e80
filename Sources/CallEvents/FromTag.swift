/// The From tag of an INVITE as 32 bits, the same in every process: enough to distinguish the legs of one Call-ID.
public enum FromTag {
    /// - Returns: 0 for an empty tag, and only then.
    @inlinable
    public static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
        if range.isEmpty { return 0 }
        let tag = bytes.extracting(range).bytes
        var hash = UInt64(truncatingIfNeeded: tag.byteCount)
        var place = 0
        while place + 8 <= tag.byteCount {
            mix(tag.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian, into: &hash)
            place += 8
        }
        var rest: UInt64 = 0
        while place < tag.byteCount {
            rest = rest << 8 | UInt64(tag.unsafeLoadUnaligned(fromByteOffset: place, as: UInt8.self))
            place += 1
        }
        mix(rest, into: &hash)
        return max(1, UInt32(truncatingIfNeeded: hash))
    }

    @inlinable
    static func mix(_ word: UInt64, into hash: inout UInt64) {
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
    }
}
