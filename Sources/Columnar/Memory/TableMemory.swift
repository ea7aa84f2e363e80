// Memory of a hash table: one piece, all of it filled, far larger than the processor's caches.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `count` elements, all the same at first, that stay where they are until the object goes.
///
/// Unsafe, and why it is right: `base` has room for `count` elements from init to deinit; they are plain bits and need no
/// destruction. Whoever uses an index keeps it below `count`.
public final class TableMemory<Element: BitwiseCopyable> {
    public let base: UnsafeMutablePointer<Element>
    public let count: Int

    public convenience init(repeating element: Element, count: Int) {
        self.init(uninitializedCount: count)
        base.initialize(repeating: element, count: count)
    }

    /// Elements with any content.
    public init(uninitializedCount count: Int) {
        self.count = count
        let bytes = count * MemoryLayout<Element>.stride
        let isHuge = bytes >= TableMemory.hugePageBytes
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isHuge ? TableMemory.hugePageBytes : 64)
        // Only advice: without huge pages all works, and most look-ups miss the processor's table of pages too.
        if isHuge { _ = madvise(memory, bytes, Int32(MADV_HUGEPAGE)) }
        base = memory.bindMemory(to: Element.self, capacity: count)
    }

    deinit { base.deallocate() }

    public var byteSize: Int { count * MemoryLayout<Element>.stride }

    private static var hugePageBytes: Int { 2 << 20 }
}
