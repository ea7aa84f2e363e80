// The first rows of an order, without sorting the others.
//
// Rows come chunk by chunk, the chunks in any order. Those that stand before the last of the best so far are collected;
// when twice as many as wanted have come together the better half is remaining, and the last of them is the new mark to
// pass. The first key's column is compared with the mark by a kernel, so most rows are never looked at one by one.

import Columnar

struct TopRows {
    private struct Entry {
        /// The first key.
        var key: Int64
        var row: UInt32
        /// Where the other keys begin in `moreKeys`.
        var more: Int
    }

    private let wanted: Int
    private let keys: [SortKey]
    /// Whether there is a single key, whose numbers determine the order.
    private let isSimple: Bool
    private let firstHasUndecided: Bool
    private var entries: [Entry] = []
    private var moreKeys: [Int64] = []
    /// The last of the best `wanted` so far: only rows before it matter.
    private var mark: Entry?

    init(_ wanted: Int, keys: [SortKey]) {
        self.wanted = wanted
        self.keys = keys
        firstHasUndecided = keys.first?.hasUndecided ?? false
        isSimple = keys.count == 1 && !firstHasUndecided
    }

    /// Entries that accumulate before the worse ones are dropped. No overflow: `wanted` is at most the number of
    /// customers.
    private var most: Int { 2 * wanted + 128 }

    /// Whether no later row can be among the wanted ones.
    var isComplete: Bool { wanted == 0 || keys.isEmpty && entries.count >= wanted }

    /// Whether a chunk with no key below `best` has none of the wanted rows.
    func isBeyond(_ best: Int64, chunk: Int) -> Bool {
        guard let mark, mark.key != SortKey.undecided else { return false }
        // Of equal keys the earlier row comes first; other keys may decide otherwise.
        return best > mark.key || best == mark.key && keys.count == 1 && chunk * ChunkSize.rows > Int(mark.row)
    }

    /// The first key of a row. Requires a key.
    func firstKey(row: Int) -> Int64 { keys[0].key(row: row) }

    /// Collects from the selected rows of a chunk. `words` is overwritten. Returns a lower bound of their first keys.
    @discardableResult
    mutating func add(_ words: UnsafeMutableBufferPointer<UInt64>, chunk: Int, rows: Int) -> Int64 {
        // Without keys the order is that of the rows, and chunks come in that order, so the first rows are the wanted
        // ones.
        guard entries.count < wanted || !keys.isEmpty, wanted > 0 else { return .min }
        if keys.isEmpty {
            addAll(words, chunk: chunk)
            return .min
        }
        let values = keys.map { $0.chunk(chunk, rows: rows) }
        let first = chunk * ChunkSize.rows
        // Rows that do not pass the mark are worse than those that do, whose best key is known.
        let limit = keepBeforeMark(values[0], words, rows, after: first)
        let best = isSimple ? addSimple(values[0], words, first) : add(values, words, first)
        return best ?? limit.map { $0 == .max ? $0 : $0 + 1 } ?? .max
    }

    /// Collects rows by a single key that is a number. Returns the best key; nil without rows.
    private mutating func addSimple(
        _ values: SortKeyChunk, _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int
    ) -> Int64? {
        let descending = keys[0].descending
        switch values {
        case .integers(let chunk, let zeroIsNull):
            return addSimple(words, first) { index in
                let value = chunk[index]
                return zeroIsNull && value == 0 ? .max : SortKey.key(value, descending: descending)
            }
        case .numbers(let numbers): return addSimple(words, first) { SortKey.key(numbers[$0], descending: descending) }
        case .codes(let codes, let keys): return addSimple(words, first) { keys[Int(codes[$0])] }
        case .names, .cells, .isNull: return add([values], words, first)
        }
    }

    @inline(__always)
    private mutating func addSimple(
        _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int, key: (Int) -> Int64
    ) -> Int64? {
        var best: Int64?
        for word in words.indices {
            var bits = words[word]
            while bits != 0 {
                let index = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                // Safe: rows are below `BoardLimits.customers`, 24 bits.
                let entry = Entry(key: key(index), row: UInt32(truncatingIfNeeded: first + index), more: 0)
                best = min(best ?? .max, entry.key)
                if let mark, (entry.key, entry.row) >= (mark.key, mark.row) { continue }
                entries.append(entry)
                if entries.count >= most { dropTheWorse() }
            }
        }
        return best
    }

