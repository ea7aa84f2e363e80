// The rows of a CSV file (RFC 4180 and what spreadsheets make of it), as its octets come: separated by comma, semicolon or
// tab; quoted fields may hold separators, line ends and doubled quotes.
//
// Octets are kept only until their row is whole, and a row has a limit: a file of any size, an endless line or a quote that is
// never closed costs some megabytes.

struct CSVRows {
    enum Separator: UInt8, CaseIterable {
        case comma = 0x2C
        case semicolon = 0x3B
        case tab = 0x09
    }

    struct Row: Equatable {
        /// As a spreadsheet numbers it: from 1, blank rows included, whatever lines its cells have.
        var number: Int
        /// Without the blanks around each, but for those within quotes.
        var cells: [String]
    }

    private let separator: UInt8
    private var text: [UInt8] = []
    /// Where the next row begins.
    private var start = 0
    private var isWhole = false
    private var number = 0

    init(separator: Separator) { self.separator = separator.rawValue }

    /// Takes the next octets, which are UTF-8.
    mutating func append(_ octets: [UInt8]) {
        text.removeFirst(start)
        start = 0
        text += octets
    }

    /// There are no more octets.
    mutating func finish() { isWhole = true }

    /// The next row in which anything is written; nil: it is not whole yet, or there is none.
    /// - Throws: `Refusal` with the row for a quote that is not closed, text that is not UTF-8, too many cells, a row too long.
    mutating func next() throws(Refusal) -> Row? {
        while start < text.count {
            let scan = try text.withUnsafeBufferPointer { text throws(Refusal) in
                try RowScan(text, from: start, separator: separator, isWhole: isWhole, number: number + 1)
            }
            guard let scan else {
                guard text.count - start <= Limits.rowOctets else {
                    throw Refusal(
                        "row \(number + 1) has more than \(Limits.rowOctets) octets; is a quote opened and not closed?")
                }
                return nil
            }
            number += 1
            start = scan.end
            if scan.cells.contains(where: { !$0.isEmpty }) { return Row(number: number, cells: scan.cells) }
        }
        return nil
    }
}

/// One row in octets: its cells and where it ends.
private struct RowScan {
    private(set) var cells: [String] = []
    private(set) var end: Int

    /// Nil: the row goes on behind the octets.
    init?(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, separator: UInt8, isWhole: Bool, number: Int
    ) throws(Refusal) {
        end = start
        var index = start
        while true {
            guard let next = try append(text, index, separator, isWhole, number) else { return nil }
            index = next
            guard cells.count <= Limits.columns else {
                throw Refusal("row \(number) has more than \(Limits.columns) cells; is this the right file?")
            }
            guard index < text.count else {
                if !isWhole { return nil }
                break
            }
            let octet = text[index]
            index += 1
            if octet == separator { continue }
            if octet == 0x0D {
                // Whether a line feed follows is not known yet.
                if index == text.count && !isWhole { return nil }
                if index < text.count && text[index] == 0x0A { index += 1 }
            }
            break
        }
        end = index
    }

    /// Adds the cell at a place; returns where the separator or line end behind it stands.
    private mutating func append(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ separator: UInt8, _ isWhole: Bool, _ number: Int
    ) throws(Refusal) -> Int? {
        var index = start
        guard index < text.count, text[index] == 0x22 else {
            while index < text.count && text[index] != separator && text[index] != 10 && text[index] != 13 {
                index += 1
            }
            if index == text.count && !isWhole { return nil }
            let cell = RowScan.trimmed(text, start..<index)
            cells.append(try RowScan.string(UnsafeBufferPointer(rebasing: text[cell]), number))
            return index
        }
        var octets: [UInt8] = []
        index += 1
        while true {
            guard index < text.count else {
                if !isWhole { return nil }
                throw Refusal("row \(number): a quote is opened and not closed; close it or double it")
            }
            let octet = text[index]
            index += 1
            if octet == 0x22 {
                guard index < text.count else {
                    if !isWhole { return nil }
                    break
                }
                guard text[index] == 0x22 else { break }
                index += 1
            }
            octets.append(octet)
        }
        let rest = index
        while index < text.count && text[index] != separator && text[index] != 10 && text[index] != 13 { index += 1 }
        if index == text.count && !isWhole { return nil }
        octets += text[RowScan.trimmed(text, rest..<index)]
        cells.append(
            try octets.withUnsafeBufferPointer { octets throws(Refusal) in try RowScan.string(octets, number) })
        return index
    }

    private static func trimmed(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high && (text[low] == 0x20 || text[low] == 0x09) { low += 1 }
        while high > low && (text[high - 1] == 0x20 || text[high - 1] == 0x09) { high -= 1 }
        return low..<high
    }

    private static func string(_ octets: UnsafeBufferPointer<UInt8>, _ number: Int) throws(Refusal) -> String {
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw Refusal("row \(number): a cell is not UTF-8; save the file as UTF-8")
        }
        return text
    }
}
