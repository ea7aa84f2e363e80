import Testing

@testable import Terminal

@Suite struct NumberTests {
    @Test(arguments: [(0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
    func groupsThousands(value: Int, text: String) {
        #expect(Number.grouped(value) == text)
    }

    @Test func groupsTheExtremes() {
        #expect(Number.grouped(Int64.min) == "-9,223,372,036,854,775,808")
        #expect(Number.grouped(UInt64.max) == "18,446,744,073,709,551,615")
    }

    @Test(arguments: [
        (0.0, 1, "0.0"), (-0.0, 2, "0.00"), (-0.04, 1, "0.0"), (33.35, 1, "33.4"), (99.95, 1, "100.0"),
        (1234.5, 0, "1,235"),
        (-2.5, 0, "-3"), (0.05, 2, "0.05"), (1e300, 1, "1e+300"), (.nan, 1, "-"), (.infinity, 0, "-"),
    ])
    func roundsForPeople(value: Double, decimals: Int, text: String) {
        #expect(Number.fixed(value, decimals: decimals) == text)
    }

    @Test(arguments: ["4.42079E+11", "1e5", "1,2E-3", "-1.E+2", "+3E04"])
    func knowsScientificNotation(text: String) {
        #expect(Number.isScientific(text))
    }

    @Test(arguments: ["", "E5", "1E", "1E+", "12", "1E5x", "0049E30-2", "alice", "1.2.3E4"])
    func knowsWhatIsNot(text: String) {
        #expect(!Number.isScientific(text))
    }
}