    private mutating func add(
        _ values: [SortKeyChunk], _ words: UnsafeMutableBufferPointer<UInt64>, _ first: Int
    ) -> Int64? {
        var best: Int64?
        RowFilter.forEachBit(words) { index in
            // Safe: rows are below `BoardLimits.customers`, 24 bits.
            let row = UInt32(truncatingIfNeeded: first + index)
            let entry = Entry(key: keys[0].key(values[0], index, row: Int(row)), row: row, more: moreKeys.count)
            best = min(best ?? .max, entry.key)
            if let mark, entry.key > mark.key, isDecided(entry.key, mark.key) { return }
            for number in keys.indices.dropFirst() {
                moreKeys.append(keys[number].key(values[number], index, row: Int(row)))
            }
            if let mark, !isBefore(entry, mark) {
                moreKeys.removeLast(keys.count - 1)
                return
            }
            entries.append(entry)
            if entries.count >= most { dropTheWorse() }
        }
        return best
    }

    private mutating func addAll(_ words: UnsafeMutableBufferPointer<UInt64>, chunk: Int) {
        RowFilter.forEachBit(words) { index in
            guard entries.count < wanted else { return }
            // Safe: rows are below `BoardLimits.customers`, 24 bits.
            let row = UInt32(truncatingIfNeeded: chunk * ChunkSize.rows + index)
            entries.append(Entry(key: 0, row: row, more: 0))
        }
    }

    /// The rows at these positions of the order. To be called once, at the end.
    mutating func rows(_ range: Range<Int>) -> [Int] {
        let range = range.clamped(to: 0..<entries.count)
        guard !range.isEmpty else { return [] }
        if range.lowerBound > 0 { partition(at: range.lowerBound) }
        if range.upperBound < entries.count {
            partition(at: range.upperBound, from: range.lowerBound)
        }
        return entries[range].sorted(by: isBefore).map { Int($0.row) }
    }

    /// Clears the bits of rows that cannot precede the mark by their first key; returns the largest key that can.
    private func keepBeforeMark(
        _ values: SortKeyChunk, _ words: UnsafeMutableBufferPointer<UInt64>, _ rows: Int, after first: Int
    ) -> Int64? {
        guard let mark, mark.key != .max, mark.key != SortKey.undecided else { return nil }
        // Of equal keys the earlier row comes first; other keys may decide otherwise.
        let limit = keys.count == 1 && first > Int(mark.row) ? mark.key - 1 : mark.key
        values.intersect(words, keysUpTo: limit, descending: keys[0].descending, rows)
        return limit
    }

    private mutating func dropTheWorse() {
        partition(at: wanted)
        entries.removeLast(entries.count - wanted)
        mark = entries.max(by: isBefore)
        let width = keys.count - 1
        guard width > 0 else { return }
        var remaining: [Int64] = []
        remaining.reserveCapacity(most * width)
        for index in entries.indices {
            let old = entries[index].more
            if entries[index].row == mark?.row { mark?.more = remaining.count }
            entries[index].more = remaining.count
            remaining += moreKeys[old..<old + width]
        }
        moreKeys = remaining
    }

    // MARK: Order

    /// Whether two first keys determine the order: names with non-ASCII bytes are compared in full.
    private func isDecided(_ left: Int64, _ right: Int64) -> Bool {
        !firstHasUndecided || left != SortKey.undecided && right != SortKey.undecided
    }

