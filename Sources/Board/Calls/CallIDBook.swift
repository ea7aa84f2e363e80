import CallEvents

/// Finds calls by their Call-IDs: those that are tracked, and the finished ones that are kept. Empty until a record tells a
/// Call-ID; who hears calls live and feeds no such records pays nothing.
struct CallIDBook {
    /// Somebody asks: from now on calls are entered when their details come.
    var isWanted = false
    var tracked = TrackedCallIDs()
    var finished: FinishedCallIndex
    /// Finished calls up to this number are in `finished`.
    var finishedThrough: UInt32 = 0

    init(finishedCalls: Int) { finished = FinishedCallIndex(capacity: finishedCalls) }

    var byteSize: Int { isWanted ? tracked.byteSize + finished.byteSize : 0 }

    /// Of a Call-ID, never 0. Swift's hasher has another key in every process: nobody outside can make Call-IDs that collide.
    static func hash(_ callID: ArraySlice<UInt8>) -> UInt32 {
        callID.withUnsafeBytes {
            var hasher = Hasher()
            hasher.combine(bytes: $0)
            return max(1, UInt32(truncatingIfNeeded: hasher.finalize()))
        }
    }
}
