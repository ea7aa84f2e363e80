import KernelsAVX2
import KernelsBaseline

extension Kernel {
    /// The smallest and the largest value; nil if there are no values.
    public static func minMax<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>
    ) -> (min: Value, max: Value)? {
        if values.isEmpty { return nil }
        switch InstructionSet.chosen {
        case .baseline: return KernelsBaseline.minMax(values)
        case .avx2: return KernelsAVX2.minMax(values)
        }
    }
}
