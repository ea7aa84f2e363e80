// Sums by code, several measures of a row side by side in a table, so that one vector is loaded, added to and stored
// for all of them. 8,192 rows per call keep the columns in the cache. The bottleneck is the next addition to the same
// code, so small tables exist four times, one for every fourth row.

/// Tables of up to this many sums are replicated four times: 8 KiB stay in the first cache beside the columns.
private let spreadSums = 256

/// Adds four measures of each row to `sums[4 code ..< 4 code + 4]`. They wrap. 0.8 ns per row with AVX2, where four
/// scalar additions per row take 1.6 (one code in most rows: 1.9).
@inline(never)
public func sumByCode(
    _ first: UnsafeBufferPointer<Int32>, _ second: UnsafeBufferPointer<Int32>, _ third: UnsafeBufferPointer<Int32>,
    _ fourth: UnsafeBufferPointer<Int32>, codes: UnsafeBufferPointer<UInt32>,
    into sums: UnsafeMutableBufferPointer<Int64>
) {
    precondition(first.count == codes.count && second.count == codes.count, "one code for each value")
    precondition(third.count == codes.count && fourth.count == codes.count, "one code for each value")
    check(codes, below: sums.count / 4)
    guard let a = first.baseAddress, let b = second.baseAddress, let c = third.baseAddress,
        let d = fourth.baseAddress, let code = codes.baseAddress
    else { return }
    // Safe: rows are below the count of all five, and all codes below `sums.count / 4` (both checked above), so the 32
    // bytes at 32 code are within a table.
    spread(sums, codes.count) { row, tables in
        let (a, b, c, d) = (four(a + row), four(b + row), four(c + row), four(d + row))
        add(SIMD4(a[0], b[0], c[0], d[0]), tables.0 + Int(code[row]) << 5)
        add(SIMD4(a[1], b[1], c[1], d[1]), tables.1 + Int(code[row + 1]) << 5)
        add(SIMD4(a[2], b[2], c[2], d[2]), tables.2 + Int(code[row + 2]) << 5)
        add(SIMD4(a[3], b[3], c[3], d[3]), tables.3 + Int(code[row + 3]) << 5)
    } one: { row, table in
        add(SIMD4(a[row], b[row], c[row], d[row]), table + Int(code[row]) << 5)
    }
}

/// Adds two measures of each row to `sums[2 code ..< 2 code + 2]`. They wrap.
@inline(never)
public func sumByCode(
    _ first: UnsafeBufferPointer<Int64>, _ second: UnsafeBufferPointer<Int64>, codes: UnsafeBufferPointer<UInt32>,
    into sums: UnsafeMutableBufferPointer<Int64>
) {
    precondition(first.count == codes.count && second.count == codes.count, "one code for each value")
    check(codes, below: sums.count / 2)
    guard let a = first.baseAddress, let b = second.baseAddress, let code = codes.baseAddress else { return }
    // Safe: rows are below the count of all three, and all codes below `sums.count / 2` (both checked above), so the 16
    // bytes at 16 code are within a table.
    spread(sums, codes.count) { row, tables in
        add(SIMD2(a[row], b[row]), tables.0 + Int(code[row]) << 4)
        add(SIMD2(a[row + 1], b[row + 1]), tables.1 + Int(code[row + 1]) << 4)
        add(SIMD2(a[row + 2], b[row + 2]), tables.2 + Int(code[row + 2]) << 4)
        add(SIMD2(a[row + 3], b[row + 3]), tables.3 + Int(code[row + 3]) << 4)
    } one: { row, table in
        add(SIMD2(a[row], b[row]), table + Int(code[row]) << 4)
    }
}

private typealias Tables = (
    UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer
)

/// Calls `four` with every fourth row and a table for each of the four rows from it on, `one` with each of the last
/// rows.
@inline(__always)
private func spread(
    _ sums: UnsafeMutableBufferPointer<Int64>, _ count: Int, four: (Int, Tables) -> Void,
    one: (Int, UnsafeMutableRawPointer) -> Void
) {
    guard let table = UnsafeMutableRawPointer(sums.baseAddress) else { return }
    let whole = count & ~3
    if sums.count > spreadSums || whole < spreadSums {
        for row in stride(from: 0, to: whole, by: 4) { four(row, (table, table, table, table)) }
    } else {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: 3 * spreadSums) { copies in
            copies.initialize(repeating: 0)
            // Safe: not empty.
            guard let second = UnsafeMutableRawPointer(copies.baseAddress) else { return }
            let (third, fourth) = (second + 8 * spreadSums, second + 16 * spreadSums)
            for row in stride(from: 0, to: whole, by: 4) { four(row, (table, second, third, fourth)) }
            for place in 0..<sums.count {
                sums[place] &+= copies[place] &+ copies[spreadSums + place] &+ copies[2 * spreadSums + place]
            }
        }
    }
    for row in whole..<count { one(row, table) }
}

@inline(__always)
private func four(_ values: UnsafePointer<Int32>) -> SIMD4<Int32> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD4<Int32>.self)
}

@inline(__always)
private func add(_ values: SIMD4<Int32>, _ sums: UnsafeMutableRawPointer) {
    let sum = sums.loadUnaligned(as: SIMD4<Int64>.self) &+ SIMD4<Int64>(truncatingIfNeeded: values)
    sums.storeBytes(of: sum, as: SIMD4<Int64>.self)
}

@inline(__always)
private func add(_ values: SIMD2<Int64>, _ sums: UnsafeMutableRawPointer) {
    sums.storeBytes(of: sums.loadUnaligned(as: SIMD2<Int64>.self) &+ values, as: SIMD2<Int64>.self)
}

@inline(__always)
private func check(_ codes: UnsafeBufferPointer<UInt32>, below domain: Int) {
    var highest: UInt32 = 0
    for code in codes { highest = max(highest, code) }
    precondition(codes.isEmpty || highest < domain, "a code outside of the table")
}
