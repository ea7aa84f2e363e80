// The octets of a text file as UTF-8: a byte order mark is taken away, and a file that begins with that of UTF-16 is turned
// into UTF-8, piece by piece.

struct TextDecoding {
    private enum Encoding {
        case unknown, utf8
        case utf16(isBigEndian: Bool)
    }

    private var encoding = Encoding.unknown
    /// Octets whose character is not whole yet; before the encoding is known, all.
    private var rest: [UInt8] = []

    /// The next octets as UTF-8.
    /// - Throws: `Refusal` for UTF-16 that is none.
    mutating func decode(_ octets: [UInt8]) throws(Refusal) -> [UInt8] {
        switch encoding {
        case .utf8: return octets
        case .utf16(let isBigEndian): return try decode16(octets, isBigEndian, isLast: false)
        case .unknown:
            rest += octets
            if rest.count < 3 { return [] }
            return try begin()
        }
    }

    /// What is left at the end.
    mutating func finish() throws(Refusal) -> [UInt8] {
        if case .unknown = encoding { return try begin() + finish() }
        if case .utf16(let isBigEndian) = encoding { return try decode16([], isBigEndian, isLast: true) }
        return []
    }

    private mutating func begin() throws(Refusal) -> [UInt8] {
        let all = rest
        rest = []
        if all.starts(with: [0xFF, 0xFE]) || all.starts(with: [0xFE, 0xFF]) {
            encoding = .utf16(isBigEndian: all[0] == 0xFE)
            return try decode16(Array(all[2...]), all[0] == 0xFE, isLast: false)
        }
        encoding = .utf8
        return all.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(all[3...]) : all
    }

    private mutating func decode16(_ octets: [UInt8], _ isBigEndian: Bool, isLast: Bool) throws(Refusal) -> [UInt8] {
        let all = rest + octets
        var units: [UInt16] = []
        units.reserveCapacity(all.count / 2)
        for index in stride(from: 0, to: all.count - 1, by: 2) {
            let (first, second) = (UInt16(all[index]), UInt16(all[index + 1]))
            units.append(isBigEndian ? first << 8 | second : second << 8 | first)
        }
        // The first half of a pair waits for the second.
        let waits = !isLast && units.last.map { UTF16.isLeadSurrogate($0) } ?? false
        if waits { units.removeLast() }
        rest = Array(all[(units.count * 2)...])
        guard !isLast || rest.isEmpty else { throw Refusal("the file is UTF-16 and ends in the middle of a character") }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw Refusal("the file is UTF-16 and has characters that are none; save it as UTF-8")
        }
        return Array(text.utf8)
    }
}
