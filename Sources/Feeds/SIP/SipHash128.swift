import CallEvents

/// The two words of a SipHash key.
public struct HashSeed: Equatable, Sendable {
    public var first: UInt64
    public var second: UInt64

    public init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A key that cannot be known outside, so that calls with colliding keys cannot be made.
    public static func random() -> HashSeed {
        var generator = SystemRandomNumberGenerator()
        return HashSeed(first: generator.next(), second: generator.next())
    }
}

/// SipHash-2-4 with 128 bits of output (J.-P. Aumasson, D. J. Bernstein: "SipHash: a fast short-input PRF", 2012).
struct SipHash128 {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Bytes that do not fill a word yet, and the total number of bytes.
    private var word: UInt64 = 0
    private var count: UInt64 = 0

    init(seed: HashSeed) {
        v0 = seed.first ^ 0x736f_6d65_7073_6575
        v1 = seed.second ^ 0x646f_7261_6e64_6f6d ^ 0xEE
        v2 = seed.first ^ 0x6c79_6765_6e65_7261
        v3 = seed.second ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        word |= UInt64(byte) << ((count & 7) &* 8)
        count &+= 1
        if count & 7 == 0 {
            compress(word)
            word = 0
        }
    }

    /// Eight bytes, the least significant one first.
    @inline(__always)
    mutating func append(_ eight: UInt64) {
        let used = (count & 7) &* 8
        compress(word | eight << used)
        // A shift by 64 gives 0: nothing is left over when no byte was waiting.
        word = eight >> (64 - used)
        count &+= 8
    }

    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let words = bytes.extracting(range).bytes
        var index = 0
        while index <= words.byteCount - 8 {
            // Safe: eight bytes from `index` are within the span, and a UInt64 has no invalid values.
            append(UInt64(littleEndian: words.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index += 8
        }
        for rest in range.lowerBound + index..<range.upperBound { append(bytes[rest]) }
    }

    /// Bytes followed by their number: so ("ab", "c") and ("a", "bc") differ.
    mutating func appendField(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        append(bytes, range)
        append(UInt64(range.count))
    }

    mutating func finish() -> CallKey {
        compress(word | count << 56)
        v2 ^= 0xEE
        for _ in 0..<4 { round() }
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xDD
        for _ in 0..<4 { round() }
        return CallKey(high: v0 ^ v1 ^ v2 ^ v3, low: low)
    }

    @inline(__always)
    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 = v2 &+ v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 = v0 &+ v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 = v2 &+ v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }
}
