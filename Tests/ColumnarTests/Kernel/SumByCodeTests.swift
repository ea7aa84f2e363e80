import Columnar
import KernelsBaseline
import Randomness
import Testing

/// Sums by code against a loop over the rows: tables small enough to be taken four times and larger ones, every rest of
/// rows that fill no vector, all rows and some of them.
@Suite struct SumByCodeTests {
    @Test(arguments: seeds)
    func sumsAreThoseOfALoop(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in Array(0...9) + [255, 256, 257, 1_000, 1_003] {
            for domain in [1, 2, 64, 65, 128, 129, 3_000] {
                let codes = (0..<length).map { _ in UInt32(Int.random(in: 0..<domain, using: &random)) }
                let selection = Selection(length, &random)
                checkFour(codes, domain, selection, &random)
                checkTwo(codes, domain, selection, &random)
            }
        }
    }

    private func checkFour(
        _ codes: [UInt32], _ domain: Int, _ selection: Selection, _ random: inout SeededGenerator
    ) {
        let measures = (0..<4).map { _ in random.values(codes.count, of: Int32.self) }
        for words in [nil, selection.words] {
            let wanted = expected(measures, codes, domain, words == nil ? nil : selection)
            var sums = [[Int64]](repeating: Array(repeating: 5, count: 4 * domain), count: 2)
            lend(measures, codes, words) { values, codes, words in
                sums[0].withUnsafeMutableBufferPointer {
                    Kernel.sumByCode(
                        values[0], values[1], values[2], values[3], codes: codes, selected: words, into: $0)
                }
                sums[1].withUnsafeMutableBufferPointer {
                    KernelsBaseline.sumByCode(values[0], values[1], values[2], values[3], codes: codes, into: $0)
                }
            }
            #expect(sums[0] == wanted)
            if words == nil { #expect(sums[1] == wanted) }
        }
    }

    private func checkTwo(
        _ codes: [UInt32], _ domain: Int, _ selection: Selection, _ random: inout SeededGenerator
    ) {
        let measures = (0..<2).map { _ in random.values(codes.count, of: Int64.self) }
        for words in [nil, selection.words] {
            let wanted = expected(measures, codes, domain, words == nil ? nil : selection)
            var sums = [[Int64]](repeating: Array(repeating: 5, count: 2 * domain), count: 2)
            lend(measures, codes, words) { values, codes, words in
                sums[0].withUnsafeMutableBufferPointer {
                    Kernel.sumByCode(values[0], values[1], codes: codes, selected: words, into: $0)
                }
                sums[1].withUnsafeMutableBufferPointer {
                    KernelsBaseline.sumByCode(values[0], values[1], codes: codes, into: $0)
                }
            }
            #expect(sums[0] == wanted)
            if words == nil { #expect(sums[1] == wanted) }
        }
    }

    /// Measure m of code c at `measures.count * c + m`; every sum begins at 5.
    private func expected<Value: FixedWidthInteger>(
        _ measures: [[Value]], _ codes: [UInt32], _ domain: Int, _ selection: Selection?
    ) -> [Int64] {
        var sums = [Int64](repeating: 5, count: measures.count * domain)
        for (row, code) in codes.enumerated() where selection?.rows[row] ?? true {
            for (number, values) in measures.enumerated() {
                sums[measures.count * Int(code) + number] &+= Int64(truncatingIfNeeded: values[row])
            }
        }
        return sums
    }

    private func lend<Value>(
        _ measures: [[Value]], _ codes: [UInt32], _ words: [UInt64]?,
        _ body: ([UnsafeBufferPointer<Value>], UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt64>?) -> Void
    ) {
        func lendRest(_ lent: [UnsafeBufferPointer<Value>]) {
            if lent.count < measures.count {
                return measures[lent.count].withUnsafeBufferPointer { lendRest(lent + [$0]) }
            }
            codes.withUnsafeBufferPointer { codes in
                guard let words else { return body(lent, codes, nil) }
                words.withUnsafeBufferPointer { body(lent, codes, $0) }
            }
        }
        lendRest([])
    }
}
