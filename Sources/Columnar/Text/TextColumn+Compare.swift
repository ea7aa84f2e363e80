// Compares texts in place: by bytes, which is the order of Unicode scalar values.

extension TextColumn {
    /// Whether a row's text is exactly these bytes.
    public func equals(_ row: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        withBytes(row) { compareBytes($0, text) == 0 }
    }

    /// Below 0, 0, above 0: the row's text is before, equal to, after these bytes.
    public func compare(_ row: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        withBytes(row) { compareBytes($0, text) }
    }

    /// Below 0, 0, above 0: the text of `row` is before, equal to, after the text of `other`.
    public func compare(_ row: Int, with other: Int) -> Int {
        withBytes(row) { left in withBytes(other) { right in compareBytes(left, right) } }
    }
}

/// Lexicographic order of bytes; a prefix precedes what it begins.
func compareBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    let common = min(left.count, right.count)
    for index in 0..<common where left[index] != right[index] {
        return Int(left[index]) - Int(right[index])
    }
    return left.count - right.count
}
