// Which rows are in a range. Every comparison with a constant is such a range or its complement, so this is the only
// loop that turns values into bits.

/// Sets bit i of `words` where `low <= values[i] <= high`, or, if `inverted`, where not; `words` has one word for each
/// 64 values begun, and bits beyond the last value become zero. `low` is at most `high`.
///
/// One unsigned comparison per row: v is in low...high exactly when v - low, modulo the width, is at most high - low.
/// The inner loop of 64 rows has a constant length and no branch, and becomes vector comparisons, a shift by lane and
/// one horizontal "or" per word. 3 to 5 times faster with AVX2 than without.
@inline(never)
@specialized(where Value == Int8)
@specialized(where Value == Int16)
@specialized(where Value == Int32)
@specialized(where Value == Int64)
@specialized(where Value == UInt8)
@specialized(where Value == UInt16)
@specialized(where Value == UInt32)
@specialized(where Value == UInt64)
public func selectRange<Value: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, low: Value, high: Value, inverted: Bool,
    into words: UnsafeMutableBufferPointer<UInt64>
) {
    precondition(words.count == (values.count + 63) >> 6, "one word for each 64 values begun")
    precondition(low <= high, "the range is empty")
    guard let value = values.baseAddress, let word = words.baseAddress else { return }
    let first = Value.Magnitude(truncatingIfNeeded: low)
    let span = Value.Magnitude(truncatingIfNeeded: high) &- first
    let flip: UInt64 = inverted ? ~0 : 0
    // Safe: the values read are 64 w ..< 64 w + 64 with w below count / 64, then the rest below count; the words
    // written are below words.count, which is checked above to be what that takes.
    let whole = values.count >> 6
    for w in 0..<whole {
        let row = value + w << 6
        var bits: UInt64 = 0
        for i in 0..<64 {
            let inside: UInt64 = Value.Magnitude(truncatingIfNeeded: row[i]) &- first <= span ? 1 : 0
            bits |= inside &<< UInt64(truncatingIfNeeded: i)
        }
        word[w] = bits ^ flip
    }
    let rest = values.count & 63
    if rest > 0 {
        let row = value + whole << 6
        var bits: UInt64 = 0
        for i in 0..<rest {
            let inside: UInt64 = Value.Magnitude(truncatingIfNeeded: row[i]) &- first <= span ? 1 : 0
            bits |= inside &<< UInt64(truncatingIfNeeded: i)
        }
        word[whole] = (bits ^ flip) & ((1 &<< UInt64(truncatingIfNeeded: rest)) &- 1)
    }
}
