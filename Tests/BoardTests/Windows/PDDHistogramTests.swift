import Randomness
import Testing

@testable import Board

@Suite struct PDDHistogramTests {
    @Test func aBucketStandsForItsValuesWithinFivePerCent() {
        for milliseconds in Array(0...5_000) + stride(from: 5_000, through: 300_000, by: 37) {
            let value = PDDHistogram.value(ofBucket: PDDHistogram.bucket(milliseconds: Int32(milliseconds)))
            #expect(
                abs(value - Double(milliseconds)) <= 0.05 * Double(milliseconds), "\(milliseconds) is shown as \(value)"
            )
        }
        #expect(PDDHistogram.bucket(milliseconds: .max) == 126 && PDDHistogram.bucket(milliseconds: -1) == 1)
    }

    @Test(arguments: Seeds.fixed(4)) func quantilesAreThoseOfTheSortedValues(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for count in [1, 2, 3, 10, 1_000] {
            let values = (0..<count).map { _ in Int32.random(in: 0...20_000, using: &generator) }.sorted()
            var counts = [Int64](repeating: 0, count: PDDHistogram.bucketCount)
            for value in values { counts[Int(PDDHistogram.bucket(milliseconds: value)) - 1] += 1 }
            for quantile in [0.5, 0.95, 1.0] {
                let rank = max(1, Int((quantile * Double(count)).rounded(.up)))
                let exact = Double(values[rank - 1])
                let shown = PDDHistogram.quantile(quantile, counts: counts) ?? -1
                #expect(abs(shown - exact) <= 0.05 * exact + 0.001, "\(quantile) of \(count)")
            }
        }
        #expect(PDDHistogram.quantile(0.5, counts: [Int64](repeating: 0, count: PDDHistogram.bucketCount)) == nil)
    }
}
