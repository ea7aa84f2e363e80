// The busiest second of each customer.

/// This many set-ups of a customer in one second: always two or more, because having any set-up implies one.
struct PeakCount: Equatable, Sendable {
    var customer: UInt32
    var count: Int32

    /// The largest count of each customer, in the order of customers.
    static func largest(_ peaks: [PeakCount]) -> [PeakCount] {
        var result: [PeakCount] = []
        for peak in peaks.sorted(by: { ($0.customer, $1.count) < ($1.customer, $0.count) })
        where result.last?.customer != peak.customer { result.append(peak) }
        return result
    }
}

/// Counts set-ups by customer, second by second, and remembers for the seconds of a ring which customers had more than
/// one.
///
/// A second is counted on demand, and again when set-ups were added since.
struct SecondPeaks {
    private struct Counted {
        var second: Int64 = .min
        /// How many of the second's set-ups have been counted.
        var setups = 0
        var peaks: [PeakCount] = []
    }

    private var places: [Counted] = []
    /// Set-ups by the customer's row, all zero between two seconds.
    private var counts: [Int32] = []

    /// Customers with more than one of these set-ups, all of one second.
    mutating func peaks(_ second: Int64, _ setups: FactRun<SetupFact>, rows: Int) -> [PeakCount] {
        guard setups.count > 1 else { return [] }
        if places.isEmpty { places = Array(repeating: Counted(), count: SecondRing.places) }
        let place = Int(truncatingIfNeeded: second) & (SecondRing.places - 1)
        if places[place].second != second || places[place].setups != setups.count {
            places[place] = Counted(second: second, setups: setups.count, peaks: count(setups, rows: rows))
        }
        return places[place].peaks
    }

    private mutating func count(_ setups: FactRun<SetupFact>, rows: Int) -> [PeakCount] {
        if counts.count < rows { counts = [Int32](repeating: 0, count: rows) }
        for fact in setups { counts[Int(fact.customer)] &+= fact.sign }
        var peaks: [PeakCount] = []
        for fact in setups {
            let customer = Int(fact.customer)
            if counts[customer] > 1 { peaks.append(PeakCount(customer: fact.customer, count: counts[customer])) }
            counts[customer] = 0
        }
        return peaks
    }

    var byteSize: Int {
        places.capacity * MemoryLayout<Counted>.stride + counts.capacity * 4
            + places.reduce(0) { $0 + $1.peaks.capacity * MemoryLayout<PeakCount>.stride }
    }
}
