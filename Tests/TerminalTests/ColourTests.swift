import Testing

@testable import Terminal

@Suite struct ColourTests {
    @Test(arguments: [(0.0, Colour.red), (39.99, .red), (40, nil), (59.99, nil), (60, .green), (100, .green)])
    func asrHasThreeBands(percent: Double, colour: Colour?) {
        #expect(Colour.ofASR(percent) == colour)
    }

    @Test(
        arguments: [(-1, Colour.red), (0, .red), (1, .yellow), (9_999_999, .yellow), (10_000_000, nil)]
            as [(Int64, Colour?)])
    func creditHasThreeBands(micros: Int64, colour: Colour?) {
        #expect(Colour.ofCredit(micros: micros) == colour)
    }

    @Test func coloursNeedATerminalThatWantsThem() {
        #expect(OutputDevice.allowsColours(isTerminal: true, noColor: nil, term: "xterm"))
        #expect(OutputDevice.allowsColours(isTerminal: true, noColor: "", term: nil))
        #expect(!OutputDevice.allowsColours(isTerminal: true, noColor: "1", term: "xterm"))
        #expect(!OutputDevice.allowsColours(isTerminal: true, noColor: nil, term: "dumb"))
        #expect(!OutputDevice.allowsColours(isTerminal: false, noColor: nil, term: "xterm"))
    }
}
