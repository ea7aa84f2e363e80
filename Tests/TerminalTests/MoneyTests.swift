import Randomness
import Testing

@testable import Terminal

@Suite struct MoneyTests {
    @Test(
        arguments: [
            (0, "0.00"), (1, "0.000001"), (-1, "-0.000001"), (10_000, "0.01"), (-10_000, "-0.01"),
            (12_500_000, "12.50"),
            (12_345_678, "12.345678"), (-3_100_000, "-3.10"), (1_234_567_000_000, "1234567.00"),
            (Int64.max, "9223372036854.775807"), (Int64.min, "-9223372036854.775808"),
        ] as [(Int64, String)])
    func textIsExact(micros: Int64, text: String) throws {
        #expect(Money.text(micros: micros) == text)
        #expect(try Money.micros(text) == micros)
    }

    @Test func groupsThousandsForPeople() {
        #expect(Money.text(micros: -1_234_567_890_000, grouped: true) == "-1,234,567.89")
        #expect(Money.text(micros: 999_000_000, grouped: true) == "999.00")
    }

    @Test(
        arguments: [("5", 5_000_000), ("+5", 5_000_000), ("-0", 0), ("007.5", 7_500_000), ("0.000001", 1)]
            as [(String, Int64)])
    func readsWhatPeopleWrite(text: String, micros: Int64) throws {
        #expect(try Money.micros(text) == micros)
    }

    @Test(arguments: ["", "-", ".", ".5", "5.", "1.2.3", "--5", "12 50", "€5", "abc", "0x10", "١٢"])
    func refusesWhatIsNoAmount(text: String) {
        #expect(throws: MoneyError.notAnAmount(text)) { try Money.micros(text) }
    }

    @Test func refusesWhatCannotBeExact() {
        #expect(throws: MoneyError.tooFine("0.1234567")) { try Money.micros("0.1234567") }
        #expect(throws: MoneyError.tooLarge("9223372036854.775808")) { try Money.micros("9223372036854.775808") }
        #expect(throws: MoneyError.scientific("1.2E+05")) { try Money.micros("1.2E+05") }
    }

    @Test func takesADecimalCommaOnlyWhereItCanBeOne() throws {
        #expect(try Money.micros("12,50", decimalComma: true) == 12_500_000)
        #expect(throws: MoneyError.separator("12,50")) { try Money.micros("12,50") }
        #expect(throws: MoneyError.separator("1,234")) { try Money.micros("1,234", decimalComma: true) }
        #expect(try Money.micros("1,234.50", decimalComma: true) == 1_234_500_000)
    }

    @Test(arguments: Seeds.of()) func everyAmountReadsBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let micros = Int64(bitPattern: random.next()) >> Int64(random.next() % 63)
            #expect(try Money.micros(Money.text(micros: micros)) == micros, "seed \(seed)")
        }
    }
}
