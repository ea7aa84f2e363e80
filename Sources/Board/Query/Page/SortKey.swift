// Sort keys as whole numbers: a row precedes another if its number is smaller. Null is the largest of all, whether
// ascending or descending.

import Columnar

/// What rows are sorted by.
enum SortOperand {
    case number(RowOperand)
    /// The rank of each code's value among all values, and which codes are null.
    case codes(GroupColumn)
    case names
    /// Any value, a row at a time.
    case cells((Int) -> Cell, CellKind)
    /// Whether a cell is null: null comes last, even after the largest whole number.
    case isNull((Int) -> Cell)
}

/// One key with its columns.
struct SortKey {
    enum Source {
        case integers(RowVectors)
        case numbers(RowVectors)
        case codes(GroupColumn, keys: [Int64], ChunkScratch)
        case names(TextColumn)
        case cells((Int) -> Cell, CellKind)
        case isNull((Int) -> Cell)
    }

    let source: Source
    let descending: Bool

    init(
        _ operand: SortOperand, descending: Bool, names: TextColumn, _ columns: (NumberSource) -> NumberColumn
    ) {
        self.descending = descending
        switch operand {
        case .number(let operand):
            let vectors = RowVectors(operand, columns)
            source = vectors.isNumber ? .numbers(vectors) : .integers(vectors)
        case .codes(let column):
            let keys = column.values.ranks(domain: column.domain).enumerated().map { code, rank in
                column.values.cell(code) == .null ? Int64.max : descending ? ~Int64(rank) : Int64(rank)
            }
            source = .codes(column, keys: keys, ChunkScratch())
        case .names: source = .names(names)
        case .cells(let cell, let kind): source = .cells(cell, kind)
        case .isNull(let cell): source = .isNull(cell)
        }
    }

    /// The key of a whole number that is not null.
    static func key(_ value: Int64, descending: Bool) -> Int64 { descending ? ~value : value }

    /// The key of a number: its bits, with those of negative numbers inverted; NaN is null.
    static func key(_ value: Double, descending: Bool) -> Int64 {
        if value.isNaN { return .max }
        // Adding +0 turns -0 into +0.
        let bits = Int64(bitPattern: (value + 0.0).bitPattern)
        let ordered = bits ^ ((bits >> 63) & .max)
        return descending ? ~ordered : ordered
    }

    /// The first eight bytes of a name as a number, or `undecided` where any is not ASCII: there the order of the bytes
    /// is not that of the texts, which are compared in normal form.
    static func key(name: UnsafeBufferPointer<UInt8>, descending: Bool) -> Int64 {
        var prefix: UInt64 = 0
        for byte in name where byte >= 0x80 { return undecided }
        for place in 0..<8 { prefix = prefix << 8 | UInt64(place < name.count ? name[place] : 0) }
        // Bytes are below 128, so the number is below 2^63.
        return key(Int64(prefix), descending: descending)
    }

    static let undecided = Int64.min
}

/// The keys of a chunk's rows, read one at a time; valid until the next chunk.
enum SortKeyChunk {
    case integers(NumberChunk, zeroIsNull: Bool)
    case numbers(UnsafeBufferPointer<Double>)
    case codes(CodeChunk, [Int64])
    case names(TextColumn)
    case cells((Int) -> Cell, CellKind)
    case isNull((Int) -> Cell)
}
