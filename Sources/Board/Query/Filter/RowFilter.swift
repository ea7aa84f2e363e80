// Evaluates a `RowTest` for a chunk of rows.

import Columnar

/// A test with its columns.
indirect enum RowFilter {
    typealias Words = UnsafeMutableBufferPointer<UInt64>

    case integers(RowVectors, [ClosedRange<Int64>])
    case numbers(RowVectors, [ClosedRange<Double>])
    case codes(GroupColumn, CodeSet, CodeSet, ChunkScratch)
    case rows(FoundRows)
    case rowByRow((Int) -> Bool?)
    case not(RowFilter)
    case and([RowFilter])
    case or([RowFilter])

    init(_ test: RowTest, _ columns: (NumberSource) -> NumberColumn) {
        switch test {
        case .integers(let operand, let ranges): self = .integers(RowVectors(operand, columns), ranges)
        case .numbers(let operand, let ranges): self = .numbers(RowVectors(operand, columns), ranges)
        case .codes(let column, let truths):
            self = .codes(
                column, CodeSet(truths.map { $0 == true }), CodeSet(truths.map { $0 == false }), ChunkScratch())
        case .rows(let found): self = .rows(found)
        case .rowByRow(let truth, _): self = .rowByRow(truth)
        case .not(let inner): self = .not(RowFilter(inner, columns))
        case .and(let parts): self = .and(parts.sorted { $0.cost < $1.cost }.map { RowFilter($0, columns) })
        case .or(let parts): self = .or(parts.sorted { $0.cost < $1.cost }.map { RowFilter($0, columns) })
        }
    }

    /// Clears the bits of the rows where the test is not `wanted`. `words` has the bits of a chunk's rows and none
    /// beyond.
    func intersect(_ words: Words, where wanted: Bool, chunk: Int, rows: Int) {
        switch self {
        case .not(let inner): inner.intersect(words, where: !wanted, chunk: chunk, rows: rows)
        case .and(let parts) where wanted, .or(let parts) where !wanted:
            for part in parts {
                if words.allSatisfy({ $0 == 0 }) { return }
                part.intersect(words, where: wanted, chunk: chunk, rows: rows)
            }
        case .and(let parts), .or(let parts): intersectAny(of: parts, words, where: wanted, chunk, rows)
        case .integers(let vectors, let ranges): intersectIntegers(vectors, ranges, words, wanted, chunk, rows)
        case .numbers(let vectors, let ranges): intersectNumbers(vectors, ranges, words, wanted, chunk, rows)
        case .codes(let column, let trues, let falses, let scratch):
            intersectCodes(column, wanted ? trues : falses, scratch, words, chunk, rows)
        case .rows(let found):
            found.rows.withWords(inChunk: chunk) { bits in
                for word in words.indices { words[word] &= wanted ? bits[word] : ~bits[word] }
            }
        case .rowByRow(let truth):
            let first = chunk * ChunkSize.rows
            RowFilter.forEachBit(words) { row in
                if truth(first + row) != wanted { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
            }
        }
    }

    /// Whether the test is `wanted` in one row.
    func holds(_ wanted: Bool, row: Int) -> Bool {
        switch self {
        case .not(let inner): return inner.holds(!wanted, row: row)
        case .and(let parts) where wanted, .or(let parts) where !wanted:
            return parts.allSatisfy { $0.holds(wanted, row: row) }
        case .and(let parts), .or(let parts): return parts.contains { $0.holds(wanted, row: row) }
        case .integers(let vectors, let ranges):
            let value = vectors.integer(row: row)
            return !(vectors.zeroIsNull && value == 0) && ranges.contains(sorted: value) == wanted
        case .numbers(let vectors, let ranges):
            let value = vectors.number(row: row)
            return !value.isNaN && ranges.contains(sorted: value) == wanted
        case .codes(let column, let trues, let falses, _): return (wanted ? trues : falses).contains(column.code(row))
        case .rows(let found): return found.rows[row] == wanted
        case .rowByRow(let truth): return truth(row) == wanted
        }
    }

    private func intersectAny(
        of parts: [RowFilter], _ words: Words, where wanted: Bool, _ chunk: Int, _ rows: Int
    ) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * words.count) { memory in
            let rest = UnsafeMutableBufferPointer(rebasing: memory[..<words.count])
            let found = UnsafeMutableBufferPointer(rebasing: memory[words.count...])
            // What one part has selected needs no look by the next.
            _ = rest.initialize(fromContentsOf: words)
            words.update(repeating: 0)
            for part in parts {
                _ = found.initialize(fromContentsOf: rest)
                part.intersect(found, where: wanted, chunk: chunk, rows: rows)
                for word in words.indices {
                    words[word] |= found[word]
                    rest[word] &= ~found[word]
                }
            }
        }
    }

    static func forEachBit(_ words: Words, _ body: (Int) -> Void) {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                body(index << 6 + word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}

// MARK: - Leaves

extension RowFilter {
    /// Ranges that kernels compare one after another; more are found by binary search for each row.
    private static let fewRanges = 8

    private func intersectIntegers(
        _ vectors: RowVectors, _ ranges: [ClosedRange<Int64>], _ words: Words, _ wanted: Bool, _ chunk: Int, _ rows: Int
    ) {
        if ranges.count > RowFilter.fewRanges {
            let values = vectors.wide(chunk, rows: rows)
            let isNull = { [zeroIsNull = vectors.zeroIsNull] (value: Int64) in zeroIsNull && value == 0 }
            return RowFilter.forEachBit(words) { row in
                let isIn = ranges.contains(sorted: values[row])
                if isIn != wanted || isNull(values[row]) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
            }
        }
        let values = vectors.chunk(chunk, rows: rows)
        RowFilter.intersect(words, wanted, ranges.count) { values.select(ranges[$0], rows, into: $1) }
        if vectors.zeroIsNull { RowFilter.intersect(words, false, 1) { values.select(0...0, rows, into: $1) } }
    }

    private func intersectNumbers(
        _ vectors: RowVectors, _ ranges: [ClosedRange<Double>], _ words: Words, _ wanted: Bool, _ chunk: Int,
        _ rows: Int
    ) {
        // Where few rows are left, only their numbers are computed.
        if ranges.count > RowFilter.fewRanges || Kernel.count(selected: UnsafeBufferPointer(words)) < rows / 16 {
            let number = vectors.number(chunk, rows: rows)
            return RowFilter.forEachBit(words) { row in
                let value = number(row)
                if value.isNaN || ranges.contains(sorted: value) != wanted {
                    words[row >> 6] &= ~(1 << UInt64(row & 63))
                }
            }
        }
        let values = vectors.numbers(chunk, rows)
        RowFilter.intersect(words, wanted, ranges.count) { Kernel.select(values, in: ranges[$0], into: $1) }
        // Where it is null it is not false.
        if !wanted {
            RowFilter.intersect(words, true, 1) { Kernel.select(values, in: -.infinity ... .infinity, into: $1) }
        }
    }

    private func intersectCodes(
        _ column: GroupColumn, _ set: CodeSet, _ scratch: ChunkScratch, _ words: Words, _ chunk: Int, _ rows: Int
    ) {
        let codes = column.codes(chunk, rows: rows, scratch: scratch)
        if let ranges = set.ranges {
            return RowFilter.intersect(words, true, ranges.count) { codes.select(ranges[$0], into: $1) }
        }
        RowFilter.forEachBit(words) { row in
            if !set.contains(codes[row]) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }
        }
    }

    /// Keeps the bits that any of `count` selections has (or, if not `wanted`, those that none has).
    private static func intersect(_ words: Words, _ wanted: Bool, _ count: Int, _ select: (Int, Words) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * words.count) { memory in
            memory.initialize(repeating: 0)
            let any = UnsafeMutableBufferPointer(rebasing: memory[..<words.count])
            let one = UnsafeMutableBufferPointer(rebasing: memory[words.count...])
            for number in 0..<count {
                select(number, one)
                for word in words.indices { any[word] |= one[word] }
            }
            for word in words.indices { words[word] &= wanted ? any[word] : ~any[word] }
        }
    }
}

