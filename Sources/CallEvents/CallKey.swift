/// Identifies one leg of one call: a 128-bit hash of its Call-ID, its From tag and the caller's address (for SIP), or
/// of the unique id of its record (for CDRs). Two calls with the same key are the same call.
///
/// `CallKey.none` marks a record without an identity: it is counted and never compared with others.
public struct CallKey: Hashable, Sendable, BitwiseCopyable {
    public var high: UInt64
    public var low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    @inlinable public static var none: CallKey { CallKey(high: 0, low: 0) }
}
