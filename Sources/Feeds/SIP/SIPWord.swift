/// Up to eight bytes of a text as one number, the first one lowest: compared and searched in one step.
enum SIPWord {
    /// ASCII characters; a constant if these are.
    @inline(__always)
    static func of(
        _ first: Unicode.Scalar, _ second: Unicode.Scalar = "\0", _ third: Unicode.Scalar = "\0",
        _ fourth: Unicode.Scalar = "\0", _ fifth: Unicode.Scalar = "\0", _ sixth: Unicode.Scalar = "\0",
        _ seventh: Unicode.Scalar = "\0", _ eighth: Unicode.Scalar = "\0"
    ) -> UInt64 {
        let low = first.value | second.value << 8 | third.value << 16 | fourth.value << 24
        let high = fifth.value | sixth.value << 8 | seventh.value << 16 | eighth.value << 24
        return UInt64(high) << 32 | UInt64(low)
    }

    /// Bit 7 of the lowest byte of the word that is this one is set, and of no byte below it.
    @inline(__always)
    static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
        // Zero where the byte is the one.
        let difference = word ^ 0x0101_0101_0101_0101 &* UInt64(byte)
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }
}

extension Span where Element == UInt8 {
    /// Whether the range begins with a text of at most eight bytes, ignoring case.
    /// - Parameter text: letters in lower case, digits, blanks and the signs `-./:;=`; of these only letters have bit
    ///   6.
    @inline(__always)
    func begins(withWord text: UInt64, count length: Int, _ range: Range<Int>) -> Bool {
        guard range.count >= length, range.lowerBound >= 0, range.upperBound <= count else { return false }
        // The bit that distinguishes upper and lower case, at each letter.
        let caseBits = (text & 0x4040_4040_4040_4040) >> 1
        let unused = UInt64(64 - 8 * length)
        if range.lowerBound <= count - 8 {
            return (uncheckedWord(at: range.lowerBound) | caseBits) << unused == text << unused
        }
        var word: UInt64 = 0
        for offset in 0..<length { word |= UInt64(self[range.lowerBound + offset]) << UInt64(8 * offset) }
        return word | caseBits == text
    }
}
