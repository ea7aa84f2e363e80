/// Which blocks of texts may contain a text: a filter before a search.
///
/// For every three adjacent bytes in a block's texts one bit of 8,192 is set (a Bloom filter with one hash). A text can
/// only be in a block that has the bits of all its trigrams. 1 KiB per block; only the texts of blocks that have them
/// all are searched.
public struct TrigramSignatures: Sendable {
    private static let words = 128
    private var bits: [UInt64]

    /// `blocks` blocks without texts.
    public init(blocks: Int) { bits = Array(repeating: 0, count: blocks * TrigramSignatures.words) }

    /// Adds a text to a block. O(bytes).
    public mutating func add(_ text: UnsafeBufferPointer<UInt8>, block: Int) {
        guard text.count >= 3 else { return }
        let first = block * TrigramSignatures.words
        for place in 0..<text.count - 2 {
            let bit = TrigramSignatures.bit(text, place)
            bits[first + bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    /// False only if no text of the block contains this one. True for texts shorter than a trigram.
    public func mayContain(_ text: UnsafeBufferPointer<UInt8>, block: Int) -> Bool {
        guard text.count >= 3 else { return true }
        let first = block * TrigramSignatures.words
        for place in 0..<text.count - 2 {
            let bit = TrigramSignatures.bit(text, place)
            if bits[first + bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return false }
        }
        return true
    }

    public var byteSize: Int { bits.heapBytes }

    /// The upper 13 bits of the trigram times a large odd number.
    private static func bit(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
        let trigram = UInt32(text[place]) << 16 | UInt32(text[place + 1]) << 8 | UInt32(text[place + 2])
        return Int((trigram &* 0x9E37_79B1) >> 19)
    }
}
