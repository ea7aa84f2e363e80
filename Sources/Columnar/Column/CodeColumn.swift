/// A column of codes, each below the size of a dictionary that grows: 1 byte per row up to 256 codes, 2 up to 65,536,
/// then 4. Most dictionaries stay small, and a query reads a quarter of the memory.
///
/// Widening copies the column when a code first does not fit: at most twice in its life.
public struct CodeColumn: Sendable {
    // One of the three holds the rows; the others are empty.
    private var narrow = Column<UInt8>()
    private var medium = Column<UInt16>()
    private var wide = Column<UInt32>()
    private var width = Width.narrow

    private enum Width { case narrow, medium, wide }

    public init() {}

    public var count: Int {
        switch width {
        case .narrow: narrow.count
        case .medium: medium.count
        case .wide: wide.count
        }
    }

    public mutating func grow(to count: Int) {
        switch width {
        case .narrow: narrow.grow(to: count)
        case .medium: medium.grow(to: count)
        case .wide: wide.grow(to: count)
        }
    }

    public mutating func append(_ code: UInt32) {
        grow(to: count + 1)
        self[count - 1] = code
    }

    public subscript(row: Int) -> UInt32 {
        get {
            switch width {
            case .narrow: UInt32(narrow[row])
            case .medium: UInt32(medium[row])
            case .wide: wide[row]
            }
        }
        set {
            widen(for: newValue)
            // Safe: `widen` made room for the code.
            switch width {
            case .narrow: narrow[row] = UInt8(truncatingIfNeeded: newValue)
            case .medium: medium[row] = UInt16(truncatingIfNeeded: newValue)
            case .wide: wide[row] = newValue
            }
        }
    }

    /// The column that holds the codes, at its current width.
    public var storage: CodeStorage {
        switch width {
        case .narrow: .narrow(narrow)
        case .medium: .medium(medium)
        case .wide: .wide(wide)
        }
    }

    public init(_ storage: CodeStorage) {
        switch storage {
        case .narrow(let column): narrow = column
        case .medium(let column): (medium, width) = (column, .medium)
        case .wide(let column): (wide, width) = (column, .wide)
        }
    }

    /// The codes of a chunk at their current width; valid like `Column.unsafeChunk`.
    public func unsafeChunk(_ chunk: Int) -> CodeChunk {
        switch width {
        case .narrow: .narrow(narrow.unsafeChunk(chunk))
        case .medium: .medium(medium.unsafeChunk(chunk))
        case .wide: .wide(wide.unsafeChunk(chunk))
        }
    }

    /// Whether every code is below a number. O(rows).
    public func areBelow(_ bound: UInt32) -> Bool {
        switch width {
        case .narrow: CodeColumn.areBelow(bound, narrow)
        case .medium: CodeColumn.areBelow(bound, medium)
        case .wide: CodeColumn.areBelow(bound, wide)
        }
    }

    private static func areBelow<Code>(_ bound: UInt32, _ codes: Column<Code>) -> Bool {
        (0..<codes.chunkCount).allSatisfy { chunk in
            if codes.isZero(chunk: chunk) { return bound > 0 }
            return codes.withChunk(chunk) { codes in
                var largest: Code = 0
                for code in codes { largest = max(largest, code) }
                return largest < bound
            }
        }
    }

    public var byteSize: Int { narrow.byteSize + medium.byteSize + wide.byteSize }

    private mutating func widen(for code: UInt32) {
        if width == .narrow && code > UInt8.max {
            medium = CodeColumn.copy(narrow)
            narrow = Column()
            width = .medium
        }
        if width == .medium && code > UInt16.max {
            wide = CodeColumn.copy(medium)
            medium = Column()
            width = .wide
        }
    }

    private static func copy<Narrow, Wide>(_ column: Column<Narrow>) -> Column<Wide> {
        var copy = Column<Wide>()
        copy.grow(to: column.count)
        for chunk in 0..<column.chunkCount where !column.isZero(chunk: chunk) {
            column.withChunk(chunk) { codes in
                copy.withMutableChunk(chunk) { wider in
                    for index in codes.indices { wider[index] = Wide(truncatingIfNeeded: codes[index]) }
                }
            }
        }
        return copy
    }
}

/// The codes of all rows, at one of three widths.
public enum CodeStorage: Sendable {
    case narrow(Column<UInt8>)
    case medium(Column<UInt16>)
    case wide(Column<UInt32>)
}

/// The codes of a chunk of rows, at one of three widths.
public enum CodeChunk {
    case narrow(UnsafeBufferPointer<UInt8>)
    case medium(UnsafeBufferPointer<UInt16>)
    case wide(UnsafeBufferPointer<UInt32>)
}
