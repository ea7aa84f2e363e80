import Columnar
import KernelsBaseline
import Randomness
import Testing

/// Every kernel against the obvious loop, over lengths around the vectors' and the words' borders.
@Suite struct KernelTests {
    @Test(arguments: seeds)
    func everyWidth(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        check(Int8.self, &random)
        check(Int16.self, &random)
        check(Int32.self, &random)
        check(Int64.self, &random)
        check(UInt8.self, &random)
        check(UInt16.self, &random)
        check(UInt32.self, &random)
        check(UInt64.self, &random)
    }

    private func check<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ type: Value.Type, _ random: inout SeededGenerator
    ) {
        // Lanes of the widest vectors, 32 bytes.
        let lanes = 32 / MemoryLayout<Value>.size
        let lengths = Array(0...3 * lanes + 1) + [127, 128, 129, 200, 1_000]
        for length in lengths {
            let values = random.values(length, of: type)
            let selection = Selection(length, &random)
            checkCompare(values, &random)
            checkSum(values, selection)
            checkMinMax(values)
        }
    }

    private func checkCompare<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: [Value], _ random: inout SeededGenerator
    ) {
        let constant =
            Bool.random(using: &random) ? values.randomElement(using: &random) ?? 0 : random.value(of: Value.self)
        for comparison in Comparison.allCases {
            let expected = values.map { value in
                switch comparison {
                case .equal: value == constant
                case .notEqual: value != constant
                case .less: value < constant
                case .lessOrEqual: value <= constant
                case .greater: value > constant
                case .greaterOrEqual: value >= constant
                }
            }
            #expect(bits(values) { Kernel.compare($0, comparison, constant, into: $1) } == Selection(expected).words)
        }
        let other = random.value(of: Value.self)
        let low = min(constant, other)
        let high = max(constant, other)
        for inverted in [false, true] {
            let expected = Selection(values.map { ($0 >= low && $0 <= high) != inverted }).words
            #expect(bits(values) { Kernel.select($0, in: low...high, inverted: inverted, into: $1) } == expected)
            #expect(
                bits(values) {
                    KernelsBaseline.selectRange($0, low: low, high: high, inverted: inverted, into: $1)
                } == expected)
        }
    }

    private func checkSum<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: [Value], _ selection: Selection
    ) {
        var all: Int64 = 0
        var some: Int64 = 0
        for (row, value) in values.enumerated() {
            all &+= Int64(truncatingIfNeeded: value)
            if selection.rows[row] { some &+= Int64(truncatingIfNeeded: value) }
        }
        values.withUnsafeBufferPointer { values in
            selection.words.withUnsafeBufferPointer { words in
                #expect(Kernel.sum(values) == all)
                #expect(KernelsBaseline.sum(values) == all)
                #expect(Kernel.sum(values, selected: words) == some)
                #expect(KernelsBaseline.sum(values, selected: words) == some)
                #expect(Kernel.count(selected: words) == selection.rows.count { $0 })
            }
        }
    }

    private func checkMinMax<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(_ values: [Value]) {
        values.withUnsafeBufferPointer { buffer in
            #expect(Kernel.minMax(buffer)?.min == values.min())
            #expect(Kernel.minMax(buffer)?.max == values.max())
            #expect(KernelsBaseline.minMax(buffer).min == values.min() ?? .max)
            #expect(KernelsBaseline.minMax(buffer).max == values.max() ?? .min)
        }
    }

    /// The largest sums of a chunk: no lane may be narrower than the sum.
    @Test func extremesAddUp() {
        let rows = 8_192
        func sum<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(of value: Value) -> Int64 {
            [Value](repeating: value, count: rows).withUnsafeBufferPointer { Kernel.sum($0) }
        }
        #expect(sum(of: Int8.min) == -128 * 8_192)
        #expect(sum(of: UInt8.max) == 255 * 8_192)
        #expect(sum(of: Int16.min) == -32_768 * 8_192)
        #expect(sum(of: UInt16.max) == 65_535 * 8_192)
        #expect(sum(of: Int32.min) == -2_147_483_648 * 8_192)
        #expect(sum(of: UInt32.max) == 4_294_967_295 * 8_192)
        #expect(sum(of: Int64(1) << 50 - 1) == (Int64(1) << 50 - 1) * 8_192)
    }

    private func bits<Value>(
        _ values: [Value], _ kernel: (UnsafeBufferPointer<Value>, UnsafeMutableBufferPointer<UInt64>) -> Void
    ) -> [UInt64] {
        // Filled with ones: what a kernel leaves over shows.
        var words = [UInt64](repeating: ~0, count: (values.count + 63) / 64)
        values.withUnsafeBufferPointer { values in words.withUnsafeMutableBufferPointer { kernel(values, $0) } }
        return words
    }
}

/// A selection as flags and as words.
struct Selection {
    var rows: [Bool]

    init(_ rows: [Bool]) { self.rows = rows }

    /// Of random density; one in four selects nothing or everything.
    init(_ length: Int, _ random: inout SeededGenerator) {
        let density = Int.random(in: -2...12, using: &random)
        rows = (0..<length).map { _ in Int.random(in: 0..<10, using: &random) < density }
    }

    var words: [UInt64] {
        var words = [UInt64](repeating: 0, count: (rows.count + 63) / 64)
        for row in rows.indices where rows[row] { words[row / 64] |= 1 << UInt64(row % 64) }
        return words
    }
}
