// A CSV file as customers, as its octets come: every error of every cell is found, with its row and column. Whether names and
// auth entries are free is the server's to say.

import Foundation
import Terminal
import Wire

/// One row of the file that can be sent.
struct ImportedRow {
    var number: Int
    var customer: Busyhour_V1_Customer
    /// What the row says of him, see `ImportCustomersRequest.fields`.
    var fields: UInt32
}

struct CustomerImport {
    private let startRow: Int?
    private let map: [Int: String]
    private let cells: CellReading
    /// Rows without errors that were not taken yet.
    private var ready: [ImportedRow] = []
    private(set) var errors = ImportErrors()
    /// Rows with anything in them, good or bad.
    private(set) var rowCount = 0
    /// Rows of which something is wrong.
    private(set) var failedRows = 0
    /// What comes before the separator and the header are known; nil afterwards.
    private var head: [UInt8]? = []
    private var decoding = TextDecoding()
    private var rows = CSVRows(separator: .comma)
    private var header: ImportHeader?
    /// The columns that have a field, in the order in which they are read, and how each is.
    private var columns: [(index: Int, field: String, bit: UInt32, set: CustomerFields.Setter)] = []

    /// - Parameters: see `ImportHeader`.
    init(startRow: Int?, map: [Int: String], decimalComma: Bool = false) {
        (self.startRow, self.map) = (startRow, map)
        cells = CellReading(decimalComma: decimalComma)
    }

    /// Reads what is whole by now.
    /// - Throws: `Refusal` for a file that cannot be read as rows, or whose columns are not known.
    mutating func append(_ octets: [UInt8]) throws(Refusal) { try take(try decoding.decode(octets), isLast: false) }

    /// The file has ended.
    mutating func finish() throws(Refusal) {
        try take(try decoding.finish(), isLast: true)
        if header == nil { throw Refusal("the file is empty; write a header and a row a customer") }
    }

    /// The rows that can be sent, each once.
    mutating func takeRows() -> [ImportedRow] {
        defer { ready = [] }
        return ready
    }

    /// Notes what the server says of a row.
    mutating func add(_ error: Busyhour_V1_RowError) { report(Int(error.index), error.field, error.message) }

    mutating func countUnlistedErrors(_ count: Int) { errors.countUnlisted(count) }

    // ---- the file -------------------------------------------------------------------------------------------

    private mutating func take(_ octets: [UInt8], isLast: Bool) throws(Refusal) {
        if var head {
            head += octets
            self.head = head
            guard isLast || head.count >= Limits.headerOctets else { return }
            try begin(head, isLast: isLast)
        } else {
            rows.append(octets)
        }
        if isLast { rows.finish() }
        while let row = try rows.next() {
            if row.number >= header?.firstRow ?? 1 { try read(row) }
        }
    }

    private mutating func begin(_ octets: [UInt8], isLast: Bool) throws(Refusal) {
        head = nil
        let separator = Self.separator(of: octets, startRow: startRow, isLast: isLast)
        let found = try ImportHeader(
            Self.head(of: octets, separator: separator, startRow: startRow, isLast: isLast), startRow: startRow,
            map: map)
        header = found
        // All contacts first: the columns of the first one then go into it.
        columns = found.fields.sorted {
            ($0.value == "contacts" ? -1 : $0.key) < ($1.value == "contacts" ? -1 : $1.key)
        }
        .compactMap { index, field in
            CustomerFields.setter(field).map { (index, field, CustomerFields.bit(field), $0) }
        }
        rows = CSVRows(separator: separator)
        rows.append(octets)
    }

    /// The separator by which the head names the most fields or, if it names none, has the most cells.
    private static func separator(of octets: [UInt8], startRow: Int?, isLast: Bool) -> CSVRows.Separator {
        var best = (separator: CSVRows.Separator.comma, names: 0, cells: 0)
        for separator in CSVRows.Separator.allCases {
            // With a wrong separator quotes may not add up.
            guard let head = try? head(of: octets, separator: separator, startRow: startRow, isLast: isLast) else {
                continue
            }
            let names = head.map(\.knownNames).max() ?? 0
            let cells = head.map(\.cells.count).max() ?? 0
            if (names, cells) > (best.names, best.cells) { best = (separator, names, cells) }
        }
        return best.separator
    }

    /// The rows up to the first customer's.
    private static func head(
        of octets: [UInt8], separator: CSVRows.Separator, startRow: Int?, isLast: Bool
    ) throws(Refusal) -> [CSVRows.Row] {
        var reader = CSVRows(separator: separator)
        reader.append(octets)
        if isLast { reader.finish() }
        var rows: [CSVRows.Row] = []
        while let row = try reader.next() {
            rows.append(row)
            if row.number >= startRow ?? (rows[0].number + 1) { break }
        }
        return rows
    }

    // ---- a row ----------------------------------------------------------------------------------------------

    private mutating func read(_ row: CSVRows.Row) throws(Refusal) {
        rowCount += 1
        guard rowCount <= Limits.importRows else {
            throw Refusal("there are more than \(Limits.importRows) rows; split the file")
        }
        let errorsBefore = errors.count
        var customer = Busyhour_V1_Customer()
        var fields: UInt32 = 0
        for (index, field, bit, set) in columns where index < row.cells.count {
            let text = row.cells[index].withoutFormulaGuard
            // An empty cell leaves the field as it is.
            guard !text.isEmpty else { continue }
            fields |= bit
            do throws(CellError) {
                try set(cells, &customer, text)
            } catch {
                report(row.number, field, error.message)
            }
        }
        if let width = header?.width,
            let extra = row.cells.indices.dropFirst(width).first(where: { !row.cells[$0].isEmpty })
        {
            let column = ImportHeader.letter(extra)
            errors.add(
                .init(
                    row: row.number, column: column, field: "",
                    message: "the header has no such column; put a value with the separator in it into quotes"))
        }
        guard errors.count == errorsBefore else {
            failedRows += 1
            return
        }
        ready.append(ImportedRow(number: row.number, customer: customer, fields: fields))
    }

    private mutating func report(_ row: Int, _ field: String, _ message: String) {
        // The server has one field where the file has four.
        let inFile =
            header?.fields.first { $0.value == field }
            ?? (field == "contacts" ? header?.fields.first { $0.value.hasPrefix("contact_") } : nil)
        errors.add(
            .init(
                row: row, column: inFile.map { ImportHeader.letter($0.key) }, field: inFile?.value ?? field,
                message: message))
    }
}

extension String {
    /// The text itself where an export put an apostrophe before what a spreadsheet would run as a formula, or before such an
    /// apostrophe.
    fileprivate var withoutFormulaGuard: String {
        guard utf8.first == UInt8(ascii: "'"), CSVText.startsFormula(self) else { return self }
        return String(dropFirst())
    }
}
