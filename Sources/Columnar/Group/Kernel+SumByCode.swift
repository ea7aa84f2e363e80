// Group by a dense code: sums in a table with one place (or four) for each code of a small domain, which stays in the
// first-level cache. Not compiled by instruction set: scattered additions have no vector form here, and AVX2 measured
// the same (0.5 ns a row for one measure, 0.37 ns a row and measure for four at once). `@inlinable`, so that the
// caller's types are compiled in.

extension Kernel {
    /// Adds each value to `sums[code]` of its row: all rows, or those whose bit is set. The sums wrap, as in `sum`.
    ///
    /// As many codes as values; every code is below `sums.count` (also of rows that are not selected).
    @inlinable
    public static func sumByCode<
        Value: FixedWidthInteger & BitwiseCopyable & Sendable,
        Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable
    >(
        _ values: UnsafeBufferPointer<Value>, codes: UnsafeBufferPointer<Code>,
        selected words: UnsafeBufferPointer<UInt64>? = nil, into sums: UnsafeMutableBufferPointer<Int64>
    ) {
        precondition(values.count == codes.count, "one code for each value")
        check(codes, below: sums.count)
        guard let value = values.baseAddress, let code = codes.baseAddress, let sum = sums.baseAddress else { return }
        // Safe: rows are below the count of both, and all codes below `sums.count` (both checked above).
        forEachRow(below: codes.count, selected: words) { row in
            sum[Int(truncatingIfNeeded: code[row])] &+= Int64(truncatingIfNeeded: value[row])
        }
    }

    /// The same for four measures of the same rows at once, a quarter faster than one after another: measure m of code
    /// c is added to `sums[4 c + m]`.
    @inlinable
    public static func sumByCode<
        Value: FixedWidthInteger & BitwiseCopyable & Sendable,
        Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable
    >(
        _ first: UnsafeBufferPointer<Value>, _ second: UnsafeBufferPointer<Value>,
        _ third: UnsafeBufferPointer<Value>, _ fourth: UnsafeBufferPointer<Value>,
        codes: UnsafeBufferPointer<Code>, selected words: UnsafeBufferPointer<UInt64>? = nil,
        into sums: UnsafeMutableBufferPointer<Int64>
    ) {
        precondition(first.count == codes.count && second.count == codes.count, "one code for each value")
        precondition(third.count == codes.count && fourth.count == codes.count, "one code for each value")
        check(codes, below: sums.count / 4)
        guard let a = first.baseAddress, let b = second.baseAddress, let c = third.baseAddress,
            let d = fourth.baseAddress, let code = codes.baseAddress, let sums = sums.baseAddress
        else { return }
        // Safe: rows are below the count of all five, and all codes below `sums.count / 4` (both checked above).
        forEachRow(below: codes.count, selected: words) { row in
            let sum = sums + Int(truncatingIfNeeded: code[row]) << 2
            sum[0] &+= Int64(truncatingIfNeeded: a[row])
            sum[1] &+= Int64(truncatingIfNeeded: b[row])
            sum[2] &+= Int64(truncatingIfNeeded: c[row])
            sum[3] &+= Int64(truncatingIfNeeded: d[row])
        }
    }

    /// Adds to `counts[code]` the number of rows with that code: of all rows, or of those whose bit is set.
    @inlinable
    public static func countByCode<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
        _ codes: UnsafeBufferPointer<Code>, selected words: UnsafeBufferPointer<UInt64>? = nil,
        into counts: UnsafeMutableBufferPointer<Int64>
    ) {
        check(codes, below: counts.count)
        guard let code = codes.baseAddress, let count = counts.baseAddress else { return }
        // Safe: rows are below the count, and all codes below `counts.count` (checked above).
        forEachRow(below: codes.count, selected: words) { row in count[Int(truncatingIfNeeded: code[row])] &+= 1 }
    }

    /// One check before the loop: a scan for the largest code (0.02 to 0.1 ns a row), unless the type bounds it.
    @inlinable
    static func check<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
        _ codes: UnsafeBufferPointer<Code>, below domain: Int
    ) {
        if Code.max < domain { return }
        if let range = minMax(codes) { precondition(range.max < domain, "a code outside of the table") }
    }

    /// Calls `body` with each row below `count`, or with those whose bit is set.
    @inlinable @inline(__always)
    static func forEachRow(below count: Int, selected words: UnsafeBufferPointer<UInt64>?, _ body: (Int) -> Void) {
        guard let words else {
            for row in 0..<count { body(row) }
            return
        }
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
