/// A column of texts with few different values (status, country, currency, ...): each row holds the code of its text, 1
/// to 4 bytes, and each text is stored once in a list. Code 0 is the empty text, so empty rows cost nothing. Copying
/// the struct makes a snapshot, as with `Column`.
///
/// Texts that are equal to Swift (canonically equivalent Unicode) share one code; the first spelling is stored. Texts
/// that no row uses any more retain their codes.
public struct DictionaryColumn: Sendable {
    /// Row -> index into `values`.
    public private(set) var codes = CodeColumn()
    /// Code -> text, in order of first use; `values[0]` is "".
    public private(set) var values: [String] = [""]
    private var codeByText: [String: UInt32] = ["": 0]
    /// The code interned last.
    private var lastCode: UInt32 = 0

    public init() {}

    /// Restores a column; nil if a code has no value, a value occurs twice, or the first is not empty.
    public init?(codes: CodeColumn, values: [String]) {
        guard values.first == "", values.count <= ColumnarLimits.dictionaryValues,
            codes.areBelow(UInt32(truncatingIfNeeded: values.count))
        else { return nil }
        self.codes = codes
        self.values = values
        codeByText.reserveCapacity(values.count)
        for (code, value) in values.enumerated() { codeByText[value] = UInt32(truncatingIfNeeded: code) }
        guard codeByText.count == values.count else { return nil }
    }

    public var count: Int { codes.count }

    /// Adds empty rows up to `count`.
    public mutating func grow(to count: Int) { codes.grow(to: count) }

    public mutating func append(_ text: String) { codes.append(intern(text)) }

    public mutating func set(_ row: Int, to text: String) { codes[row] = intern(text) }

    /// Sets a row to a text by the code that `intern` returned.
    public mutating func set(_ row: Int, toCode code: UInt32) {
        precondition(Int(code) < values.count, "a code of another column")
        codes[row] = code
    }

    public subscript(row: Int) -> String {
        get { values[Int(codes[row])] }
        set { set(row, to: newValue) }
    }

    /// The code of a text; nil when no row ever held it.
    public func code(of text: String) -> UInt32? { codeByText[text] }

    /// The code of a text, assigned if it has none. Callers that refuse input by size check `values.count` first:
    /// exceeding `ColumnarLimits.dictionaryValues` here is a bug of the caller.
    public mutating func intern(_ text: String) -> UInt32 {
        // Many consecutive rows have the same text.
        if text.isEmpty { return 0 }
        if text == values[Int(lastCode)] { return lastCode }
        if let code = codeByText[text] {
            lastCode = code
            return code
        }
        precondition(values.count < ColumnarLimits.dictionaryValues, "too many different values")
        // Safe: fewer values than 2^32, checked just above.
        let code = UInt32(truncatingIfNeeded: values.count)
        values.append(text)
        codeByText[text] = code
        return code
    }

    /// Bytes held, including shared ones; an estimate for the index. O(chunks + values).
    public var byteSize: Int {
        var size = codes.byteSize + values.heapBytes
        // Up to 15 bytes of text are stored in the String itself, longer ones in a block of their own with a header of
        // 32.
        for value in values where value.utf8.count > 15 { size += 32 + value.utf8.count }
        let entry = MemoryLayout<String>.stride + MemoryLayout<UInt32>.stride
        // The index is a hash table at a load of at most 3/4.
        return size + codeByText.capacity * 4 / 3 * entry
    }
}
