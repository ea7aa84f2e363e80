// Which cell of the tables a row's values are added to.
//
// The cell is the row's codes as one number in a mixed radix, first column highest: with a country of 200, a currency
// of 20 and a status of 6 there are 24,000 cells. Where that would be too many (a cell costs memory even if it has no
// customers), the rows' numbers are looked up in a hash table first and only those that occur get a cell.

import Columnar

struct GroupIndex {
    let columns: [GroupColumn]
    /// Number of cells; 1 without columns.
    let cells: Int
    /// Cell -> mixed-radix number, where only those that occur have a cell.
    private let numbers: GroupNumbers?
    /// Row -> cell, where only numbers that occur have a cell.
    private let cellByRow: Column<UInt32>?
    private let radices: [UInt64]

    /// - Parameter limit: most cells.
    /// - Throws: when more occur.
    init(_ columns: [GroupColumn], rows: Int, limit: Int) throws(QueryError) {
        self.columns = columns
        radices = columns.map { UInt64(max(1, $0.domain)) }
        if let product = GroupIndex.product(radices), product <= UInt64(max(4_096, min(limit, 4 * rows))) {
            cells = Int(product)
            numbers = nil
            cellByRow = nil
            return
        }
        guard GroupIndex.product(radices) != nil else {
            throw QueryError("the columns to group by have too many different values together; leave one out")
        }
        var numbers = GroupNumbers(limit: limit)
        var cellByRow = Column<UInt32>()
        cellByRow.grow(to: rows)
        for chunk in 0..<cellByRow.chunkCount {
            guard GroupIndex.number(columns, radices, chunk, &numbers, &cellByRow) else {
                throw QueryError(
                    "the answer would have more than \(limit) groups; group by fewer columns or filter with where")
            }
        }
        cells = numbers.count
        self.numbers = numbers
        self.cellByRow = cellByRow
    }

    /// Whether every number is its own cell.
    var isDirect: Bool { numbers == nil }

    /// The cell that a row would have with this number of live calls. Requires `isDirect`.
    func cell(row: Int, live: Int32) -> Int {
        var cell = 0
        // Safe: the product of all domains is the number of cells, an Int.
        for column in columns.indices {
            cell = cell &* Int(truncatingIfNeeded: radices[column]) &+ Int(columns[column].code(row, live: live))
        }
        return cell
    }

    /// Customers per cell; the Active or Dialing twin of an occupied cell counts as occupied, so a tree built from it
    /// survives calls that start and end. Where every number has a cell.
    func withTwins(_ customers: [Int64]) -> [Int64] {
        guard let column = columns.firstIndex(where: \.dependsOnLiveCalls) else { return customers }
        var result = customers
        let stride = radices[(column + 1)...].reduce(1) { $0 * Int($1) }
        let width = stride * Int(radices[column])
        for first in Swift.stride(from: 0, to: cells, by: width) {
            let active = first + Int(CustomerTable.activeCode) * stride
            let dialing = first + Int(CustomerTable.dialingCode) * stride
            for place in 0..<stride where customers[active + place] > 0 || customers[dialing + place] > 0 {
                result[active + place] = max(1, customers[active + place])
                result[dialing + place] = max(1, customers[dialing + place])
            }
        }
        return result
    }

    /// The codes of some cells in ascending order: column c of the e-th cell is at `e * columns.count + c`.
    func codes(ofCells cells: [Int32]) -> [Int32] {
        let width = columns.count
        var result = [Int32](repeating: 0, count: cells.count * width)
        for (entry, cell) in cells.enumerated() {
            var rest = number(ofCell: Int(cell))
            for column in radices.indices.reversed() {
                let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: radices[column])
                // Safe: codes are below 2^24.
                result[entry * width + column] = Int32(truncatingIfNeeded: remainder)
                rest = quotient
            }
        }
        return result
    }

    /// One column's code of a mixed-radix number.
    func code(_ column: Int, of number: UInt64) -> Int {
        var rest = number
        for radix in radices[(column + 1)...] { rest /= radix }
        // Safe: below a domain, which is an Int.
        return Int(truncatingIfNeeded: rest % radices[column])
    }

    /// The mixed-radix number of a cell.
    func number(ofCell cell: Int) -> UInt64 { numbers?.keys[cell] ?? UInt64(cell) }

    /// The cell of a mixed-radix number; nil where only numbers that occur have one and this one did not.
    func cell(ofNumber number: UInt64) -> Int? {
        guard let numbers else { return Int(exactly: number) }
        return numbers.existingNumber(of: number).map(Int.init)
    }

    /// Writes the cells of a chunk's rows; `index` has one element per row. Does nothing with one cell.
    func fill(_ index: UnsafeMutableBufferPointer<UInt32>, chunk: Int, scratch: ChunkScratch) {
        if let cellByRow {
            _ = index.update(fromContentsOf: cellByRow.unsafeChunk(chunk))
            return
        }
        index.update(repeating: 0)
        // Safe: `cells` is at most the limit, below 2^32, and strides divide it.
        var stride: UInt32 = 1
        for (column, radix) in zip(columns, radices).reversed() {
            column.add(times: stride, chunk: chunk, scratch: scratch, to: index)
            stride &*= UInt32(truncatingIfNeeded: radix)
        }
    }

    private static func product(_ radices: [UInt64]) -> UInt64? {
        var product: UInt64 = 1
        for radix in radices {
            let (next, overflow) = product.multipliedReportingOverflow(by: radix)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// Assigns every row of a chunk the cell of its mixed-radix number; false when there are too many.
    private static func number(
        _ columns: [GroupColumn], _ radices: [UInt64], _ chunk: Int, _ numbers: inout GroupNumbers,
        _ cells: inout Column<UInt32>
    ) -> Bool {
        let rows = cells.rows(inChunk: chunk).count
        var keys = [UInt64](repeating: 0, count: rows)
        var codes = [UInt32](repeating: 0, count: rows)
        let scratch = ChunkScratch()
        for (column, radix) in zip(columns, radices) {
            codes.withUnsafeMutableBufferPointer { codes in
                codes.update(repeating: 0)
                column.add(times: 1, chunk: chunk, scratch: scratch, to: codes)
            }
            for row in 0..<rows { keys[row] = keys[row] &* radix &+ UInt64(codes[row]) }
        }
        return cells.withMutableChunk(chunk) { cells in
            for row in 0..<rows {
                guard let cell = numbers.number(of: keys[row]) else { return false }
                cells[row] = cell
            }
            return true
        }
    }
}
