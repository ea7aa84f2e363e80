// The rows of a CSV file (RFC 4180 and what spreadsheets make of it): separated by comma, semicolon or tab; quoted
// fields may hold separators, line ends and doubled quotes; a byte order mark is passed over.

import Foundation

struct CSVRows {
    enum Separator: UInt8, CaseIterable {
        case comma = 0x2C
        case semicolon = 0x3B
        case tab = 0x09
    }

    struct Row: Equatable {
        /// As a spreadsheet numbers it: from 1, blank rows included, whatever lines its cells have.
        var number: Int
        /// Without the blanks around each.
        var cells: [String]
    }

    private var reader: Reader

    /// - Throws: `Refusal` for a file that is not UTF-8.
    init(_ octets: [UInt8], separator: Separator) throws(Refusal) {
        guard !octets.starts(with: [0xFF, 0xFE]), !octets.starts(with: [0xFE, 0xFF]) else {
            throw Refusal("the file is UTF-16; save it as UTF-8")
        }
        let text = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets[3...] : octets[...]
        reader = Reader(text: text, separator: separator.rawValue)
    }

    /// The next row in which anything is written; nil at the end.
    /// - Throws: `Refusal` with the row for a quote that is not closed, text that is not UTF-8, too many cells.
    mutating func next() throws(Refusal) -> Row? {
        while let row = try reader.next() {
            if row.cells.contains(where: { !$0.isEmpty }) { return row }
        }
        return nil
    }
}

private struct Reader {
    let text: ArraySlice<UInt8>
    let separator: UInt8
    private var index: Int
    private var number = 0

    init(text: ArraySlice<UInt8>, separator: UInt8) {
        self.text = text
        self.separator = separator
        index = text.startIndex
    }

    mutating func next() throws(Refusal) -> CSVRows.Row? {
        guard index < text.endIndex else { return nil }
        number += 1
        var cells: [String] = []
        while true {
            cells.append(try cell())
            guard cells.count <= Limits.columns else {
                throw Refusal("row \(number) has more than \(Limits.columns) cells; is this the right file?")
            }
            guard index < text.endIndex else { break }
            let octet = text[index]
            index += 1
            if octet == separator { continue }
            if octet == UInt8(ascii: "\r"), index < text.endIndex, text[index] == UInt8(ascii: "\n") { index += 1 }
            break
        }
        return CSVRows.Row(number: number, cells: cells)
    }

    /// One cell; stops at the separator or line end behind it.
    private mutating func cell() throws(Refusal) -> String {
        var octets: [UInt8] = []
        if index < text.endIndex && text[index] == UInt8(ascii: "\"") {
            index += 1
            while true {
                guard index < text.endIndex else {
                    throw Refusal("row \(number): a quote is opened and not closed; close it or double it")
                }
                let octet = text[index]
                index += 1
                if octet == UInt8(ascii: "\"") {
                    guard index < text.endIndex, text[index] == UInt8(ascii: "\"") else { break }
                    index += 1
                }
                octets.append(octet)
            }
        }
        while index < text.endIndex && text[index] != separator && text[index] != 10 && text[index] != 13 {
            octets.append(text[index])
            index += 1
        }
        guard let cell = String(validating: octets, as: UTF8.self) else {
            throw Refusal("row \(number): a cell is not UTF-8; save the file as UTF-8")
        }
        return cell.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
