import Processor

/// Asks the processor to bring the line of memory with this address nearer, and does not wait. Any address is allowed: it
/// is advice, and one that is nobody's is passed over. Whoever knows several addresses in advance waits for memory once
/// and not once for each.
@inlinable @inline(__always)
public func prefetch(_ address: UnsafeRawPointer) { processorPrefetch(address) }
