import Columnar
import Randomness
import Testing

/// Kernels over real numbers against the obvious loop.
@Suite struct NumberKernelTests {
    private static let lengths = Array(0...9) + [63, 64, 65, 127, 128, 129, 1_000]

    private func number(_ random: inout SeededGenerator) -> Double {
        [0, -0.0, 1, -1, 40, 99.9999, .nan, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude]
            .randomElement(using: &random) ?? 0
    }

    @Test(arguments: seeds)
    func selectsRanges(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in NumberKernelTests.lengths {
            let values = (0..<length).map { _ in number(&random) }
            let bounds = [number(&random), number(&random)].map { $0.isNaN ? 0 : $0 }.sorted()
            var words = [UInt64](repeating: ~0, count: (length + 63) / 64)
            values.withUnsafeBufferPointer { values in
                words.withUnsafeMutableBufferPointer { Kernel.select(values, in: bounds[0]...bounds[1], into: $0) }
            }
            for bit in 0..<words.count * 64 {
                let expected = bit < length && values[bit] >= bounds[0] && values[bit] <= bounds[1]
                #expect(words[bit / 64] >> UInt64(bit % 64) & 1 == (expected ? 1 : 0))
            }
        }
    }

    @Test(arguments: seeds)
    func ratiosAreTheExpressionItself(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in NumberKernelTests.lengths {
            check(random.values(length, of: Int32.self), random.values(length, of: Int32.self))
            check(random.values(length, of: Int64.self), random.values(length, of: Int32.self))
            check(random.values(length, of: Int64.self), random.values(length, of: Int64.self))
        }
    }

    private func check<
        N: FixedWidthInteger & BitwiseCopyable & Sendable, D: FixedWidthInteger & BitwiseCopyable & Sendable
    >(
        _ numerators: [N], _ denominators: [D]
    ) {
        for scale in [100, 1, 0.001] {
            var results = [Double](repeating: 7, count: numerators.count)
            numerators.withUnsafeBufferPointer { numerators in
                denominators.withUnsafeBufferPointer { denominators in
                    results.withUnsafeMutableBufferPointer {
                        Kernel.ratio(numerators, denominators, scale: scale, into: $0)
                    }
                }
            }
            for (index, result) in results.enumerated() {
                let expected = scale * Double(numerators[index]) / Double(denominators[index])
                #expect(denominators[index] == 0 ? result.isNaN : result == expected)
            }
        }
    }

    @Test(arguments: seeds)
    func multiplesAreAdded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in NumberKernelTests.lengths {
            let values = random.values(length, of: UInt16.self)
            let start = random.values(length, of: UInt32.self)
            for factor: UInt32 in [1, 7, .max] {
                var results = start
                values.withUnsafeBufferPointer { values in
                    results.withUnsafeMutableBufferPointer { Kernel.add(values, times: factor, into: $0) }
                }
                #expect(results == zip(start, values).map { $0 &+ UInt32($1) &* factor })
            }
        }
    }

    @Test(arguments: seeds)
    func codesAreReplaced(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in NumberKernelTests.lengths {
            let codes = (0..<length).map { _ in UInt8.random(in: 0...2, using: &random) }
            let flags = (0..<length).map { _ in Int32.random(in: -1...1, using: &random) }
            var results = [UInt8](repeating: 9, count: length)
            codes.withUnsafeBufferPointer { codes in
                flags.withUnsafeBufferPointer { flags in
                    results.withUnsafeMutableBufferPointer { Kernel.replace(codes, 1, by: 5, where: flags, into: $0) }
                }
            }
            #expect(results == zip(codes, flags).map { $0 == 1 && $1 > 0 ? 5 : $0 })
        }
    }
}
