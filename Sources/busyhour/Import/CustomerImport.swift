// A CSV file as customers, as its bytes come: every error of every cell is found, with its row and column. The server
// checks whether names and auth entries are free.

import Wire

struct CustomerImport {
    private let startRow: Int?
    private let map: [Int: String]
    /// Rows without errors that were not taken yet, in parts; the last grows.
    private var ready: [ImportRows] = []
    private(set) var errors: ImportErrors
    /// Rows that are not blank, good or bad.
    private(set) var rowCount = 0
    /// Rows with errors.
    private(set) var failedRows = 0
    /// Of these, those that the server checks as well, by their numbers: the fields whose cells are bad.
    private var checkedFaults: [Int: UInt32] = [:]
    /// Rows with bad cells that the server has not checked.
    var uncheckedRows: Int { failedRows - checkedFaults.count }
    /// The bytes until the separator and the header are known; nil afterwards.
    private var head: [UInt8]? = []
    private var decoding: TextDecoding
    private let ignoreUnknown: Bool
    private var rows = CSVRows(separator: .comma)
    private var header: ImportHeader?
    /// The columns that have a field, in the order in which they are read.
    private var columns: [(index: Int, field: CustomerField)] = []
    private var cells: CustomerCells

    /// - Parameters: see `ImportHeader`.
    init(startRow: Int?, map: [Int: String], reading: CellReading = CellReading()) {
        (self.startRow, self.map, ignoreUnknown) = (startRow, map, reading.ignoreUnknown)
        decoding = TextDecoding(reading.encoding)
        errors = ImportErrors(showsAll: reading.allErrors)
        cells = CustomerCells(reading)
    }

    /// Reads the rows that are complete by now.
    /// - Throws: `Refusal` for a file that cannot be read as rows, or whose columns are not known.
    mutating func append(_ bytes: [UInt8]) throws(Refusal) { try take(try decoding.decode(bytes), isLast: false) }

    /// The file has ended.
    mutating func finish() throws(Refusal) {
        try take(try decoding.finish(), isLast: true)
        if header == nil { throw Refusal("the file is empty; write a header line, then one row per customer") }
    }

    /// The rows that can be sent, each once, in parts for one request each.
    /// - Parameter isLast: also those of a part that is not full.
    mutating func takeParts(isLast: Bool) -> [ImportRows] {
        let count = ready.last.map { isLast || $0.isFull } ?? false ? ready.count : max(0, ready.count - 1)
        defer { ready.removeFirst(count) }
        return Array(ready[..<count])
    }

    /// Adds the server's error for a row, unless it is for a cell known to be bad, which the server received empty.
    mutating func add(_ error: Busyhour_V1_RowError) {
        let faults = checkedFaults[Int(error.index)] ?? 0
        let field = CustomerField(rawValue: error.field)
        let isNameless = field == .name && faults & CustomerField.id.faultBit != 0
        if let field, faults & field.faultBit != 0 || isNameless { return }
        report(Int(error.index), error.field, error.message)
    }

    /// The fields of the columns, by their index; empty before the header is known.
    var fields: [Int: CustomerField] {
        Dictionary(uniqueKeysWithValues: columns.map { ($0.index, $0.field) })
    }

    mutating func countUnlistedErrors(_ count: Int) { errors.countUnlisted(count) }

    // ---- the file -------------------------------------------------------------------------------------------

    private mutating func take(_ bytes: [UInt8], isLast: Bool) throws(Refusal) {
        if var head {
            head += bytes
            self.head = head
            guard isLast || head.count >= Limits.headerBytes else { return }
            try begin(head, isLast: isLast)
        } else {
            rows.append(bytes)
        }
        if isLast { rows.finish() }
        while try rows.next() {
            if rows.number >= header?.firstRow ?? 1 { try readRow() }
        }
    }

    private mutating func begin(_ bytes: [UInt8], isLast: Bool) throws(Refusal) {
        head = nil
        var bytes = bytes
        var numbered = 0
        var separator: CSVRows.Separator
        if let line = try SeparatorLine.find(in: bytes) {
            bytes.removeFirst(line.bytes)
            (separator, numbered) = (line.separator, 1)
        } else {
            separator = Self.separator(of: bytes, startRow: startRow, isLast: isLast)
        }
        rows = CSVRows(separator: separator, after: numbered)
        rows.append(bytes)
        let found = try ImportHeader(
            Self.head(rows, startRow: startRow, isLast: isLast), startRow: startRow, map: map,
            ignoreUnknown: ignoreUnknown)
        header = found
        // All contacts first: the columns of the first one are then merged into it.
        columns = found.fields.sorted {
            ($0.value == "contacts" ? -1 : $0.key) < ($1.value == "contacts" ? -1 : $1.key)
        }
        .compactMap { index, field in CustomerField(rawValue: field).map { (index, $0) } }
    }

    /// The separator by which the head names the most fields or, if it names none, has the most cells.
    private static func separator(of bytes: [UInt8], startRow: Int?, isLast: Bool) -> CSVRows.Separator {
        var best = (separator: CSVRows.Separator.comma, names: 0, cells: 0)
        for separator in CSVRows.Separator.allCases {
            // With a wrong separator quotes may not add up.
            var rows = CSVRows(separator: separator)
            rows.append(bytes)
            guard let head = try? head(rows, startRow: startRow, isLast: isLast) else { continue }
            let names = head.map(\.knownNames).max() ?? 0
            let cells = head.map(\.cells.count).max() ?? 0
            if (names, cells) > (best.names, best.cells) { best = (separator, names, cells) }
        }
        return best.separator
    }

    /// The rows up to the first customer's.
    private static func head(
        _ rows: CSVRows, startRow: Int?, isLast: Bool
    ) throws(Refusal) -> [CSVRows.Row] {
        var reader = rows
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
        let isChecked = checkedFaults.count < Limits.checkedFaultyRows
        var faults: [(field: CustomerField, error: CellError)] = []
        cells.write(
            rows, columns, isRefused: extra != nil, isChecked: isChecked, to: &ready[ready.count - 1], &faults)
        for fault in faults { report(rows.number, fault.field.rawValue, fault.error.message) }
        if let extra {
            errors.add(
                .init(
                    row: rows.number, column: ImportHeader.letter(extra), field: "",
                    message: "the header has no such column; put a value with the separator in it into quotes"))
        }
        guard extra != nil || !faults.isEmpty else { return }
        failedRows += 1
        if isChecked { checkedFaults[rows.number] = faults.reduce(0) { $0 | $1.field.faultBit } }
    }

    /// A cell beyond the header's last.
    private var extraColumn: Int? {
        guard let width = header?.width, rows.count > width else { return nil }
        return (width..<rows.count).first { !rows.isEmpty($0) }
    }

    private mutating func report(_ row: Int, _ field: String, _ message: String) {
        // The server has one field where the file has four, or the file has one where the server has four.
        let others = field == "contacts" ? ContactCells.columns : field.hasPrefix("contact_") ? ["contacts"] : []
        let found = header?.fields ?? [:]
        let inFile = ([field] + others).lazy.compactMap { name in found.first { $0.value == name } }.first
        errors.add(
            .init(
                row: row, column: inFile.map { ImportHeader.letter($0.key) }, field: inFile?.value ?? field,
                message: message))
    }
}

extension ImportRows {
    /// Whether it is full, so that the next row begins another.
    fileprivate var isFull: Bool { count >= Limits.rowsPerPart || byteCount >= Limits.partBytes }
}
