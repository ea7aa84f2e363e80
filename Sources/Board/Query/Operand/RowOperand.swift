// A number per row, as data: what filters compare, sorts order by and aggregates add up.

import Columnar

/// How a number is computed from columns.
enum RowOperand: Hashable {
    /// Whole numbers, money, times, booleans: never null.
    case integers(NumberSum)
    /// A column of times whose 0 is null.
    case times(NumberSource)
    /// `scale * numerator / denominator`; null where the denominator is 0.
    case ratio(numerator: NumberSum, denominator: NumberSum, scale: Double)
    /// `sum / divisor`.
    case amount(NumberSum, divisor: Double)
}

/// An operand with its columns, read by chunk.
struct RowVectors {
    private let operand: RowOperand
    private let sums: [NumberSumColumn]
    private let scratch = ChunkScratch()
    private let widened = [ChunkScratch(), ChunkScratch()]
    private let nulls = ChunkScratch()

    init(_ operand: RowOperand, _ columns: (NumberSource) -> NumberColumn) {
        self.operand = operand
        sums =
            switch operand {
            case .integers(let sum), .amount(let sum, _): [NumberSumColumn(sum, columns)]
            case .times(let source): [NumberSumColumn(NumberSum(source), columns)]
            case .ratio(let numerator, let denominator, _):
                [NumberSumColumn(numerator, columns), NumberSumColumn(denominator, columns)]
            }
    }

    var isNumber: Bool {
        switch operand {
        case .integers, .times: false
        case .ratio, .amount: true
        }
    }

    /// Whole numbers of a chunk at the width they are stored in; 0 where a time is null. Not for numbers.
    func chunk(_ chunk: Int, rows: Int) -> NumberChunk { sums[0].chunk(chunk, rows: rows) }

    var zeroIsNull: Bool { if case .times = operand { true } else { false } }

    /// The values of a chunk, valid until the next call and as long as this lives.
    func vector(_ chunk: Int, rows: Int) -> RowVector {
        switch operand {
        case .integers: .integers(wide(0, chunk, rows), nulls: nil)
        case .times: times(chunk, rows)
        case .ratio, .amount: .numbers(numbers(chunk, rows))
        }
    }

    /// The ratios or amounts of a chunk, NaN where null.
    func numbers(_ chunk: Int, _ rows: Int) -> UnsafeBufferPointer<Double> {
        let results = scratch.numbers(rows)
        switch operand {
        case .ratio(_, _, let scale):
            switch (sums[0].chunk(chunk, rows: rows), sums[1].chunk(chunk, rows: rows)) {
            case (.counts(let numerators), .counts(let denominators)):
                Kernel.ratio(numerators, denominators, scale: scale, into: results)
            case (.sums(let numerators), .counts(let denominators)):
                Kernel.ratio(numerators, denominators, scale: scale, into: results)
            case (_, .zeros): results.update(repeating: .nan)
            default: Kernel.ratio(wide(0, chunk, rows), wide(1, chunk, rows), scale: scale, into: results)
            }
        case .amount(_, let divisor):
            let values = wide(0, chunk, rows)
            for row in values.indices { results[row] = Double(values[row]) / divisor }
        case .integers, .times: preconditionFailure("whole numbers are read as such")
        }
        return UnsafeBufferPointer(results)
    }

    /// Returns the ratio or amount of a row of a chunk, NaN where null. Valid until the next call.
    func number(_ chunk: Int, rows: Int) -> (Int) -> Double {
        let first = sums[0].chunk(chunk, rows: rows)
        switch operand {
        case .ratio(_, _, let scale):
            let second = sums[1].chunk(chunk, rows: rows)
            return { row in
                let divisor = Double(second[row])
                return divisor == 0 ? .nan : scale * Double(first[row]) / divisor
            }
        case .amount(_, let divisor): return { Double(first[$0]) / divisor }
        case .integers, .times: preconditionFailure("whole numbers are read as such")
        }
    }

    /// The whole number of one row, 0 where a time is null. Not for ratios and amounts.
    func integer(row: Int) -> Int64 { sums[0][row] }

    /// The ratio or amount of one row, NaN where null: the same value as in `numbers`.
    func number(row: Int) -> Double {
        switch operand {
        case .ratio(_, _, let scale):
            let divisor = Double(sums[1][row])
            return divisor == 0 ? .nan : scale * Double(sums[0][row]) / divisor
        case .amount(_, let divisor): return Double(sums[0][row]) / divisor
        case .integers, .times: preconditionFailure("whole numbers are read as such")
        }
    }

    /// The whole numbers of a chunk, 0 where a time is null. Not for ratios and amounts. Valid until the next call.
    func wide(_ chunk: Int, rows: Int) -> UnsafeBufferPointer<Int64> { wide(0, chunk, rows) }

    private func times(_ chunk: Int, _ rows: Int) -> RowVector {
        let values = wide(0, chunk, rows)
        // Safe: as many words as a chunk's rows need are far fewer than the scratch has.
        let words = UnsafeMutableRawBufferPointer(nulls.integers((rows + 63) >> 6)).bindMemory(to: UInt64.self)
        Kernel.select(values, in: 0...0, into: words)
        return .integers(values, nulls: UnsafeBufferPointer(words))
    }

    private func wide(_ sum: Int, _ chunk: Int, _ rows: Int) -> UnsafeBufferPointer<Int64> {
        let result = widened[sum].integers(rows)
        switch sums[sum].chunk(chunk, rows: rows) {
        case .sums(let values): return values
        case .zeros: return UnsafeBufferPointer(rebasing: ChunkScratch.zeros[..<rows])
        case .bytes(let values):
            result.update(repeating: 0)
            Kernel.add(values, times: 1, into: result)
        case .counts(let values):
            result.update(repeating: 0)
            Kernel.add(values, times: 1, into: result)
        case .limits(let values):
            result.update(repeating: 0)
            Kernel.add(values, times: 1, into: result)
        }
        return UnsafeBufferPointer(result)
    }
}
