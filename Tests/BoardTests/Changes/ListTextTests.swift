import Testing

@testable import Board

@Suite struct ListTextTests {
    /// A combining mark after a sign makes another character of both, and changes nothing.
    @Test(arguments: [["a"], ["a;b", "c"], ["x", "y;;z"], ["a;\u{301}b", "c;"], ["é;", "\u{301}"]])
    func whatIsWrittenReadsBack(entries: [String]) {
        #expect(ListText.entries(ListText.text(entries)) == entries)
    }

    @Test func aMarkOfARouteThatIsOffIsOneUnderAnAccent() {
        let route = Route(listed: "!\u{301}x")
        #expect(!route.enabled && Array(route.name.unicodeScalars) == ["\u{301}", "x"])
        #expect(Route(listed: route.listed) == route)
    }
}
