// Post-dial delays as a histogram with buckets that grow by 10 %: the middle of a bucket is at most 4.8 % off any value
// in it (DDSketch's argument, with gamma 1.1: (1.1 - 1) / (1.1 + 1) = 4.76 %), and histograms of slots and customers
// add up. Values are whole milliseconds, so below 11 ms every bucket is one exact value.

enum PDDHistogram {
    /// Buckets 1...bucketCount; 0 stands for no sample.
    static let bucketCount = 126
    private static let gamma = 1.1

    /// Upper bounds in milliseconds, inclusive; the last one takes everything longer.
    static let upperBounds: [Int32] = {
        var bounds: [Int32] = [0]
        while bounds.count < bucketCount {
            let last = Double(bounds[bounds.count - 1])
            bounds.append(Int32(max(last + 1, (last * gamma).rounded(.down))))
        }
        bounds[bucketCount - 1] = .max
        return bounds
    }()

    /// Bucket of every value up to 4,095 ms, where most calls are.
    private static let small: [UInt8] = (0..<4_096).map { search(Int32($0)) }

    /// The bucket of a delay, 1...bucketCount.
    static func bucket(milliseconds: Int32) -> UInt8 {
        if milliseconds < 4_096 { return small[Int(max(0, milliseconds))] }
        return search(milliseconds)
    }

    private static func search(_ milliseconds: Int32) -> UInt8 {
        var low = 0
        var high = bucketCount - 1
        while low < high {
            let middle = (low + high) / 2
            if upperBounds[middle] < milliseconds { low = middle + 1 } else { high = middle }
        }
        return UInt8(low + 1)
    }

    /// The value that stands for a bucket, milliseconds.
    static func value(ofBucket bucket: UInt8) -> Double {
        let index = Int(bucket) - 1
        let upper = Double(upperBounds[index])
        guard index > 0 else { return upper }
        let lower = Double(upperBounds[index - 1]) + 1
        // The open bucket at the end is shown as its lower bound: nothing better is known.
        return index == bucketCount - 1 ? lower : (lower + upper) / 2
    }

    /// The value at a quantile in 0...1, by nearest rank; nil without samples. `counts` has one element per bucket.
    static func quantile(_ quantile: Double, counts: [Int64]) -> Double? {
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        let rank = max(1, Int64((quantile * Double(total)).rounded(.up)))
        var seen: Int64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return value(ofBucket: UInt8(index + 1)) }
        }
        return nil
    }
}
