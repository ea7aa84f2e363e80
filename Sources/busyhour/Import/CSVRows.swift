// The rows of a CSV file (RFC 4180 and what spreadsheets make of it): separated by comma, semicolon or tab, whichever the
// first line has most of; quoted fields may hold separators, line ends and doubled quotes; a byte order mark is passed over.

struct CSVRows {
    struct Row: Equatable {
        /// Line of the file in which it begins, from 1.
        var line: Int
        var cells: [String]
    }

    let separator: UInt8
    private(set) var rows: [Row] = []

    /// - Throws: `Refusal` with the line for a quote that is not closed, text that is not UTF-8, too many cells.
    init(_ octets: [UInt8]) throws(Refusal) {
        let text = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets[3...] : octets[...]
        separator = CSVRows.separator(of: text)
        var reader = Reader(text: text, separator: separator)
        while let row = try reader.next() {
            // An empty line is no row.
            if row.cells != [""] { rows.append(row) }
        }
    }

    /// Of `,`, `;` and tab the one that the first line has most of outside quotes.
    private static func separator(of text: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for octet in text {
            if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted && octet == UInt8(ascii: "\n") { break }
            if !isQuoted { counts[octet, default: 0] += 1 }
        }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        return candidates.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) } ?? UInt8(ascii: ",")
    }
}

private struct Reader {
    let text: ArraySlice<UInt8>
    let separator: UInt8
    private var index: Int
    private var line = 1

    init(text: ArraySlice<UInt8>, separator: UInt8) {
        self.text = text
        self.separator = separator
        index = text.startIndex
    }

    mutating func next() throws(Refusal) -> CSVRows.Row? {
        guard index < text.endIndex else { return nil }
        let start = line
        var cells: [String] = []
        while true {
            cells.append(try cell(row: start))
            guard cells.count <= Limits.columns else {
                throw Refusal("line \(start) has more than \(Limits.columns) cells; is this the right file?")
            }
            guard index < text.endIndex else { break }
            let octet = text[index]
            index += 1
            if octet == separator { continue }
            if octet == UInt8(ascii: "\r"), index < text.endIndex, text[index] == UInt8(ascii: "\n") { index += 1 }
            line += 1
            break
        }
        return CSVRows.Row(line: start, cells: cells)
    }

    /// One cell; stops at the separator or line end behind it.
    private mutating func cell(row: Int) throws(Refusal) -> String {
        var octets: [UInt8] = []
        if index < text.endIndex && text[index] == UInt8(ascii: "\"") {
            index += 1
            while true {
                guard index < text.endIndex else {
                    throw Refusal("line \(row): a quote is opened and not closed; close it or double it")
                }
                let octet = text[index]
                index += 1
                if octet == UInt8(ascii: "\"") {
                    guard index < text.endIndex, text[index] == UInt8(ascii: "\"") else { break }
                    index += 1
                }
                if octet == UInt8(ascii: "\n") { line += 1 }
                octets.append(octet)
            }
        }
        while index < text.endIndex && text[index] != separator && text[index] != 10 && text[index] != 13 {
            octets.append(text[index])
            index += 1
        }
        guard let cell = String(validating: octets, as: UTF8.self) else {
            throw Refusal("line \(row): a cell is not UTF-8; save the file as UTF-8")
        }
        return cell
    }
}
