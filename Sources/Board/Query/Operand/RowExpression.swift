// A row expression as a vector over a chunk's rows: a column or ratio by kernels, anything else row by row.

import Columnar

final class RowExpression {
    private let expression: Expression
    private let vectors: RowVectors?
    private let cell: (BoardColumn, Int) -> Cell
    private let values = ChunkScratch()
    private let nulls = ChunkScratch()
    /// The chunk whose rows are in `values`.
    private var current = -1

    init(
        _ expression: Expression, cell: @escaping (BoardColumn, Int) -> Cell, _ columns: (NumberSource) -> NumberColumn
    ) {
        self.expression = expression
        self.cell = cell
        if case .column(let column) = expression.node, let operand = RowOperand(column) {
            vectors = RowVectors(operand, columns)
        } else {
            vectors = nil
        }
    }

    /// Whether its values are not whole numbers.
    var isNumber: Bool { vectors?.isNumber ?? (expression.kind == .number) }

    /// The values of a chunk's selected rows (nil: all rows); valid until the next chunk.
    func vector(_ chunk: Int, rows: Int, selected: UnsafeBufferPointer<UInt64>?) -> RowVector {
        if let vectors { return vectors.vector(chunk, rows: rows) }
        let words = nulls.words((rows + 63) >> 6)
        if chunk != current {
            current = chunk
            words.update(repeating: 0)
            for row in 0..<rows where selected?.has(row) ?? true {
                evaluate(row, chunk * ChunkSize.rows + row, words)
            }
        }
        return expression.kind == .number
            ? .numbers(UnsafeBufferPointer(values.numbers(rows)))
            : .integers(UnsafeBufferPointer(values.integers(rows)), nulls: UnsafeBufferPointer(words))
    }

    private func evaluate(_ index: Int, _ row: Int, _ nulls: UnsafeMutableBufferPointer<UInt64>) {
        let cell = expression.value { self.cell($0, row) }
        if expression.kind == .number {
            // Safe: `index` is below a chunk's rows, which is what the scratch holds; slicing checks it.
            values.numbers(index + 1)[index] = cell.real ?? .nan
            return
        }
        var value: Int64 = 0
        switch cell {
        case .integer(let number), .money(let number), .time(let number): value = number
        case .boolean(let truth): value = truth ? 1 : 0
        case .null: nulls[index >> 6] |= 1 << UInt64(index & 63)
        // These are only counted.
        case .number, .text, .texts: break
        }
        values.integers(index + 1)[index] = value
    }
}

extension UnsafeBufferPointer<UInt64> {
    fileprivate func has(_ row: Int) -> Bool { self[row >> 6] & (1 << UInt64(row & 63)) != 0 }
}
