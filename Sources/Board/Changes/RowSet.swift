// A set of rows, ascending: as a list, or as bits if there are many.

import Columnar

package enum RowSet: Equatable, Sendable {
    case list([UInt32])
    /// Bit i of word w is row `first + 64 w + i`.
    case bits(first: UInt32, words: [UInt64], count: Int)

    /// - Parameter rows: ascending, each once.
    package init(_ rows: [UInt32]) {
        guard let first = rows.first, let last = rows.last, rows.count > Int(last - first) / 32, rows.count > 16 else {
            self = .list(rows)
            return
        }
        var words = [UInt64](repeating: 0, count: Int(last - first) / 64 + 1)
        for row in rows { words[Int(row - first) >> 6] |= 1 << UInt64((row - first) & 63) }
        self = .bits(first: first, words: words, count: rows.count)
    }

    package var count: Int {
        switch self {
        case .list(let rows): rows.count
        case .bits(_, _, let count): count
        }
    }

    package var rows: [UInt32] {
        switch self {
        case .list(let rows): return rows
        case .bits(let first, let words, let count):
            var rows: [UInt32] = []
            rows.reserveCapacity(count)
            for (number, word) in words.enumerated() {
                var word = word
                while word != 0 {
                    // Safe: rows are below `BoardLimits.customers`, which `read` checks.
                    rows.append(first &+ UInt32(truncatingIfNeeded: number << 6 + word.trailingZeroBitCount))
                    word &= word &- 1
                }
            }
            return rows
        }
    }

    /// The position of a row among them; nil: it is none of them.
    package func place(of row: UInt32) -> Int? {
        switch self {
        case .list(let rows):
            var (low, high) = (0, rows.count)
            while low < high {
                let middle = (low + high) / 2
                if rows[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low < rows.count && rows[low] == row ? low : nil
        case .bits(let first, let words, _):
            guard row >= first, Int(row - first) >> 6 < words.count else { return nil }
            let (word, bit) = (Int(row - first) >> 6, UInt64((row - first) & 63))
            guard words[word] & 1 << bit != 0 else { return nil }
            let before = (words[word] & (1 << bit - 1)).nonzeroBitCount
            return words[..<word].reduce(before) { $0 + $1.nonzeroBitCount }
        }
    }

    package func contains(_ row: UInt32) -> Bool {
        switch self {
        case .list: place(of: row) != nil
        case .bits(let first, let words, _):
            row >= first && Int(row - first) >> 6 < words.count
                && words[Int(row - first) >> 6] & 1 << UInt64((row - first) & 63) != 0
        }
    }

    /// The first row that both have; nil: none.
    func firstCommon(_ other: RowSet) -> UInt32? {
        let (few, many) = count <= other.count ? (self, other) : (other, self)
        return few.rows.first { many.contains($0) }
    }

    var byteSize: Int {
        switch self {
        case .list(let rows): rows.count * 4
        case .bits(_, let words, _): words.count * 8
        }
    }
}

// MARK: - Bytes

extension FieldWriter {
    /// 0 and the differences of the rows, or 1, the first row and the words.
    package mutating func append(_ set: RowSet) {
        switch set {
        case .list(let rows):
            append(packed: 0)
            append(packed: UInt64(rows.count))
            var last: UInt32 = 0
            for row in rows {
                append(packed: UInt64(row - last))
                last = row
            }
        case .bits(let first, let words, _):
            append(packed: 1)
            append(first)
            append(packed: UInt64(words.count))
            for word in words { append(word) }
        }
    }
}

extension RowSet {
    init(_ reader: inout FieldReader) throws(FieldFault) {
        switch try reader.packed() {
        case 0:
            let count = try reader.packed()
            guard count <= UInt64(reader.rest.count) else { throw FieldFault("is too short for \(count) rows") }
            var rows: [UInt32] = []
            rows.reserveCapacity(Int(count))
            var last: UInt64 = 0
            for index in 0..<count {
                let step = try reader.packed()
                guard step <= UInt64(BoardLimits.customers), index == 0 || step > 0,
                    last + step < UInt64(BoardLimits.customers)
                else { throw FieldFault("has rows that do not ascend, or that there cannot be") }
                last += step
                rows.append(UInt32(truncatingIfNeeded: last))
            }
            self = .list(rows)
        case 1:
            let first: UInt32 = try reader.integer()
            let count = try reader.packed()
            guard count <= UInt64(reader.rest.count / 8), UInt64(first) + 64 * count <= 1 << 25 else {
                throw FieldFault("is too short for \(count) words of rows")
            }
            var words: [UInt64] = []
            words.reserveCapacity(Int(count))
            for _ in 0..<count { words.append(try reader.integer()) }
            let set = RowSet.bits(first: first, words: words, count: words.reduce(0) { $0 + $1.nonzeroBitCount })
            guard set.rows.last ?? 0 < UInt32(BoardLimits.customers) else { throw FieldFault("has a row beyond all") }
            self = set
        case let kind: throw FieldFault("has rows of the kind \(kind)")
        }
    }
}
