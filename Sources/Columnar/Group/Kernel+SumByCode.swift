import KernelsAVX2
import KernelsBaseline

// Group by a dense code: sums in a table with a slot for each code.

extension Kernel {
    /// Adds four measures of the same rows at once: measure m of code c is added to `sums[4 c + m]`, for all rows, or
    /// for those whose bit is set. The sums wrap, as in `sum`. 0.2 ns per row and measure while the table stays in the
    /// cache.
    ///
    /// There are as many codes as values; every code is below `sums.count / 4` (also in rows that are not selected).
    public static func sumByCode(
        _ first: UnsafeBufferPointer<Int32>, _ second: UnsafeBufferPointer<Int32>, _ third: UnsafeBufferPointer<Int32>,
        _ fourth: UnsafeBufferPointer<Int32>, codes: UnsafeBufferPointer<UInt32>,
        selected words: UnsafeBufferPointer<UInt64>? = nil, into sums: UnsafeMutableBufferPointer<Int64>
    ) {
        guard let words else {
            switch InstructionSet.chosen {
            case .baseline: KernelsBaseline.sumByCode(first, second, third, fourth, codes: codes, into: sums)
            case .avx2: KernelsAVX2.sumByCode(first, second, third, fourth, codes: codes, into: sums)
            }
            return
        }
        precondition(first.count == codes.count && second.count == codes.count, "one code for each value")
        precondition(third.count == codes.count && fourth.count == codes.count, "one code for each value")
        check(codes, below: sums.count / 4)
        guard let a = first.baseAddress, let b = second.baseAddress, let c = third.baseAddress,
            let d = fourth.baseAddress, let code = codes.baseAddress, let sums = sums.baseAddress
        else { return }
        // Safe: rows are below the count of all five, and all codes below `sums.count / 4` (both checked above).
        forEachRow(below: codes.count, selected: words) { row in
            let sum = sums + Int(code[row]) << 2
            sum[0] &+= Int64(a[row])
            sum[1] &+= Int64(b[row])
            sum[2] &+= Int64(c[row])
            sum[3] &+= Int64(d[row])
        }
    }

    /// Adds two wide measures in the same way: measure m of code c is added to `sums[2 c + m]`.
    public static func sumByCode(
        _ first: UnsafeBufferPointer<Int64>, _ second: UnsafeBufferPointer<Int64>, codes: UnsafeBufferPointer<UInt32>,
        selected words: UnsafeBufferPointer<UInt64>? = nil, into sums: UnsafeMutableBufferPointer<Int64>
    ) {
        guard let words else {
            switch InstructionSet.chosen {
            case .baseline: KernelsBaseline.sumByCode(first, second, codes: codes, into: sums)
            case .avx2: KernelsAVX2.sumByCode(first, second, codes: codes, into: sums)
            }
            return
        }
        precondition(first.count == codes.count && second.count == codes.count, "one code for each value")
        check(codes, below: sums.count / 2)
        guard let a = first.baseAddress, let b = second.baseAddress, let code = codes.baseAddress,
            let sums = sums.baseAddress
        else { return }
        // Safe: rows are below the count of all three, and all codes below `sums.count / 2` (both checked above).
        forEachRow(below: codes.count, selected: words) { row in
            let sum = sums + Int(code[row]) << 1
            sum[0] &+= a[row]
            sum[1] &+= b[row]
        }
    }

    /// One check before the loop: a scan for the largest code, 0.03 ns per row.
    private static func check(_ codes: UnsafeBufferPointer<UInt32>, below domain: Int) {
        if let range = minMax(codes) { precondition(range.max < domain, "a code outside of the table") }
    }

    /// Calls `body` with each row below `count` whose bit is set.
    @inline(__always)
    private static func forEachRow(
        below count: Int, selected words: UnsafeBufferPointer<UInt64>, _ body: (Int) -> Void
    ) {
        precondition(words.count == (count + 63) >> 6, "one word for each 64 rows begun")
        guard let last = words.last else { return }
        precondition(count & 63 == 0 || last >> UInt64(count & 63) == 0, "bits beyond the last row")
        for index in 0..<words.count {
            var word = words[index]
            while word != 0 {
                body(index << 6 + word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}
