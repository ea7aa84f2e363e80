// The rows of a CSV file (RFC 4180 and what spreadsheets make of it), as its bytes come: separated by comma, semicolon
// or tab; quoted fields may hold separators, line ends and doubled quotes.
//
// A row is the ranges of its cells in the bytes; nothing is made of them here. Bytes are held only until their row is
// done, and a row has a limit: a file of any size, an endless line or a quote that is never closed costs some
// megabytes.

struct CSVRows {
    struct Separator: Equatable, Sendable {
        /// An ASCII character, neither a quote nor a line end.
        var rawValue: UInt8

        static let comma = Separator(rawValue: 0x2C)
        static let semicolon = Separator(rawValue: 0x3B)
        static let tab = Separator(rawValue: 0x09)
        static let bar = Separator(rawValue: 0x7C)
        /// The recognized separators.
        static let allCases = [comma, semicolon, tab, bar]
    }

    /// A row as texts, for a header.
    struct Row: Equatable {
        /// As a spreadsheet numbers it: from 1, including blank rows, however many lines its cells have.
        var number: Int
        var cells: [String]
    }

    private let separator: UInt8
    private var text: [UInt8] = []
    /// Where the next row begins.
    private var start = 0
    private var isWhole = false
    private var scan = RowScan()
    /// Number of the current row, see `Row`.
    private(set) var number = 0

    /// - Parameter number: of the last row before the first to read.
    init(separator: Separator, after number: Int = 0) { (self.separator, self.number) = (separator.rawValue, number) }

    /// Takes the next bytes, which are UTF-8.
    mutating func append(_ bytes: [UInt8]) {
        text.removeFirst(start)
        start = 0
        text += bytes
    }

    /// There are no more bytes.
    mutating func finish() { isWhole = true }

    /// Advances to the next row that is not blank; false: it is not complete yet, or there is none.
    /// - Throws: `Refusal` with the row for a quote that is not closed, text that is not UTF-8, too many cells, a row
    /// too long.
    mutating func next() throws(Refusal) -> Bool {
        while start < text.count {
            guard try scan.read(text, from: start, separator: separator, isWhole: isWhole, number: number + 1) else {
                guard text.count - start <= Limits.rowBytes else {
                    throw Refusal(
                        "row \(number + 1) has more than \(Limits.rowBytes) bytes; is a quote opened and not closed?")
                }
                return false
            }
            number += 1
            start = scan.end
            if scan.cells.contains(where: { !$0.range.isEmpty }) { return true }
        }
        return false
    }

    // ---- the row, until more bytes are taken ---------------------------------------------------------------

    /// Number of cells in the row.
    var count: Int { scan.cells.count }

    func isEmpty(_ index: Int) -> Bool { scan.cells[index].range.isEmpty }

    /// Lends the UTF-8 bytes of a cell, trimmed except within quotes.
    func withCell<Result, E: Error>(
        _ index: Int, _ body: (Span<UInt8>) throws(E) -> Result
    ) throws(E) -> Result {
        let cell = scan.cells[index]
        let bytes = cell.isUnquoted ? scan.unquoted.span : text.span
        return try body(bytes.extracting(cell.range))
    }

    var row: Row { Row(number: number, cells: (0..<count).map { withCell($0) { String(decoding: $0) } }) }
}

extension String {
    /// Of bytes that are UTF-8.
    init(decoding bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}

/// Finds the cells of one row and its end.
private struct RowScan {
    struct Cell {
        var range: Range<Int>
        /// The cell is in `unquoted`, not in the text.
        var isUnquoted = false
    }

    private(set) var cells: [Cell] = []
    private(set) var end = 0
    /// Contents of cells that differ from the text: with doubled quotes, or with something after their quotes.
    private(set) var unquoted: [UInt8] = []