extension [ClosedRange<Int64>] {
    /// Whether a value is in one of the ranges, which are disjoint and in ascending order.
    fileprivate func contains(sorted value: Int64) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].lowerBound <= value
    }
}

extension [ClosedRange<Double>] {
    fileprivate func contains(sorted value: Double) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].lowerBound <= value
    }
}

extension NumberChunk {
    /// Clears the bits of the values outside of a range.
    func intersect(_ words: UnsafeMutableBufferPointer<UInt64>, in range: ClosedRange<Int64>, _ rows: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words.count) { found in
            found.initialize(repeating: 0)
            select(range, rows, into: found)
            for word in words.indices { words[word] &= found[word] }
        }
    }

    subscript(row: Int) -> Int64 {
        switch self {
        case .zeros: 0
        case .bytes(let values): Int64(values[row])
        case .counts(let values): Int64(values[row])
        case .limits(let values): Int64(values[row])
        case .sums(let values): values[row]
        }
    }

    /// Sets the bits of the values in a range and clears the others.
    fileprivate func select(_ range: ClosedRange<Int64>, _ rows: Int, into words: UnsafeMutableBufferPointer<UInt64>) {
        switch self {
        case .zeros:
            words.update(repeating: range.contains(0) ? ~0 : 0)
            if rows & 63 != 0 { words[words.count - 1] &= (1 << UInt64(rows & 63)) - 1 }
        case .bytes(let values): Kernel.select(values, in: range, into: words)
        case .counts(let values): Kernel.select(values, in: range, into: words)
        case .limits(let values): Kernel.select(values, in: range, into: words)
        case .sums(let values): Kernel.select(values, in: range, into: words)
        }
    }
}

extension Kernel {
    /// The same for a range of wider numbers, clamped to what a value can be.
    fileprivate static func select<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>, in range: ClosedRange<Int64>,
        into words: UnsafeMutableBufferPointer<UInt64>
    ) {
        let low = Value(clamping: range.lowerBound)
        let high = Value(clamping: range.upperBound)
        guard Int64(low) <= range.upperBound && Int64(high) >= range.lowerBound else {
            return words.update(repeating: 0)
        }
        select(values, in: low...high, inverted: false, into: words)
    }
}

/// A set of codes: as ranges where they are few, which kernels compare, and as a table.
struct CodeSet {
    private let members: [Bool]
    /// Up to three ranges; nil: more.
    let ranges: [ClosedRange<UInt32>]?

    init(_ members: [Bool]) {
        self.members = members
        var ranges: [ClosedRange<UInt32>] = []
        var start: Int?
        for code in 0...members.count {
            let isMember = code < members.count && members[code]
            if isMember && start == nil { start = code }
            // Safe: codes are below 2^24.
            if !isMember, let first = start {
                ranges.append(UInt32(first)...UInt32(code - 1))
                start = nil
            }
            if ranges.count > 3 { break }
        }
        self.ranges = ranges.count > 3 ? nil : ranges
    }

    func contains(_ code: UInt32) -> Bool { members[Int(code)] }
}
