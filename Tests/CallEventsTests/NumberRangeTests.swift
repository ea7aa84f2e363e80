import Testing

@testable import CallEvents

/// Numbers of called customers, against lists of all the numbers there are.
@Suite struct NumberRangeTests {
    /// All numbers of one to four digits, with leading zeros.
    private static let numbers: [String] = (1...4).flatMap { count in
        let first = (0..<count).reduce(1) { power, _ in power * 10 }
        return (0..<first).map { String(String(first + $0).dropFirst()) }
    }

    private func contains(_ range: NumberRange, _ number: String) throws -> Bool {
        range.contains(try #require(NumberDigits(number)))
    }

    @Test(arguments: ["0*", "1*", "12*", "007*", "9999*"])
    func aPrefixHasItselfAndWhatBeginsWithIt(_ text: String) throws {
        let range = try #require(NumberRange(text))
        let begin = String(text.dropLast())
        let found = try Self.numbers.filter { try contains(range, $0) }
        #expect(found == Self.numbers.filter { $0.hasPrefix(begin) })
        #expect(range.text == text && range.isOpen)
        #expect(range.prefixes == [NumberPrefix(value: range.first, length: begin.count, digits: 0)])
    }

    /// Ranges with borders before, at and behind tens and hundreds: the numbers are those between, and the prefixes
    /// cover exactly them.
    @Test func aRangeHasTheNumbersBetween() throws {
        let borders = ["000", "001", "009", "010", "011", "099", "100", "101", "109", "110", "199", "990", "999"]
        let numbers = Self.numbers.filter { $0.count == 3 || $0.hasPrefix("10") }
        for low in borders {
            for high in borders {
                let range = NumberRange("\(low)-\(high)")
                #expect((range != nil) == (low <= high), "\(low)-\(high)")
                guard let range else { continue }
                let between = numbers.filter { $0.count == 3 && low <= $0 && $0 <= high }
                let found = try numbers.filter { try contains(range, $0) }
                #expect(found == between, "\(low)-\(high)")
                let prefixes = range.prefixes
                let covered = try numbers.filter { number in
                    let digits = try #require(NumberDigits(number))
                    return prefixes.contains { $0.digits == digits.count && digits.prefix($0.length) == $0.value }
                }
                #expect(covered == between && prefixes.count <= 18 * 3, "\(low)-\(high)")
                #expect(range.text == (low == high ? low : "\(low)-\(high)"))
                #expect(range.span == (UInt64(high) ?? 0) - (UInt64(low) ?? 0))
            }
        }
    }

    @Test(arguments: [
        "", "+", "*", "-", "1-", "-1", "1-2-3", "12-3", "3-12", "2-1", "a", "1a", "1;2", "1*2", "**", "1-2*", "++1",
        "1 2",
    ])
    func whatIsNoRange(_ text: String) { #expect(NumberRange(text) == nil) }

    /// 18 digits are held and no more; what follows a `;` is no part of a number.
    @Test func numbersAreHeldUpToTheirBound() throws {
        let most = String(repeating: "9", count: NumberDigits.most)
        for plus in ["", "+"] {
            for rest in ["", ";phone-context=x"] {
                let digits = try #require(NumberDigits(plus + most + rest))
                #expect(digits.value == 999_999_999_999_999_999 && digits.count == 18)
                #expect((0...18).allSatisfy { digits.prefix($0) == UInt64(most.prefix($0)) ?? 0 })
                #expect(NumberDigits(plus + most + "0" + rest) == nil)
                #expect(NumberDigits(plus + rest) == nil)
            }
        }
        #expect(NumberRange(most + "*")?.digits == 18 && NumberRange(most + "9*") == nil)
        let itself = NumberPrefix(value: 999_999_999_999_999_999, length: 18, digits: 18)
        #expect(NumberRange(most)?.prefixes == [itself])
    }

    /// Of those that have a number one is narrower: the shorter range, then the longer prefix, then the first.
    @Test func oneOfTwoIsNarrower() throws {
        let order = try ["100", "101", "100-101", "100-109", "000-999", "1000*", "100*", "200*", "1*", "2*"].map {
            try #require(NumberRange($0))
        }
        for (one, first) in order.enumerated() {
            for (other, second) in order.enumerated() {
                #expect(first.isNarrower(than: second) == (one < other), "\(first.text), \(second.text)")
            }
        }
        #expect(InboundTarget("198.51.100.0/24")?.text == "198.51.100.0/24" && InboundTarget("1.2") == nil)
        #expect(InboundTarget("+4420*")?.text == "4420*" && InboundTarget("2001:db8::/64")?.text == "2001:db8::/64")
    }
}
