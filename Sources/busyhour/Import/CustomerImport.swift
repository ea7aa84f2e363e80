// A CSV file as customers, as its octets come: every error of every cell is found, with its row and column. Whether names and
// auth entries are free is the server's to say.

import Wire

struct CustomerImport {
    private let startRow: Int?
    private let map: [Int: String]
    /// Rows without errors that were not taken yet, in parts; the last grows.
    private var ready: [ImportRows] = []
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
    /// The columns that have a field, in the order in which they are read.
    private var columns: [(index: Int, field: CustomerField)] = []
    private var cells: CustomerCells

    /// - Parameters: see `ImportHeader`.
    init(startRow: Int?, map: [Int: String], decimalComma: Bool = false) {
        (self.startRow, self.map) = (startRow, map)
        cells = CustomerCells(CellReading(decimalComma: decimalComma))
    }

    /// Reads what is whole by now.
    /// - Throws: `Refusal` for a file that cannot be read as rows, or whose columns are not known.
    mutating func append(_ octets: [UInt8]) throws(Refusal) { try take(try decoding.decode(octets), isLast: false) }

    /// The file has ended.
    mutating func finish() throws(Refusal) {
        try take(try decoding.finish(), isLast: true)
        if header == nil { throw Refusal("the file is empty; write a header and a row a customer") }
    }

    /// The rows that can be sent, each once, in parts as they are to be sent.
    /// - Parameter isLast: also those of a part that is not full.
    mutating func takeParts(isLast: Bool) -> [ImportRows] {
        let count = ready.last.map { isLast || $0.isFull } ?? false ? ready.count : max(0, ready.count - 1)
        defer { ready.removeFirst(count) }
        return Array(ready[..<count])
    }

    /// Notes what the server says of a row.
    mutating func add(_ error: Busyhour_V1_RowError) { report(Int(error.index), error.field, error.message) }

    /// What the columns are, by their index; none before the header is known.
    var fields: [Int: CustomerField] {
        Dictionary(uniqueKeysWithValues: columns.map { ($0.index, $0.field) })
    }

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
        while try rows.next() {
            if rows.number >= header?.firstRow ?? 1 { try readRow() }
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
        .compactMap { index, field in CustomerField(rawValue: field).map { (index, $0) } }
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
        while try reader.next() {
            rows.append(reader.row)
            if reader.number >= startRow ?? (rows[0].number + 1) { break }
        }
        return rows
    }

    // ---- a row ----------------------------------------------------------------------------------------------

    private mutating func readRow() throws(Refusal) {
        rowCount += 1
        guard rowCount <= Limits.importRows else {
            throw Refusal("there are more than \(Limits.importRows) rows; split the file")
        }
        if ready.last.map(\.isFull) ?? true { ready.append(ImportRows()) }
        let extra = extraColumn
        var faults: [(field: CustomerField, error: CellError)] = []
        cells.write(rows, columns, isRefused: extra != nil, to: &ready[ready.count - 1], &faults)
        for fault in faults { report(rows.number, fault.field.rawValue, fault.error.message) }
        if let extra {
            errors.add(
                .init(
                    row: rows.number, column: ImportHeader.letter(extra), field: "",
                    message: "the header has no such column; put a value with the separator in it into quotes"))
        }
        if extra != nil || !faults.isEmpty { failedRows += 1 }
    }

    /// A cell behind the header's last.
    private var extraColumn: Int? {
        guard let width = header?.width, rows.count > width else { return nil }
        return (width..<rows.count).first { !rows.isEmpty($0) }
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

extension ImportRows {
    /// Whether it is sent as it is, and the next row begins another.
    fileprivate var isFull: Bool { count >= Limits.rowsPerPart || byteCount >= Limits.partOctets }
}
