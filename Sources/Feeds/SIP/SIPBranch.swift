/// The branch of a Via header, which identifies a transaction (RFC 3261 8.1.1.7), as a hash.
///
/// It is only compared with a few others, so an attacker gains nothing from a collision: a fast hash does.
struct SIPBranch {
    /// Even and above 0, so that its user may mark it by one bit; 0: there is none.
    private(set) var hash: UInt64 = 0
    /// It has the form that makes it unique (`z9hG4bK...`); older callers (RFC 2543) may have one for all calls.
    private(set) var isUnique = false

    init(_ bytes: Span<UInt8>, _ via: Range<Int>) {
        var start = via.lowerBound
        while let semicolon = bytes.first(.semicolon, in: start..<via.upperBound) {
            start = semicolon + 1
            let parameter = start..<via.upperBound
            guard bytes.begins(withWord: SIPWord.of("b", "r", "a", "n", "c", "h", "="), count: 7, parameter) else {
                continue
            }
            var rest = start + 7..<via.upperBound
            isUnique = bytes.begins(withWord: SIPWord.of("z", "9", "h", "g", "4", "b", "k"), count: 7, rest)
            if isUnique { rest = rest.lowerBound + 7..<rest.upperBound }
            let end = bytes.first(.semicolon, .comma, .space, in: rest) ?? rest.upperBound
            var index = rest.lowerBound
            hash = 1
            while end - index >= 8 {
                hash = (hash ^ bytes.bigEndian(UInt64.self, at: index)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 32
                index += 8
            }
            while index < end {
                hash = (hash ^ UInt64(bytes[index])) &* 0x9E37_79B9_7F4A_7C15
                index += 1
            }
            hash = max(2, hash & ~1)
            return
        }
    }
}
