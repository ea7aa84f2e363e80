/// Set-ups by customer in one second, counted once for queries of one customer after the other.
struct LastSecond {
    private var second: Int64 = .min
    /// How many of the second's set-ups have been counted.
    private var counted = 0
    private var counts: [Int32] = []
    /// Rows that may have a count.
    private var touched: [UInt32] = []

    /// Counts the set-ups of a second, unless they are the same as before.
    mutating func count(_ second: Int64, _ setups: FactRun<SetupFact>, rows: Int) {
        guard second != self.second || setups.count != counted || counts.count < rows else { return }
        self.second = second
        counted = setups.count
        if counts.count < rows {
            counts = [Int32](repeating: 0, count: rows)
        } else {
            for row in touched { counts[Int(row)] = 0 }
        }
        touched.removeAll(keepingCapacity: true)
        for fact in setups {
            counts[Int(fact.customer)] &+= fact.sign
            touched.append(fact.customer)
        }
    }

    subscript(row: Int) -> Int64 { row < counts.count ? Int64(counts[row]) : 0 }

    var byteSize: Int { (counts.capacity + touched.capacity) * 4 }
}
