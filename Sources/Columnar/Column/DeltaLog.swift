// By how much values of rows have changed lately, chunk by chunk: a reader that holds sums over columns brings them up
// to date with these changes instead of reading the columns again.
//
// Every change increments its chunk's version, and the log holds the newest changes. A change of unknown size (many
// rows at once, unknown rows) invalidates the log of its chunk. A chunk records changes only while there is a reader:
// from `retain` on, until a reader has not called it for as long as the log reaches back.

/// A value of a row grew by `change` (below 0: fell). `field` is its number among those of the log's owner.
public struct Delta: Equatable, Sendable, BitwiseCopyable {
    public var row: UInt32
    public var field: UInt32
    /// Modulo 2^64.
    public var change: Int64

    @inlinable
    public init(row: UInt32, field: UInt32, change: Int64) {
        (self.row, self.field, self.change) = (row, field, change)
    }
}

public struct DeltaLog: Sendable {
    @usableFromInline
    struct Chunk: Sendable {
        /// The version before the oldest recorded change.
        @usableFromInline var start: UInt64 = 0
        @usableFromInline var deltas: [Delta] = []
        /// The version at the last `retain`.
        @usableFromInline var retainedVersion: UInt64 = 0
        @usableFromInline var isRecording = false

        @usableFromInline var version: UInt64 { start &+ UInt64(deltas.count) }

        @usableFromInline
        init() {}
    }

    @usableFromInline var chunks: [Chunk] = []

    public init() {}

    public var chunkCount: Int { chunks.count }

    /// Adds chunks up to `count`.
    public mutating func grow(toChunks count: Int) {
        while chunks.count < count { chunks.append(Chunk()) }
    }

    /// Equal versions of a chunk mean equal values. It only grows.
    @inlinable public func version(chunk: Int) -> UInt64 { chunks[chunk].version }

    /// The sum of the versions of some chunks.
    public func version(chunks range: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        for chunk in chunks[range] { sum &+= chunk.version }
        return sum
    }

    /// Whether changes of a chunk are recorded; if not, a writer with many may skip `note`.
    @inlinable public func isRecording(chunk: Int) -> Bool { chunks[chunk].isRecording }

    /// Records a change of a row of this chunk. O(1).
    @inlinable
    public mutating func note(_ delta: Delta, chunk: Int) {
        guard chunks[chunk].isRecording else {
            chunks[chunk].start &+= 1
            return
        }
        chunks[chunk].deltas.append(delta)
        if chunks[chunk].deltas.count > ColumnarLimits.deltas { trim(chunk) }
        assert(isRight(chunk))
    }

    /// Values of this chunk changed by unknown amounts.
    @inlinable
    public mutating func invalidate(chunk: Int) {
        chunks[chunk].start = chunks[chunk].version &+ 1
        if !chunks[chunk].deltas.isEmpty { chunks[chunk].deltas.removeAll() }
        assert(isRight(chunk))
    }

    /// A reader will ask for the changes from now on. O(chunks).
    public mutating func retain() {
        for chunk in chunks.indices {
            chunks[chunk].retainedVersion = chunks[chunk].version
            chunks[chunk].isRecording = true
        }
    }

    /// Whether the log reaches back to a version.
    public func knows(chunk: Int, since version: UInt64) -> Bool {
        version >= chunks[chunk].start && version <= chunks[chunk].version
    }

    /// The changes since a version; nil: the log does not reach back that far.
    public func deltas(chunk: Int, since version: UInt64) -> ArraySlice<Delta>? {
        guard knows(chunk: chunk, since: version) else { return nil }
        // Safe: at most the number of recorded changes.
        return chunks[chunk].deltas[Int(version - chunks[chunk].start)...]
    }

    /// Drops the older half; everything, and stops recording, if no reader has called `retain` since then.
    @usableFromInline @inline(never)
    mutating func trim(_ number: Int) {
        let half = chunks[number].deltas.count / 2
        let start = chunks[number].start &+ UInt64(half)
        if chunks[number].retainedVersion < start {
            chunks[number].start = chunks[number].version
            chunks[number].deltas = []
            chunks[number].isRecording = false
        } else {
            chunks[number].deltas.removeFirst(half)
            chunks[number].start = start
        }
    }

    /// What holds of every chunk. Traps where it does not; O(chunks).
    func checkInvariants() { for chunk in chunks.indices { _ = isRight(chunk) } }

    /// For assertions. O(1).
    @usableFromInline
    func isRight(_ number: Int) -> Bool {
        let chunk = chunks[number]
        precondition(chunk.isRecording || chunk.deltas.isEmpty, "only a chunk that records has changes")
        precondition(chunk.deltas.count <= ColumnarLimits.deltas, "a chunk holds a limited number of changes")
        precondition(chunk.retainedVersion <= chunk.version, "no reader has asked at a version to come")
        return true
    }

    public var byteSize: Int { chunks.heapBytes + chunks.reduce(0) { $0 + $1.deltas.heapBytes } }
}
