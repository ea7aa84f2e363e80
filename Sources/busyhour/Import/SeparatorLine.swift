// `sep=;`: the first line of a file that was made for spreadsheets, which names its separator and is not a row.

struct SeparatorLine: Equatable {
    var separator: CSVRows.Separator
    /// Bytes of the line, including its end.
    var bytes: Int

    /// - Parameter head: the beginning of the file, as UTF-8 without a byte order mark.
    /// - Returns: nil: there is no such line.
    /// - Throws: `Refusal` for one that names no separator.
    static func find(in head: [UInt8]) throws(Refusal) -> SeparatorLine? {
        let isLineEnd = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
        // The separator may be a tab, so the line is not trimmed.
        let line = head.prefix { !isLineEnd($0) }
        let isQuoted = line.first == UInt8(ascii: "\"")
        let text = line.dropFirst(isQuoted ? 1 : 0)
        guard String(decoding: text.prefix(4), as: UTF8.self).lowercased() == "sep=" else { return nil }
        let refusal = Refusal("row 1: the line 'sep=' names no separator; write it as sep=; or take it away")
        guard let byte = text.dropFirst(4).first, Self.canSeparate(byte) else { throw refusal }
        var rest = text.dropFirst(5)
        if isQuoted {
            guard rest.first == UInt8(ascii: "\"") else { throw refusal }
            rest = rest.dropFirst()
        }
        // A program that saved the file again has made a row of the line.
        guard rest.allSatisfy({ $0 == byte || $0 == 0x20 || [0x2C, 0x3B, 0x09].contains($0) }) else { throw refusal }
        var end = line.count
        if end < head.count && head[end] == 0x0D { end += 1 }
        if end < head.count && head[end] == 0x0A { end += 1 }
        return SeparatorLine(separator: .init(rawValue: byte), bytes: end)
    }

    /// ASCII signs that are not part of numbers or words.
    private static func canSeparate(_ byte: UInt8) -> Bool {
        let isWord = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
        return byte < 0x7F && (byte > 0x20 || byte == 0x09) && byte != UInt8(ascii: "\"") && !isWord
    }
}