    /// False: the row continues after the bytes.
    mutating func read(
        _ bytes: [UInt8], from start: Int, separator: UInt8, isWhole: Bool, number: Int
    ) throws(Refusal) -> Bool {
        let text = bytes.span
        cells.removeAll(keepingCapacity: true)
        unquoted.removeAll(keepingCapacity: true)
        var index = start
        var all: UInt8 = 0
        while true {
            let isQuoted = index < text.count && text[index] == 0x22
            let next =
                isQuoted
                ? try quoted(text, index, separator, isWhole, number, &all)
                : plain(text, index, separator, isWhole, &all)
            guard let next else { return false }
            index = next
            guard cells.count <= Limits.columns else {
                throw Refusal("row \(number) has more than \(Limits.columns) cells; is this the right file?")
            }
            guard index < text.count else {
                if !isWhole { return false }
                break
            }
            let byte = text[index]
            index += 1
            if byte == separator { continue }
            if byte == 0x0D {
                // Whether a line feed follows is not known yet.
                if index == text.count && !isWhole { return false }
                if index < text.count && text[index] == 0x0A { index += 1 }
            }
            break
        }
        end = index
        if all >= 0x80 { try checkUTF8(text, number) }
        return true
    }

    /// Adds the cell at a position; returns the position of the separator or line end after it.
    private mutating func plain(
        _ text: Span<UInt8>, _ start: Int, _ separator: UInt8, _ isWhole: Bool, _ all: inout UInt8
    ) -> Int? {
        let end = Self.end(text, start, separator, &all)
        if end == text.count && !isWhole { return nil }
        cells.append(Cell(range: Self.trimmed(text, start..<end)))
        return end
    }

    private mutating func quoted(
        _ text: Span<UInt8>, _ start: Int, _ separator: UInt8, _ isWhole: Bool, _ number: Int, _ all: inout UInt8
    ) throws(Refusal) -> Int? {
        var index = start + 1
        // What was taken over so far ends here.
        var taken = index
        let first = unquoted.count
        while true {
            while index < text.count && text[index] != 0x22 {
                all |= text[index]
                index += 1
            }
            guard index < text.count else {
                if !isWhole { return nil }
                throw Refusal("row \(number): a quote is opened and not closed; close it or double it")
            }
            index += 1
            guard index < text.count else {
                if !isWhole { return nil }
                break
            }
            guard text[index] == 0x22 else { break }
            unquoted.append(text, taken..<index)
            index += 1
            taken = index
        }
        let end = Self.end(text, index, separator, &all)
        if end == text.count && !isWhole { return nil }
        let rest = Self.trimmed(text, index..<end)
        if unquoted.count == first && rest.isEmpty {
            cells.append(Cell(range: taken..<index - 1))
        } else {
            unquoted.append(text, taken..<index - 1)
            unquoted.append(text, rest)
            cells.append(Cell(range: first..<unquoted.count, isUnquoted: true))
        }
        return end
    }

    /// The position of a separator, a line end or the end of the text.
    private static func end(_ text: Span<UInt8>, _ start: Int, _ separator: UInt8, _ all: inout UInt8) -> Int {
        var index = start
        var seen = all
        while index < text.count {
            let byte = text[index]
            if byte == separator || byte == 10 || byte == 13 { break }
            seen |= byte
            index += 1
        }
        all = seen
        return index
    }

    private static func trimmed(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high && (text[low] == 0x20 || text[low] == 0x09) { low += 1 }
        while high > low && (text[high - 1] == 0x20 || text[high - 1] == 0x09) { high -= 1 }
        return low..<high
    }

    private func checkUTF8(_ text: Span<UInt8>, _ number: Int) throws(Refusal) {
        for cell in cells {
            let bytes = (cell.isUnquoted ? unquoted.span : text).extracting(cell.range)
            let isValid = bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
            guard isValid else {
                throw Refusal(
                    "row \(number): a cell is not UTF-8; if the file is from Windows, give --encoding windows-1252, or save "
                        + "it as UTF-8")
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
        text.extracting(range).withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
