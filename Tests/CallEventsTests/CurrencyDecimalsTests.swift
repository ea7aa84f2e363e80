import CallEvents
import Testing

@Suite struct CurrencyDecimalsTests {
    @Test(
        arguments: [
            ("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("XOF", 0), ("KWD", 3), ("BHD", 3), ("OMR", 3),
            ("TND", 3), ("CLF", 4), ("UYW", 4), ("HUF", 2), ("XYZ", 2), ("", 2),
        ])
    func areThoseOfISO4217(code: String, decimals: Int) {
        #expect(CurrencyCode.decimals(code) == decimals)
    }

    /// Of list one: 16 currencies without decimals (UYI, an index, besides), 7 with three, 2 with four.
    @Test func unusualOnesAreAsManyAsTheListHas() {
        let counts = Dictionary(grouping: CurrencyCode.known, by: CurrencyCode.decimals).mapValues(\.count)
        #expect(counts[0] == 17 && counts[3] == 7 && counts[4] == 2)
        #expect(Set(counts.keys) == [0, 2, 3, 4])
    }
}
