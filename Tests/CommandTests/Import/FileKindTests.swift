import Testing

@testable import busyhour

/// Files that are not what `import` reads, and those that are without saying how.
@Suite struct FileKindTests {
    private static func refusal(_ bytes: [UInt8], piece: Int) -> String? {
        var reading = CustomerImport(startRow: nil, map: [:])
        do throws(Refusal) {
            for first in stride(from: 0, to: bytes.count, by: piece) {
                try reading.append(Array(bytes[first..<min(bytes.count, first + piece)]))
            }
            try reading.finish()
            return nil
        } catch {
            return error.lines.joined(separator: " ")
        }
    }

    /// A zip archive begins with its first file's header of 30 bytes and name.
    private static func zip(_ name: String) -> [UInt8] {
        Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0x14, count: 26) + Array(name.utf8)
            + [UInt8](repeating: 0x9C, count: 400)
    }

    private struct Sample: Sendable {
        var start: [UInt8]
        var told: String
    }

    private static let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static let samples: [Sample] = [
        Sample(start: zip("[Content_Types].xml"), told: "an Excel workbook (.xlsx); save it as CSV"),
        Sample(start: zip("_rels/.rels"), told: "an Excel workbook (.xlsx); save it as CSV"),
        Sample(start: zip("xl/workbook.xml"), told: "an Excel workbook (.xlsx); save it as CSV"),
        Sample(
            start: zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
            told: "an OpenDocument file (.ods); save it as CSV"),
        Sample(start: zip("customers.csv"), told: "a zip archive, or an Excel workbook; unpack it, or save it as CSV"),
        Sample(start: ole, told: "an Excel workbook of the old format (.xls)"),
        Sample(start: [0x1F, 0x8B, 8, 0], told: "a gzip file; unpack it first"),
        Sample(start: Array("%PDF-1.7".utf8), told: "a PDF"),
        Sample(start: Array("<html><table>".utf8), told: "a web page (HTML)"),
        Sample(start: mark + Array("<?xml version='1.0'?>".utf8), told: "XML"),
    ]

    @Test func whatIsNoTextIsNamed() {
        for sample in Self.samples {
            for rest in [0, 300] {
                let bytes = sample.start + [UInt8](repeating: 0x20, count: rest)
                for piece in [1, 7, 128, 10_000] {
                    let refusal = Self.refusal(bytes, piece: piece) ?? "read"
                    #expect(refusal.hasPrefix("this is \(sample.told)"), "\(piece): \(refusal)")
                }
            }
        }
    }

    private static let texts: [String] = [
        "name;currency\nA;EUR\n", "name\tcurrency\r\nÄÖ\tEUR\r\nŁ\tEUR\r\n😀\tEUR\r\n",
    ]

    @Test(arguments: [true, false], texts)
    func utf16NeedsNoMark(_ isBigEndian: Bool, _ text: String) throws {
        let bytes = text.utf16.flatMap { unit -> [UInt8] in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return isBigEndian ? [high, low] : [low, high]
        }
        for piece in [1, 3, 64, 10_000] {
            var reading = CustomerImport(startRow: nil, map: [:])
            for first in stride(from: 0, to: bytes.count, by: piece) {
                try reading.append(Array(bytes[first..<min(bytes.count, first + piece)]))
            }
            try reading.finish()
            #expect(reading.errors.isEmpty && reading.rowCount == text.split(whereSeparator: \.isNewline).count - 1)
        }
        let half = Self.refusal(Array(bytes.dropLast()), piece: 64) ?? ""
        #expect(half.contains("in the middle of a character"), "\(half)")
    }

    @Test func unknownColumnsArePassedOverWhereThatIsTold() throws {
        let text = "Nr,name,Ort,currency,credit,\n1,A,Bonn,EUR,5,x\n2,B,Köln,USD,6,\n"
        var strict = CustomerImport(startRow: nil, map: [:])
        #expect(throws: Refusal.self) {
            try strict.append(Array(text.utf8))
            try strict.finish()
        }
        var reading = CustomerImport(startRow: nil, map: [:], reading: CellReading(ignoreUnknown: true))
        try reading.append(Array(text.utf8))
        try reading.finish()
        #expect(reading.errors.isEmpty && reading.rowCount == 2)
        #expect(reading.fields == [1: .name, 3: .currency, 4: .credit])
        // A cell behind the header's last is still too much: the row is shifted.
        var shifted = CustomerImport(startRow: nil, map: [:], reading: CellReading(ignoreUnknown: true))
        try shifted.append(Array("name,Ort,currency\nA,Bonn,EUR,5\n".utf8))
        try shifted.finish()
        #expect(shifted.errors.listed.map(\.column) == ["D"])
    }

    private static let totals: [String] = [
        "Total,,17.5", "total,EUR,17.5", "Summe,,1", "Gesamt:,EUR,17.50", "Grand Total,,17.5", "Total Telecom,EUR,17.5",
        "合计,,17.5", "Всего,EUR,17.5",
    ]
    private static let customers: [String] = [
        "SUMME,,", "Total Telecom,EUR,5", "Totalia,EUR,17.5", "Summit,EUR,17.5", "Itogo,EUR,1", "Sum,EUR,0",
    ]

    @Test func aRowOfTotalsIsNoCustomer() throws {
        for row in Self.totals + Self.customers {
            var reading = CustomerImport(startRow: nil, map: [:])
            try reading.append(Array("name,currency,credit\nA,EUR,5\nB,EUR,12.5\n\(row)\n".utf8))
            try reading.finish()
            let told = reading.errors.listed.filter { $0.message.contains("looks like a row of totals") }
            #expect(told.map(\.row) == (Self.totals.contains(row) ? [4] : []), "\(row): \(reading.errors.listed)")
        }
    }
}
