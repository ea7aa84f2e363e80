/// The customers with the highest means, at most so many, gathered in any number: no more than twice as many are held,
/// and what has to go is found without putting all in order.
struct DelayCandidates {
    private(set) var rows: [UInt32] = []
    private var means: [Float] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// - Parameter mean: a number. Rows come in ascending order; of equal means the lower row stays.
    mutating func add(_ row: UInt32, mean: Double) {
        rows.append(row)
        means.append(Float(mean))
        if rows.count == 2 * limit { cut() }
    }

    /// No more come.
    mutating func close() {
        if rows.count > limit { cut() }
        means = []
    }

    /// Keeps the highest, in the order in which they came.
    private mutating func cut() {
        let least = leastKept()
        // Of those with the least mean the first.
        var equal = limit - means.count { $0 > least }
        var kept = 0
        for place in means.indices {
            if means[place] < least { continue }
            if means[place] == least {
                if equal == 0 { continue }
                equal -= 1
            }
            (rows[kept], means[kept]) = (rows[place], means[place])
            kept += 1
        }
        rows.removeLast(rows.count - kept)
        means.removeLast(means.count - kept)
    }

    /// The mean at place `limit` from the highest: by halving, on the numbers' bits, which are in the order of the
    /// numbers where these are not negative. Cost: 31 passes over the means, a quarter of a millisecond.
    private func leastKept() -> Float {
        let bits = means.map { max(0, $0).bitPattern }
        var (low, high) = (UInt32(0), bits.max() ?? 0)
        while low < high {
            let middle = low + (high - low + 1) / 2
            if bits.count(where: { $0 >= middle }) >= limit { low = middle } else { high = middle - 1 }
        }
        return Float(bitPattern: low)
    }
}
