import CallEvents

extension CallKey {
    /// A non-negative number whose low bits depend on all bits of the key, for hash tables. Keys from the feeds are hashes
    /// already; keys from producers may be counters.
    @inline(__always)
    var spread: Int {
        var bits = (high ^ (low &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        bits ^= bits >> 32
        return Int(truncatingIfNeeded: bits & 0x7FFF_FFFF_FFFF_FFFF)
    }
}
