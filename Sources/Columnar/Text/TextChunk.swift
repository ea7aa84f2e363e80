/// The texts of one chunk of a `TextColumn`: their bytes end to end in row order, and where each ends.
///
///     ends   4     4   9        rows 0, 1, 2; row 1 is empty, and so are the rows from 3 on
///     bytes  A c m e|O r b i t
///
/// No gaps and no garbage: 4 bytes per row besides the text, and a search reads one stretch of memory. In return,
/// setting a text to another length moves everything behind it, a few microseconds in a full chunk.
@usableFromInline
struct TextChunk: Sendable {
    @usableFromInline private(set) var bytes: [UInt8] = []
    /// Ascending; rows at and above `ends.count` are empty.
    @usableFromInline private(set) var ends: [UInt32] = []

    init() {}

    /// Takes over the contents of another chunk: `ends` ascending, the last one `bytes.count`, at most `ChunkSize.rows`
    /// of them.
    init(bytes: [UInt8], ends: [UInt32]) {
        self.bytes = bytes
        self.ends = ends
    }

    /// The range in `bytes` of a row, counted from the chunk's first.
    @usableFromInline
    func range(_ index: Int) -> Range<Int> {
        if index >= ends.count { return bytes.count..<bytes.count }
        return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    mutating func set(_ index: Int, to text: UnsafeBufferPointer<UInt8>) {
        precondition(text.count <= ColumnarLimits.textBytes, "text too long")
        if index >= ends.count {
            if text.isEmpty { return }
            append(at: index, text)
        } else {
            replace(index, with: text)
        }
    }

    private mutating func append(at index: Int, _ text: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count + text.count)
        if index >= ends.capacity { ends.reserveCapacity(min(max(index + 1, 2 * ends.capacity), ChunkSize.rows)) }
        // Safe: at most `ChunkSize.rows` texts of at most `ColumnarLimits.textBytes` bytes: at most 2^31 in all.
        while ends.count < index { ends.append(UInt32(truncatingIfNeeded: bytes.count)) }
        bytes.append(contentsOf: text)
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
    }

    private mutating func replace(_ index: Int, with text: UnsafeBufferPointer<UInt8>) {
        let old = range(index)
        let growth = text.count - old.count
        reserve(bytes.count + growth)
        bytes.replaceSubrange(old, with: text)
        if growth == 0 { return }
        // Safe: wrapping addition of a possibly negative growth; the sums are ends again, at most 2^31 (see `append`).
        let shift = UInt32(truncatingIfNeeded: growth)
        ends.withUnsafeMutableBufferPointer { ends in
            for later in index..<ends.count { ends[later] &+= shift }
        }
    }

    /// Room for `count` bytes and an eighth more: doubling would waste half of what the texts themselves take.
    private mutating func reserve(_ count: Int) {
        if count > bytes.capacity { bytes.reserveCapacity(count + count / 8) }
    }

    var byteSize: Int { bytes.heapBytes + ends.heapBytes }
}
