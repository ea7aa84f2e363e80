/// Set-ups by customer and second, to find the busiest second of a slot when calls come late or in any order (CDRs come
/// when calls end).
///
/// Two generations, as in `SeenCalls`: at least `capacity` of the newest pairs are remembered. A set-up of a second
/// that was forgotten counts as the first of that second; the peak is then too low, never too high.
struct SecondCounts {
    var young = PairTable()
    var old = PairTable()
    private let capacity: Int

    init(capacity: Int = BoardLimits.secondCountsPerGeneration) {
        self.capacity = capacity
    }

    /// Set-ups of one customer in one second, as far as remembered.
    func count(customer: UInt32, second: UInt32) -> Int32 {
        let pair = UInt64(customer) << 32 | UInt64(second)
        return young.count(of: pair) ?? old.count(of: pair) ?? 0
    }

    /// Adds set-ups (negative: takes back) of one customer in one second and returns how many there are now.
    mutating func add(customer: UInt32, second: UInt32, count: Int32) -> Int32 {
        let pair = UInt64(customer) << 32 | UInt64(second)
        let known = self.count(customer: customer, second: second)
        let sum = max(0, known.addingReportingOverflow(count).partialValue)
        young.set(pair, sum)
        if young.used >= capacity {
            old = young
            young = PairTable()
        }
        return sum
    }

    var byteSize: Int { young.byteSize + old.byteSize }
}

/// Counts by a pair of customer and second, by linear probing. Pair 0 (no customer has row 0 in second 0 of 1970) marks
/// a free place.
struct PairTable {
    private(set) var pairs: [UInt64] = []
    private(set) var counts: [Int32] = []
    private(set) var used = 0

    var byteSize: Int { pairs.count * 12 }

    func count(of pair: UInt64) -> Int32? {
        guard used > 0 else { return nil }
        let place = place(of: pair)
        return pairs[place] == pair ? counts[place] : nil
    }

    mutating func set(_ pair: UInt64, _ count: Int32) {
        if (used + 1) * 2 > pairs.count { grow() }
        let place = place(of: pair)
        if pairs[place] != pair {
            pairs[place] = pair
            used += 1
        }
        counts[place] = count
    }

    private func place(of pair: UInt64) -> Int {
        let mask = pairs.count - 1
        var bits = pair &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 32
        var place = Int(truncatingIfNeeded: bits) & mask
        // Terminates: at most half of the slots are taken.
        while pairs[place] != pair && pairs[place] != 0 { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let before = (pairs, counts)
        pairs = [UInt64](repeating: 0, count: max(1_024, before.0.count * 2))
        counts = [Int32](repeating: 0, count: pairs.count)
        for (index, pair) in before.0.enumerated() where pair != 0 {
            let place = place(of: pair)
            pairs[place] = pair
            counts[place] = before.1[index]
        }
    }
}
