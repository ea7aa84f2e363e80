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

/// What a call is found by: its whole Call-ID, and the hash of its From tag where that is known.
struct CallName {
    /// Nothing: it is not known, or was cut.
    private(set) var callID: ArraySlice<UInt8> = []
    private var fromTag: UInt32 = 0

    init() {}

    /// - Parameter packed: one call's details, or nothing.
    init(_ packed: ArraySlice<UInt8>) {
        guard let range = PackedCallDetails.callID(packed.span, at: 0) else { return }
        callID = packed[packed.startIndex + range.lowerBound..<packed.startIndex + range.upperBound]
        fromTag = PackedCallDetails.fromTag(packed.span, at: 0)
    }

    var isEmpty: Bool { callID.isEmpty }

    /// The Call-IDs are the same, and so are the From tags where both are known.
    func mayBe(_ other: CallName) -> Bool {
        callID == other.callID && (fromTag == other.fromTag || fromTag == 0 || other.fromTag == 0)
    }
}
