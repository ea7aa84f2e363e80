/// What belongs to a customer's row.
protocol CustomerKeyed: BitwiseCopyable {
    var customer: UInt32 { get }
}

extension FactEntry: CustomerKeyed {}

extension PendingFact: CustomerKeyed {
    var customer: UInt32 { entry.customer }
}

extension Array where Element: CustomerKeyed {
    /// Stable radix sort by customer, 12 bits a pass: linear, and passes above the highest customer are left out. `scratch`
    /// is memory that the caller keeps from one sort to the next.
    mutating func sortByCustomer(scratch: inout [Element]) {
        // Counting 4,096 digits costs more than comparing a few elements.
        guard count > 256 else { return sort { $0.customer < $1.customer } }
        var highest: UInt32 = 0
        for element in self { highest = Swift.max(highest, element.customer) }
        if scratch.count < count { scratch = self }
        var shift: UInt32 = 0
        while shift < 32 && (shift == 0 || highest >> shift != 0) {
            radixPass(shift: shift, into: &scratch)
            let length = count
            scratch.withUnsafeBufferPointer { sorted in
                self.withUnsafeMutableBufferPointer { target in
                    // Both have at least `length` elements and are different arrays.
                    target.baseAddress!.update(from: sorted.baseAddress!, count: length)
                }
            }
            shift += 12
        }
    }

    private func radixPass(shift: UInt32, into target: inout [Element]) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 4_097) { starts in
            starts.initialize(repeating: 0)
            for element in self { starts[Int(element.customer >> shift & 0xFFF) + 1] += 1 }
            for digit in 1..<4_097 { starts[digit] += starts[digit - 1] }
            for element in self {
                let digit = Int(element.customer >> shift & 0xFFF)
                target[starts[digit]] = element
                starts[digit] += 1
            }
        }
    }
}
