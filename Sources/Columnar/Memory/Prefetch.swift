import Processor

/// Asks the processor to bring the cache line at this address closer, and does not wait. Any address is allowed: this
/// is advice, and an invalid one is ignored. A caller that knows several addresses in advance waits for memory once,
/// not once for each.
@inlinable @inline(__always)
public func prefetch(_ address: UnsafeRawPointer) { processorPrefetch(address) }
