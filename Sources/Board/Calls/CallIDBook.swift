import CallEvents

/// Finds calls by Call-ID: the tracked ones, and the retained finished ones. Empty until a record has a Call-ID;
/// boards with live calls but no such records pay nothing.
struct CallIDBook {
    /// The index is in use: from now on calls are entered when their details arrive.
    var isWanted = false
    var tracked = TrackedCallIDs()
    var finished: FinishedCallIndex
    /// Finished calls up to this number are in `finished`.
    var finishedThrough: UInt32 = 0

    init(finishedCalls: Int) { finished = FinishedCallIndex(capacity: finishedCalls) }

    var byteSize: Int { isWanted ? tracked.byteSize + finished.byteSize : 0 }

    /// The hash of a Call-ID, never 0. Swift's hasher has a key per process, so colliding Call-IDs cannot be chosen.
    static func hash(_ callID: ArraySlice<UInt8>) -> UInt32 {
        callID.withUnsafeBytes {
            var hasher = Hasher()
            hasher.combine(bytes: $0)
            return max(1, UInt32(truncatingIfNeeded: hasher.finalize()))
        }
    }
}

/// The name by which a call is found: its whole Call-ID, and the hash of its From tag if known.
struct CallName {
    /// Empty: it is unknown, or was cut.
    private(set) var callID: ArraySlice<UInt8> = []
    private var fromTag: UInt32 = 0

    init() {}

    /// - Parameter packed: one call's details, or empty.
    init(_ packed: ArraySlice<UInt8>) {
        guard let range = PackedCallDetails.callID(packed.span, at: 0) else { return }
        callID = packed[packed.startIndex + range.lowerBound..<packed.startIndex + range.upperBound]
        fromTag = PackedCallDetails.fromTag(packed.span, at: 0)
    }

    var isEmpty: Bool { callID.isEmpty }

    /// Whether the Call-IDs are the same, and also the From tags if both are known.
    func mayBe(_ other: CallName) -> Bool {
        callID == other.callID && (fromTag == other.fromTag || fromTag == 0 || other.fromTag == 0)
    }
}
