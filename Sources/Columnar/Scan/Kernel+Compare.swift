import KernelsAVX2
import KernelsBaseline

public enum Comparison: Sendable, CaseIterable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
}

extension Kernel {
    /// Sets the bits of the values for which the comparison with `constant` holds and clears all others, including
    /// those beyond the last value.
    public static func compare<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>, _ comparison: Comparison, _ constant: Value,
        into words: UnsafeMutableBufferPointer<UInt64>
    ) {
        // Values below a constant are the complement of those at least as large, and so on: no range here can be empty.
        switch comparison {
        case .equal: select(values, in: constant...constant, inverted: false, into: words)
        case .notEqual: select(values, in: constant...constant, inverted: true, into: words)
        case .less: select(values, in: constant...(.max), inverted: true, into: words)
        case .greaterOrEqual: select(values, in: constant...(.max), inverted: false, into: words)
        case .lessOrEqual: select(values, in: .min...constant, inverted: false, into: words)
        case .greater: select(values, in: .min...constant, inverted: true, into: words)
        }
    }

    /// Sets the bits of the values in `range` (or, if `inverted`, of those outside) and clears all others, including
    /// those beyond the last value.
    public static func select<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>, in range: ClosedRange<Value>, inverted: Bool = false,
        into words: UnsafeMutableBufferPointer<UInt64>
    ) {
        let low = range.lowerBound
        let high = range.upperBound
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.selectRange(values, low: low, high: high, inverted: inverted, into: words)
        case .avx2: KernelsAVX2.selectRange(values, low: low, high: high, inverted: inverted, into: words)
        }
    }
}
