import CallEvents

extension CallKey {
    /// A hash of all bits of the key for tables, its upper half as good as its lower. Keys from the feeds are hashes
    /// already; keys from producers may be counters: keys that differ in one half only have different hashes.
    @inline(__always)
    var hash: UInt64 {
        let bits = (high ^ (low &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        return bits ^ (bits >> 32)
    }
}
