import Testing

@testable import CallEvents

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8::", "2001:db8::"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("::ffff:10.0.0.1", "10.0.0.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("fe80:0:0:1::", "fe80:0:0:1::"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:0:4:5:6:7:8", "1:2:0:4:5:6:7:8"),
        ("0:2:3:4:5:6:7:0", "0:2:3:4:5:6:7:0"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255"),
    ])
    func readsAndWritesTheShortestForm(text: String, shortest: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == shortest)
        #expect(IPAddress(shortest) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", ":", ":::", "1::2::3", "12345::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1.2.3", "g::", "1.2.3.4::", "[::1]", "::1%eth0", "1:2:3:4:5:6:7::8:9",
        "1:2:3:4:5:6:7::8", "1::2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4:5:6:7:8:1:2:3", "0:0:0:0:0:0:0:0000:0000:0000:0000:0000:0000:0000",
        "0000:0000:0000:0000:0000:ffff:0255.255.255.255",
    ])
    func refusesEverythingElse(text: String) {
        #expect(IPAddress(text) == nil)
    }

    /// All choices of groups that are zero: the first of the longest runs of at least two is left out (RFC 5952).
    @Test func everyChoiceOfZeros() {
        for zeros in 0..<256 {
            let groups = (0..<8).map { zeros >> $0 & 1 == 1 ? UInt64(0) : UInt64($0) + 1 }
            let value = { (range: Range<Int>) in groups[range].reduce(UInt64(0)) { $0 << 16 | $1 } }
            let address = IPAddress(high: value(0..<4), low: value(4..<8))
            let runs = (0..<8).flatMap { first in (first + 1...8).map { first..<$0 } }
                .filter { run in run.count >= 2 && groups[run].allSatisfy { $0 == 0 } }
            let longest = runs.map(\.count).max() ?? 0
            var expected = groups.map { String($0, radix: 16) }.joined(separator: ":")
            if let run = runs.first(where: { $0.count == longest }) {
                let text = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
                expected = text(0..<run.lowerBound) + "::" + text(run.upperBound..<8)
            }
            #expect(address.description == expected)
            #expect(IPAddress(expected) == address, "\(expected)")
            #expect(IPAddress(groups.map { String($0) }.joined(separator: ":")) == address)
        }
    }
}
