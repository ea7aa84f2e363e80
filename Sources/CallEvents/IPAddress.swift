/// An IPv4 or IPv6 address as 128 bits in network order; IPv4 is held as its IPv4-mapped form `::ffff:a.b.c.d`,
/// so that `10.0.0.1` and `::ffff:10.0.0.1` are one address.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// The first eight bytes, most significant first.
    public var high: UInt64
    /// The last eight bytes, most significant first.
    public var low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its 32 bits in network order (`10.0.0.1` is `0x0A00_0001`).
    @inlinable
    public init(v4 bits: UInt32) {
        self.init(high: 0, low: 0x0000_FFFF_0000_0000 | UInt64(bits))
    }

    @inlinable public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }
}
