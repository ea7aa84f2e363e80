// A filter as a tree of tests that kernels evaluate, 64 rows per word of bits.
//
// Truth has three values: a test selects the rows where it is true, or those where it is false; a row where it is
// unknown (a null took part) is in neither. NOT requests the other value from its operand, so only the leaves need to
// know of nulls.

import Columnar

indirect enum RowTest {
    /// Whole numbers in one of the ranges; unknown where they are null.
    case integers(RowOperand, [ClosedRange<Int64>])
    /// Numbers in one of the ranges; unknown where they are null.
    case numbers(RowOperand, [ClosedRange<Double>])
    /// Truth by code; nil: unknown.
    case codes(GroupColumn, [Bool?])
    /// A set of rows, determined by stored fields.
    case rows(FoundRows)
    /// Any condition, evaluated row by row, and what it depends on.
    case rowByRow((Int) -> Bool?, Set<Dependency>)
    case not(RowTest)
    case and([RowTest])
    case or([RowTest])

    /// Time per row, in about tenths of a nanosecond: the cheaper side of an AND or OR is evaluated first.
    var cost: Int {
        switch self {
        case .rows: 1
        case .codes: 2
        case .integers(let operand, _): if case .integers(let sum) = operand { 3 * sum.terms.count } else { 6 }
        case .numbers: 12
        case .rowByRow: 2_000
        case .not(let inner): inner.cost
        case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.cost }
        }
    }
}

/// A set of rows that is looked for when a chunk is first asked about: what is cached of earlier queries needs none.
final class FoundRows {
    private let find: () -> Bitmap
    /// What they depend on, besides stored fields.
    let dependencies: Set<Dependency>
    private(set) lazy var rows = find()

    init(_ dependencies: Set<Dependency> = [], _ find: @escaping () -> Bitmap) {
        (self.dependencies, self.find) = (dependencies, find)
    }
}