    private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        if isSimple {
            return left.key != right.key ? left.key < right.key : left.row < right.row
        }
        for number in keys.indices {
            let (a, b) =
                number == 0
                ? (left.key, right.key) : (moreKeys[left.more + number - 1], moreKeys[right.more + number - 1])
            let isUndecided = keys[number].hasUndecided && (a == b || a == SortKey.undecided || b == SortKey.undecided)
            if !isUndecided {
                if a != b { return a < b }
            } else if let isBefore = keys[number].order(Int(left.row), Int(right.row)) {
                return isBefore
            }
        }
        return left.row < right.row
    }

    /// Moves entries so that the one that belongs at `place` is there, smaller ones before it, larger ones after it.
    /// Quickselect with the median of three as pivot; entries before `from` stay where they are.
    private mutating func partition(at place: Int, from start: Int = 0) {
        var low = start
        var high = entries.count - 1
        while low < high {
            let pivot = middle(entries[low], entries[(low + high) / 2], entries[high])
            var left = low
            var right = high
            while left <= right {
                while isBefore(entries[left], pivot) { left += 1 }
                while isBefore(pivot, entries[right]) { right -= 1 }
                if left <= right {
                    entries.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if place <= right { high = right } else if place >= left { low = left } else { return }
        }
    }
}

extension TopRows {
    /// The median of three in the order.
    private func middle(_ a: Entry, _ b: Entry, _ c: Entry) -> Entry {
        let (low, high) = isBefore(b, a) ? (b, a) : (a, b)
        return isBefore(c, low) ? low : isBefore(high, c) ? high : c
    }
}

extension SortKey {
    /// Whether keys may be `undecided`: those of texts may.
    var hasUndecided: Bool {
        switch source {
        case .names: true
        case .cells(_, let kind): kind == .text || kind == .texts
        case .integers, .numbers, .codes, .isNull: false
        }
    }

    /// Whether a row precedes another by their full values; nil: these are equal.
    func order(_ row: Int, _ other: Int) -> Bool? {
        switch source {
        case .names(let names):
            let (left, right) = (names[row], names[other])
            return left == right ? nil : (left < right) != descending
        case .cells(let cell, _): return cell(row).order(cell(other), descending: descending)
        case .integers, .numbers, .codes, .isNull: return nil
        }
    }

    /// The key of any cell; for texts it is undecided.
    static func key(_ cell: Cell, descending: Bool) -> Int64 {
        switch cell {
        case .null: .max
        case .integer(let value), .money(let value), .time(let value): key(value, descending: descending)
        case .number(let value): key(value, descending: descending)
        case .boolean(let value): key(Int64(value ? 1 : 0), descending: descending)
        case .text, .texts: undecided
        }
    }

    /// The key's values in a chunk.
    func chunk(_ chunk: Int, rows: Int) -> SortKeyChunk {
        switch source {
        case .integers(let vectors): .integers(vectors.chunk(chunk, rows: rows), zeroIsNull: vectors.zeroIsNull)
        case .numbers(let vectors): .numbers(vectors.numbers(chunk, rows))
        case .codes(let column, let keys, let scratch):
            .codes(column.codes(chunk, rows: rows, scratch: scratch), keys)
        case .names(let names): .names(names)
        case .cells(let cell, let kind): .cells(cell, kind)
        case .isNull(let cell): .isNull(cell)
        }
    }

    /// The key of a row, the same as in `chunk`.
    func key(row: Int) -> Int64 {
        switch source {
        case .integers(let vectors):
            let value = vectors.integer(row: row)
            return vectors.zeroIsNull && value == 0 ? .max : SortKey.key(value, descending: descending)
        case .numbers(let vectors): return SortKey.key(vectors.number(row: row), descending: descending)
        case .codes(let column, let keys, _): return keys[Int(column.code(row))]
        case .names(let names): return names.withBytes(row) { SortKey.key(name: $0, descending: descending) }
        case .isNull(let cell): return cell(row) == .null ? 1 : 0
        case .cells(let cell, _): return SortKey.key(cell(row), descending: descending)
        }
    }

    /// The key of a row; `index` is its index in the chunk.
    func key(_ values: SortKeyChunk, _ index: Int, row: Int) -> Int64 {
        switch values {
        case .integers(let chunk, let zeroIsNull):
            let value = chunk[index]
            return zeroIsNull && value == 0 ? .max : SortKey.key(value, descending: descending)
        case .numbers(let numbers): return SortKey.key(numbers[index], descending: descending)
        case .codes(let codes, let keys): return keys[Int(codes[index])]
        case .names(let names): return names.withBytes(row) { SortKey.key(name: $0, descending: descending) }
        case .isNull(let cell): return cell(row) == .null ? 1 : 0
        case .cells(let cell, _): return SortKey.key(cell(row), descending: descending)
        }
    }
}

extension SortKeyChunk {
    /// Clears the bits of the rows whose key is above `limit`; rows of which that is not known by their values stay.
    fileprivate func intersect(
        _ words: UnsafeMutableBufferPointer<UInt64>, keysUpTo limit: Int64, descending: Bool, _ rows: Int
    ) {
        switch self {
        case .integers(let values, let zeroIsNull):
            // Keys of null are above every limit, but 0 may be among the values of these keys.
            let range = descending ? ~limit...Int64.max : Int64.min...limit
            values.intersect(words, in: range, rows)
            if zeroIsNull && range.contains(0) { values.intersect(words, in: 1...Int64.max, rows) }
        case .numbers(let values):
            let bound = SortKey.number(ofKey: limit, descending: descending)
            let range = descending ? bound...Double.infinity : -Double.infinity...bound
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words.count) { found in
                Kernel.select(values, in: range, into: found)
                for word in words.indices { words[word] &= found[word] }
            }
        case .codes, .names, .cells, .isNull: break
        }
    }
}

extension SortKey {
    /// The number that has a key.
    fileprivate static func number(ofKey key: Int64, descending: Bool) -> Double {
        let ordered = descending ? ~key : key
        let number = Double(bitPattern: UInt64(bitPattern: ordered ^ ((ordered >> 63) & .max)))
        // A limit one beyond the key of infinity is not a number; no number lies beyond it either.
        return number.isNaN ? (descending ? .infinity : -.infinity) : number
    }
}
