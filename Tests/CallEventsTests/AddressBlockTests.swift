import Testing

@testable import CallEvents

/// Address blocks as operators write them, against the rules one by one.
@Suite struct AddressBlockTests {
    /// A part of an IPv4 address: digits without a leading zero, at most 255.
    private func isPart(_ text: String) -> Bool {
        (1...3).contains(text.count) && text.allSatisfy { "0123456789".contains($0) }
            && (text == "0" || !text.hasPrefix("0")) && Int(text) ?? 256 <= 255
    }

    private static let parts = [
        "0", "1", "9", "10", "99", "100", "199", "249", "255", "256", "260", "300", "999", "1000", "00", "01", "007",
        "010", "", "+1", "-1", " 1", "1 ", "a", "0x1", "١",
    ]

    /// Each text as each part of an address, alone and before a length, read byte by byte and by the rules for all.
    @Test func everyPartOfAnAddress() {
        for part in Self.parts {
            for place in 0..<4 {
                var parts = ["1", "2", "3", "4"]
                parts[place] = part
                let text = parts.joined(separator: ".")
                let isRight = isPart(part)
                for (written, length) in [(text, 128), (text + "/32", 128), (text + "/24", 120)] {
                    #expect((AddressBlock(written) != nil) == isRight, "\(written)")
                    #expect((AddressBlock(plain: written) != nil) == isRight, "\(written)")
                    #expect(AddressBlock(written).map { $0.length == length } ?? true, "\(written)")
                }
            }
        }
        for text in ["", ".", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1.2.3/8", "1.2.3.4/8/8", "1.2.3.4:8"] {
            #expect(AddressBlock(text) == nil, "\(text)")
        }
    }

    @Test func lengthsAreOfTheAddress() {
        for length in 0...140 {
            let (four, six) = ("10.1.2.3/\(length)", "2001:db8::1/\(length)")
            #expect(AddressBlock(four)?.length == (length <= 32 ? 96 + length : nil), "\(four)")
            #expect(AddressBlock(six)?.length == (length <= 128 ? length : nil), "\(six)")
        }
        for length in ["", " 8", "8 ", "-1", "+8", "0008", "a"] {
            #expect(AddressBlock("10.1.2.3/\(length)") == nil, "\(length)")
            #expect(AddressBlock("2001:db8::1/\(length)") == nil, "\(length)")
        }
    }

    /// A block has the addresses that agree with it in its first bits, and is written so that it reads as itself.
    @Test func everyLength() throws {
        for text in ["203.0.113.199", "255.255.255.255", "2001:db8:1:2:3:4:5:6", "::1", "ffff::ffff"] {
            let address = try #require(IPAddress(text))
            for length in 0...128 {
                let block = AddressBlock(address, length: length)
                #expect(block.contains(address) && block == AddressBlock(block.address, length: length))
                let free = (0..<128).filter { bit in
                    var other = address
                    if bit < 64 { other.high ^= 1 << UInt64(63 - bit) } else { other.low ^= 1 << UInt64(127 - bit) }
                    return block.contains(other)
                }
                #expect(free == Array(length..<128), "\(block)")
                #expect(AddressBlock(block.description) == block, "\(block)")
                #expect(block.description.contains("/") == (length < 128))
            }
        }
        #expect(AddressBlock(IPAddress(v4: 0x0A01_0203), length: 104).description == "10.0.0.0/8")
        #expect(AddressBlock("2001:db8::ff00/120")?.description == "2001:db8::ff00/120")
    }
}
