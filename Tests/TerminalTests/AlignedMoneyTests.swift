import Randomness
import Testing

@testable import Terminal

@Suite struct AlignedMoneyTests {
    @Test func pointsStandBelowEachOther() {
        #expect(
            Money.aligned(["740.50", "22.217", "12,163", "-0.10", "250.00 EUR", "1,000 JPY", "-", "", "none"])
                == [
                    "740.50    ", "22.217   ", "12,163       ", "-0.10    ",
                    "250.00 EUR", "1,000 JPY   ", "-", "", "none",
                ])
    }

    @Test func oneCurrencyNeedsNoBlanks() {
        #expect(Money.aligned(["1.00", "-22.50", "-"]) == ["1.00", "-22.50", "-"])
        #expect(Money.aligned([]) == [])
    }

    /// On the right edge of a column every amount has its units in the same place.
    @Test(arguments: Seeds.of()) func unitsEndInOnePlace(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let texts = (0..<20).map { _ in
                Money.text(
                    micros: Int64(bitPattern: random.next()) >> Int64(random.next() % 63),
                    decimals: Int(random.next() % 7))
                    + (random.next() % 3 == 0 ? " KWD" : "")
            }
            let aligned = Money.aligned(texts)
            let behind = zip(texts, aligned).map { text, aligned in
                aligned.count - text.prefix { $0 == "-" || $0 == "," || $0.isNumber }.count
            }
            #expect(Set(behind).count == 1, "seed \(seed)")
            #expect(zip(texts, aligned).allSatisfy { $1.hasPrefix($0) })
        }
    }
}
