/// One bit per row: a selection.
///
/// The words are laid out by chunk: each chunk of rows begins a new word, so a kernel's result for a chunk is a run of
/// whole words. (With the usual chunks that is the plain layout, row >> 6; it differs only with tiny test chunks.)
/// Bits that belong to no row are zero.
public struct Bitmap: Sendable, Equatable {
    public private(set) var count: Int
    @usableFromInline var words: [UInt64]

    /// `count` bits, none of them set.
    public init(count: Int) {
        precondition(count >= 0, "a count is not negative")
        self.count = count
        words = Array(repeating: 0, count: ChunkSize.chunks(holding: count) * ChunkSize.words)
    }

    @inlinable
    public subscript(row: Int) -> Bool {
        get {
            precondition(row >= 0 && row < count, "no such row")
            return words[Self.word(of: row)] & Self.bit(of: row) != 0
        }
        set {
            precondition(row >= 0 && row < count, "no such row")
            if newValue {
                words[Self.word(of: row)] |= Self.bit(of: row)
            } else {
                words[Self.word(of: row)] &= ~Self.bit(of: row)
            }
        }
    }

    /// Adds bits, none set, up to `count`, which is not below the current count.
    public mutating func grow(to count: Int) {
        precondition(count >= self.count, "bitmaps do not shrink")
        self.count = count
        let missing = ChunkSize.chunks(holding: count) * ChunkSize.words - words.count
        if missing > 0 { words.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// Calls `body` with each row whose bit is set, ascending. O(words + rows set).
    @inlinable
    public func forEachSet<E: Error>(_ body: (Int) throws(E) -> Void) throws(E) {
        for index in 0..<words.count {
            var word = words[index]
            let first = Self.firstRow(ofWord: index)
            while word != 0 {
                try body(first + word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }

    public var byteSize: Int { words.heapBytes }

    @inlinable
    static func word(of row: Int) -> Int {
        (row >> ChunkSize.shift) * ChunkSize.words + ((row & ChunkSize.mask) >> 6)
    }

    @inlinable
    static func bit(of row: Int) -> UInt64 { 1 << UInt64(truncatingIfNeeded: row & ChunkSize.mask & 63) }

    @inlinable
    static func firstRow(ofWord index: Int) -> Int {
        (index / ChunkSize.words) << ChunkSize.shift + (index % ChunkSize.words) << 6
    }
}
