import KernelsAVX2
import KernelsBaseline

extension Kernel {
    /// The sum, widened to 64 bits. It wraps, so it is exact whenever the true sum fits Int64: always with values of at
    /// most 32 bits, and with a chunk of 8,192 values below 2^50.
    public static func sum<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>
    ) -> Int64 {
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.sum(values)
        case .avx2: KernelsAVX2.sum(values)
        }
    }

    /// The sum of the values whose bit is set, with the same bound.
    public static func sum<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: UnsafeBufferPointer<Value>, selected words: UnsafeBufferPointer<UInt64>
    ) -> Int64 {
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.sum(values, selected: words)
        case .avx2: KernelsAVX2.sum(values, selected: words)
        }
    }

    /// Number of bits set. Not compiled by instruction set: a chunk has only 128 words.
    public static func count(selected words: UnsafeBufferPointer<UInt64>) -> Int {
        var count = 0
        for word in words { count += word.nonzeroBitCount }
        return count
    }
}
