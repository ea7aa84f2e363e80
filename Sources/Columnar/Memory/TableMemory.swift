// Memory of a hash table: one piece, fully used, far larger than the processor's caches.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `count` elements, initially all the same, that stay in place until the object is released.
///
/// Unsafe, and why it is right: `base` has room for `count` elements from init to deinit; they are plain bits and need
/// no destruction. Callers keep every index below `count`.
public final class TableMemory<Element: BitwiseCopyable> {
    public let base: UnsafeMutablePointer<Element>
    public let count: Int

    public convenience init(repeating element: Element, count: Int) {
        self.init(uninitializedCount: count)
        base.initialize(repeating: element, count: count)
    }

    /// Elements with undefined contents.
    public init(uninitializedCount count: Int) {
        self.count = count
        let bytes = count * MemoryLayout<Element>.stride
        let isHuge = bytes >= TableMemory.hugePageBytes
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isHuge ? TableMemory.hugePageBytes : 64)
        // Only advice: without huge pages everything works, but most look-ups miss the processor's TLB too.
        if isHuge { _ = madvise(memory, bytes, Int32(MADV_HUGEPAGE)) }
        base = memory.bindMemory(to: Element.self, capacity: count)
    }

    deinit { base.deallocate() }

    public var byteSize: Int { count * MemoryLayout<Element>.stride }

    private static var hugePageBytes: Int { 2 << 20 }
}
