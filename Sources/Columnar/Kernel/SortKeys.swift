// Doubles as integers that sort the same, so that one comparison of integers serves every column.

/// Where a number stands: `a < b` exactly when key(a) < key(b); -0 is 0, and NaN, which stands for null, comes last in
/// either direction. `descending` turns the order of the others round.
@inline(never)
public func sortKeys(
    _ values: UnsafeBufferPointer<Double>, descending: Bool, into keys: UnsafeMutableBufferPointer<Int64>
) {
    precondition(values.count == keys.count, "one key for each value")
    guard let value = values.baseAddress, let key = keys.baseAddress else { return }
    let flip: Int64 = descending ? -1 : 0
    // Safe: below the count of both.
    for i in 0..<values.count {
        // Adding +0 makes -0 to +0 and leaves all else as it is.
        let number = value[i] + 0.0
        let bits = Int64(bitPattern: number.bitPattern)
        // The bits of negative numbers grow with the magnitude: turn those below the sign round.
        let ordered = bits ^ ((bits >> 63) & Int64.max)
        key[i] = number == number ? ordered ^ flip : Int64.max
    }
}
