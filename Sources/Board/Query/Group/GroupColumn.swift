// A column that customers are grouped by, as codes: row -> code, and code -> value.

import Columnar

/// The codes of a group column, by row; all below `GroupColumn.domain`.
enum GroupCodes {
    case dictionary(CodeColumn)
    /// The stored status, with `dialing` in the place of `active` where there are live calls.
    case shownStatus(Column<UInt8>, active: Column<Int32>)
    case bytes(Column<UInt8>)
    /// Codes made for this query.
    case numbered(Column<UInt32>)
}

struct GroupColumn {
    let codes: GroupCodes
    let domain: Int
    /// Code -> value shown by the answer.
    let values: GroupValues

    /// Adds `code * stride` of every row of a chunk to `index`. Sums stay below 2^32: the product of all domains does.
    func add(times stride: UInt32, chunk: Int, scratch: ChunkScratch, to index: UnsafeMutableBufferPointer<UInt32>) {
        switch self.codes(chunk, rows: index.count, scratch: scratch) {
        case .narrow(let codes): Kernel.add(codes, times: stride, into: index)
        case .medium(let codes): Kernel.add(codes, times: stride, into: index)
        case .wide(let codes): Kernel.add(codes, times: stride, into: index)
        }
    }

    /// The codes of a chunk's rows, valid as long as this column lives and `scratch` is not used again.
    func codes(_ chunk: Int, rows: Int, scratch: ChunkScratch) -> CodeChunk {
        switch codes {
        case .dictionary(let column): return column.unsafeChunk(chunk)
        case .shownStatus(let stored, let active):
            let shown = scratch.bytes(rows)
            CustomerTable.shownStatuses(stored.unsafeChunk(chunk), active.unsafeChunk(chunk), into: shown)
            return .narrow(UnsafeBufferPointer(shown))
        case .bytes(let column): return .narrow(column.unsafeChunk(chunk))
        case .numbered(let column): return .wide(column.unsafeChunk(chunk))
        }
    }
}

extension GroupColumn {
    /// The code of one row.
    func code(_ row: Int) -> UInt32 {
        switch codes {
        case .dictionary(let column): column[row]
        case .shownStatus(_, let active): code(row, live: active[row])
        case .bytes(let column): UInt32(column[row])
        case .numbered(let column): column[row]
        }
    }

    /// The code that a row would have with this number of live calls.
    func code(_ row: Int, live: Int32) -> UInt32 {
        guard case .shownStatus(let stored, _) = codes else { return code(row) }
        let status = stored[row]
        return UInt32(status == CustomerTable.activeCode && live > 0 ? CustomerTable.dialingCode : status)
    }

    /// Whether the code depends on live calls.
    var dependsOnLiveCalls: Bool { if case .shownStatus = codes { true } else { false } }
}

extension CodeChunk {
    subscript(row: Int) -> UInt32 {
        switch self {
        case .narrow(let codes): UInt32(codes[row])
        case .medium(let codes): UInt32(codes[row])
        case .wide(let codes): codes[row]
        }
    }

    /// Sets the bits of the codes in a range and clears the others.
    func select(_ range: ClosedRange<UInt32>, into words: UnsafeMutableBufferPointer<UInt64>) {
        switch self {
        case .narrow(let codes):
            guard let low = UInt8(exactly: range.lowerBound) else { return words.update(repeating: 0) }
            Kernel.select(codes, in: low...UInt8(clamping: range.upperBound), into: words)
        case .medium(let codes):
            guard let low = UInt16(exactly: range.lowerBound) else { return words.update(repeating: 0) }
            Kernel.select(codes, in: low...UInt16(clamping: range.upperBound), into: words)
        case .wide(let codes): Kernel.select(codes, in: range, into: words)
        }
    }
}

/// The values behind the codes of a group column.
enum GroupValues {
    /// The empty text means null.
    case texts([String])
    case booleans
    case integers([Int64])
    case money([Int64])
    /// 0 means null.
    case times([Int64])
    /// The code is the row.
    case names(TextColumn)
    case ids

    func cell(_ code: Int) -> Cell {
        switch self {
        case .texts(let texts): texts[code].isEmpty ? .null : .text(texts[code])
        case .booleans: .boolean(code != 0)
        case .integers(let values): .integer(values[code])
        case .money(let values): .money(values[code])
        case .times(let values): values[code] == 0 ? .null : .time(values[code])
        case .names(let names): .text(names[code])
        case .ids: .integer(Int64(code) + 1)
        }
    }
}

extension CustomerTable {
    /// Codes of the statuses as shown: positions in `shownStatusNames`.
    static func shownStatuses(
        _ stored: UnsafeBufferPointer<UInt8>, _ active: UnsafeBufferPointer<Int32>,
        into shown: UnsafeMutableBufferPointer<UInt8>
    ) {
        Kernel.replace(stored, activeCode, by: dialingCode, where: active, into: shown)
    }

    static let activeCode: UInt8 = 0
    static let dialingCode = UInt8(CustomerStatus.allCases.count)
    static let shownStatusNames = CustomerStatus.allCases.map(\.rawValue) + [dialing]
}
