// By how much values of rows have changed lately, chunk by chunk: whoever has added columns up before can bring his sums up to
// date with what has changed, and need not read the columns again.
//
// Every change makes a chunk's version one larger, and the log holds the newest of them. What changes a chunk in some other way
// (many rows at once, or nobody knows which) forgets its log. Nothing is kept for nobody: a chunk's changes are kept from
// the time on when somebody asked (`want`) and for as long as he may come back for them.

/// A value of a row became larger, or (below 0) smaller. `field` tells which; the log's owner numbers them.
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
        /// The version before the first change that is kept.
        @usableFromInline var start: UInt64 = 0
        @usableFromInline var deltas: [Delta] = []
        /// The version when somebody asked last.
        @usableFromInline var wanted: UInt64 = 0
        @usableFromInline var isKept = false

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

    /// A number for the state of a chunk: as long as it is the same, so are the values. It never becomes smaller.
    @inlinable public func version(chunk: Int) -> UInt64 { chunks[chunk].version }

    /// The sum of the versions of some chunks.
    public func version(chunks range: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        for chunk in chunks[range] { sum &+= chunk.version }
        return sum
    }

    /// Whether changes of a chunk are kept: whoever has many to tell need not if they are not.
    @inlinable public func isKept(chunk: Int) -> Bool { chunks[chunk].isKept }

    /// A value of a row of this chunk has changed. O(1).
    @inlinable
    public mutating func note(_ delta: Delta, chunk: Int) {
        guard chunks[chunk].isKept else {
            chunks[chunk].start &+= 1
            return
        }
        chunks[chunk].deltas.append(delta)
        if chunks[chunk].deltas.count > ColumnarLimits.deltas { trim(chunk) }
    }

    /// Values of this chunk have changed, and nobody knows by how much.
    @inlinable
    public mutating func forget(chunk: Int) {
        chunks[chunk].start = chunks[chunk].version &+ 1
        if !chunks[chunk].deltas.isEmpty { chunks[chunk].deltas.removeAll() }
    }

    /// Somebody will ask what has changed from now on. O(chunks).
    public mutating func want() {
        for chunk in chunks.indices {
            chunks[chunk].wanted = chunks[chunk].version
            chunks[chunk].isKept = true
        }
    }

    /// Whether what has changed since a version is known.
    public func knows(chunk: Int, since version: UInt64) -> Bool {
        version >= chunks[chunk].start && version <= chunks[chunk].version
    }

    /// What has changed since a version; nil: that is not known any more.
    public func deltas(chunk: Int, since version: UInt64) -> ArraySlice<Delta>? {
        guard knows(chunk: chunk, since: version) else { return nil }
        // Safe: at most as many as there are.
        return chunks[chunk].deltas[Int(version - chunks[chunk].start)...]
    }

    /// Lets the older half go; all of it, if nobody has asked since then.
    @usableFromInline @inline(never)
    mutating func trim(_ number: Int) {
        let half = chunks[number].deltas.count / 2
        let start = chunks[number].start &+ UInt64(half)
        if chunks[number].wanted < start {
            chunks[number].start = chunks[number].version
            chunks[number].deltas = []
            chunks[number].isKept = false
        } else {
            chunks[number].deltas.removeFirst(half)
            chunks[number].start = start
        }
    }

    public var byteSize: Int { chunks.heapBytes + chunks.reduce(0) { $0 + $1.deltas.heapBytes } }
}
