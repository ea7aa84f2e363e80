import KernelsAVX2
import KernelsBaseline

extension Kernel {
    /// Sets the bits of the values in `low...high` and clears all others; NaN, which stands for null, is in no range.
    public static func select(
        _ values: UnsafeBufferPointer<Double>, in range: ClosedRange<Double>,
        into words: UnsafeMutableBufferPointer<UInt64>
    ) {
        let low = range.lowerBound
        let high = range.upperBound
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.selectNumbers(values, low: low, high: high, into: words)
        case .avx2: KernelsAVX2.selectNumbers(values, low: low, high: high, into: words)
        }
    }

    /// `scale * numerator / denominator` of each row, computed and rounded as Doubles; NaN where the denominator is 0.
    public static func ratio<
        Numerator: FixedWidthInteger & BitwiseCopyable & Sendable,
        Denominator: FixedWidthInteger & BitwiseCopyable & Sendable
    >(
        _ numerators: UnsafeBufferPointer<Numerator>, _ denominators: UnsafeBufferPointer<Denominator>, scale: Double,
        into results: UnsafeMutableBufferPointer<Double>
    ) {
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.ratio(numerators, denominators, scale: scale, into: results)
        case .avx2: KernelsAVX2.ratio(numerators, denominators, scale: scale, into: results)
        }
    }

    /// `results[i] += values[i] * factor`, modulo the width of the results.
    public static func add<
        Value: FixedWidthInteger & BitwiseCopyable & Sendable, Result: FixedWidthInteger & BitwiseCopyable & Sendable
    >(
        _ values: UnsafeBufferPointer<Value>, times factor: Result, into results: UnsafeMutableBufferPointer<Result>
    ) {
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.addMultiple(values, by: factor, into: results)
        case .avx2: KernelsAVX2.addMultiple(values, by: factor, into: results)
        }
    }

    /// Copies codes, replacing `code` where the row's flag is above 0.
    public static func replace(
        _ codes: UnsafeBufferPointer<UInt8>, _ code: UInt8, by replacement: UInt8,
        where flags: UnsafeBufferPointer<Int32>, into results: UnsafeMutableBufferPointer<UInt8>
    ) {
        switch InstructionSet.chosen {
        case .baseline: KernelsBaseline.replaceCode(codes, code, by: replacement, where: flags, into: results)
        case .avx2: KernelsAVX2.replaceCode(codes, code, by: replacement, where: flags, into: results)
        }
    }
}
