/// Final codes and PDD buckets of every customer, of outcomes that have left the slots: with those in the slots they make
/// up the codes and percentiles of the window `all`.
///
/// One open-addressing table from (customer, detail) to a count: 16 octets a pair at half load or better. A detail is
/// `Fact.outcome` with only its code, or with class 15 and only its PDD bucket.
struct DetailCounts {
    private var keys: [UInt64] = []
    private var counts: [Int64] = []
    private var used = 0

    private static let bucketClass: UInt32 = 15

    var byteSize: Int { keys.count * 16 }

    /// Adds what an outcome tells; other facts are ignored.
    mutating func add(_ entry: FactEntry) {
        guard entry.fact.kindBits == Fact.Kind.outcome.rawValue else { return }
        add(customer: entry.customer, detail: UInt32(entry.fact.code) << 8, Int64(entry.count))
        if entry.fact.pddBucket != 0 {
            add(
                customer: entry.customer, detail: DetailCounts.bucketClass << 24 | UInt32(entry.fact.pddBucket),
                Int64(entry.count))
        }
    }

    /// Counts by final code of one customer (row), or of all for nil.
    func codes(customer: UInt32?) -> [UInt16: Int64] {
        var result: [UInt16: Int64] = [:]
        forEach(customer) { detail, count in
            if detail >> 24 == 0 { result[UInt16(truncatingIfNeeded: detail >> 8), default: 0] += count }
        }
        return result
    }

    /// Calls `body` with customer, bucket and count of every PDD bucket.
    func forEachBucket(_ body: (UInt32, UInt8, Int64) -> Void) {
        for (place, key) in keys.enumerated() where key != 0 {
            let detail = UInt32(truncatingIfNeeded: key)
            if detail >> 24 & 0xF == DetailCounts.bucketClass {
                body(UInt32(key >> 32), UInt8(truncatingIfNeeded: detail), counts[place])
            }
        }
    }

    private func forEach(_ customer: UInt32?, _ body: (UInt32, Int64) -> Void) {
        for (place, key) in keys.enumerated() where key != 0 {
            if let customer, UInt32(key >> 32) != customer { continue }
            body(UInt32(truncatingIfNeeded: key) & 0x0FFF_FFFF, counts[place])
        }
    }

    /// A key is never 0: bit 31 is set in all of them.
    private mutating func add(customer: UInt32, detail: UInt32, _ count: Int64) {
        if (used + 1) * 2 > keys.count { grow() }
        let key = UInt64(customer) << 32 | UInt64(detail | 0x8000_0000)
        let place = place(of: key)
        if keys[place] == 0 {
            keys[place] = key
            used += 1
        }
        counts[place] &+= count
    }

    private func place(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var bits = key &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 32
        var place = Int(truncatingIfNeeded: bits) & mask
        // Ends, for at most half of the places are taken.
        while keys[place] != key && keys[place] != 0 { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let before = (keys, counts)
        keys = [UInt64](repeating: 0, count: max(1_024, before.0.count * 2))
        counts = [Int64](repeating: 0, count: keys.count)
        for (index, key) in before.0.enumerated() where key != 0 {
            let place = place(of: key)
            keys[place] = key
            counts[place] = before.1[index]
        }
    }
}
