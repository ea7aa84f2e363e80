import Columnar
import KernelsBaseline
import Randomness
import Testing

/// Every kernel against the loop anybody would write, over lengths around the vectors' and the words' borders.
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
        // Lanes of the widest vectors, 32 octets.
        let lanes = 32 / MemoryLayout<Value>.size
        let lengths = Array(0...3 * lanes + 1) + [127, 128, 129, 200, 1_000]
        for length in lengths {
            let values = random.values(length, of: type)
            let selection = Selection(length, &random)
            checkCompare(values, &random)
            checkSum(values, selection)
            checkMinMax(values)
            checkSumByCode(values, UInt8.self, selection, &random)
            checkSumByCode(values, UInt16.self, selection, &random)
            checkSumByCode(values, UInt32.self, selection, &random)
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

    private func checkSumByCode<
        Value: FixedWidthInteger & BitwiseCopyable & Sendable,
        Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable
    >(_ values: [Value], _ code: Code.Type, _ selection: Selection, _ random: inout SeededGenerator) {
        let domain = Int.random(in: 1...256, using: &random)
        let codes = values.map { _ in Code(Int.random(in: 0..<domain, using: &random)) }
        let others = (0..<3).map { _ in values.shuffled(using: &random) }
        for masked in [false, true] {
            var expected = [Int64](repeating: 5, count: 4 * domain)
            var counts = [Int64](repeating: 7, count: domain)
            for row in values.indices where !masked || selection.rows[row] {
                let first = 4 * Int(codes[row])
                expected[first] &+= Int64(truncatingIfNeeded: values[row])
                for measure in 0..<3 {
                    expected[first + 1 + measure] &+= Int64(truncatingIfNeeded: others[measure][row])
                }
                counts[Int(codes[row])] += 1
            }
            var sums = [Int64](repeating: 5, count: domain)
            var four = [Int64](repeating: 5, count: 4 * domain)
            var counted = [Int64](repeating: 7, count: domain)
            let words = masked ? selection.words : nil
            lend(values, codes, words) { values, codes, words in
                sums.withUnsafeMutableBufferPointer {
                    Kernel.sumByCode(values, codes: codes, selected: words, into: $0)
                }
                counted.withUnsafeMutableBufferPointer { Kernel.countByCode(codes, selected: words, into: $0) }
                lend(others[0], others[1], nil) { second, third, _ in
                    others[2].withUnsafeBufferPointer { fourth in
                        four.withUnsafeMutableBufferPointer {
                            Kernel.sumByCode(
                                values, second, third, fourth, codes: codes, selected: words, into: $0)
                        }
                    }
                }
            }
            #expect(sums == (0..<domain).map { expected[4 * $0] })
            #expect(four == expected)
            #expect(counted == counts)
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

    private func lend<A, B>(
        _ a: [A], _ b: [B], _ words: [UInt64]?,
        _ body: (UnsafeBufferPointer<A>, UnsafeBufferPointer<B>, UnsafeBufferPointer<UInt64>?) -> Void
    ) {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                guard let words else { return body(a, b, nil) }
                words.withUnsafeBufferPointer { body(a, b, $0) }
            }
        }
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
