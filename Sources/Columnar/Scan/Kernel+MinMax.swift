import KernelsAVX2
import KernelsBaseline

extension Kernel {
    /// The smallest and the largest value; nil of none.
    public static func minMax<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>
    ) -> (min: Value, max: Value)? {
        if values.isEmpty { return nil }
        switch InstructionSet.chosen {
        case .baseline: return KernelsBaseline.minMax(values)
        case .avx2: return KernelsAVX2.minMax(values)
        }
    }

    /// The smallest and the largest of the values whose bit is set; nil of none.
    public static func minMax<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>, selected words: UnsafeBufferPointer<UInt64>
    ) -> (min: Value, max: Value)? {
        let range =
            switch InstructionSet.chosen {
            case .baseline: KernelsBaseline.minMax(values, selected: words)
            case .avx2: KernelsAVX2.minMax(values, selected: words)
            }
        return range.min <= range.max ? range : nil
    }

    /// The same of Doubles, of which NaN is none.
    public static func minMax(
        _ values: UnsafeBufferPointer<Double>, selected words: UnsafeBufferPointer<UInt64>
    ) -> (min: Double, max: Double)? {
        let range =
            switch InstructionSet.chosen {
            case .baseline: KernelsBaseline.minMax(values, selected: words)
            case .avx2: KernelsAVX2.minMax(values, selected: words)
            }
        return range.min <= range.max ? range : nil
    }
}
