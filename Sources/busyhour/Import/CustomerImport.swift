// A CSV file as customers: every error of every cell is found, with its row and column.

import Foundation
import Wire

struct CustomerImport {
    /// The customers of the rows without errors.
    private(set) var customers: [Busyhour_V1_Customer] = []
    private(set) var errors = ImportErrors()
    /// Rows with anything in them, good or bad.
    private(set) var rowCount = 0
    /// The row of each customer.
    private var rows: [Int] = []
    private var header: ImportHeader
    /// The columns that have a field, in the order in which they are read, and how each is.
    private let columns: [(index: Int, field: String, set: CustomerFields.Setter)]
    /// Which row first has a name or an auth entry: over several requests the server does not see both rows at once.
    private var rowOfName: [String: Int] = [:]
    private var rowOfAuth: [String: Int] = [:]

    /// - Parameters: see `ImportHeader`.
    /// - Throws: `Refusal` for a file that cannot be read as rows, or whose columns are not known.
    init(_ octets: [UInt8], startRow: Int?, map: [Int: String]) throws(Refusal) {
        let separator = try Self.separator(of: octets, startRow: startRow)
        header = try ImportHeader(
            Self.head(of: octets, separator: separator, startRow: startRow), startRow: startRow, map: map)
        // All contacts first: the columns of the first one then go into it.
        columns = header.fields.sorted {
            ($0.value == "contacts" ? -1 : $0.key) < ($1.value == "contacts" ? -1 : $1.key)
        }
        .compactMap { index, field in
            CustomerFields.setter(field).map { (index, field, $0) }
        }
        var reader = try CSVRows(octets, separator: separator)
        while let row = try reader.next() {
            if row.number >= header.firstRow { read(row) }
        }
    }

    /// Notes what the server says of a customer.
    /// - Parameter index: into `customers`.
    mutating func add(_ error: Busyhour_V1_RowError, index: Int) {
        guard rows.indices.contains(index) else { return errors.countUnlisted(1) }
        report(rows[index], error.field, error.message)
    }

    mutating func countUnlistedErrors(_ count: Int) { errors.countUnlisted(count) }

    // ---- the head of the file -------------------------------------------------------------------------------

    /// The separator by which the head names the most fields or, if it names none, has the most cells.
    private static func separator(of octets: [UInt8], startRow: Int?) throws(Refusal) -> CSVRows.Separator {
        var best = (separator: CSVRows.Separator.comma, names: 0, cells: 0)
        for separator in CSVRows.Separator.allCases {
            // With a wrong separator quotes may not add up.
            guard let head = try? head(of: octets, separator: separator, startRow: startRow) else { continue }
            let names = head.map(\.knownNames).max() ?? 0
            let cells = head.map(\.cells.count).max() ?? 0
            if (names, cells) > (best.names, best.cells) { best = (separator, names, cells) }
        }
        return best.separator
    }

    /// The rows up to the first customer's.
    private static func head(
        of octets: [UInt8], separator: CSVRows.Separator, startRow: Int?
    ) throws(Refusal) -> [CSVRows.Row] {
        var reader = try CSVRows(octets, separator: separator)
        var rows: [CSVRows.Row] = []
        while let row = try reader.next() {
            rows.append(row)
            if row.number >= startRow ?? (rows[0].number + 1) { break }
        }
        return rows
    }

    // ---- a row ----------------------------------------------------------------------------------------------

    private mutating func read(_ row: CSVRows.Row) {
        rowCount += 1
        let errorsBefore = errors.count
        var customer = Busyhour_V1_Customer()
        for (index, field, set) in columns where index < row.cells.count {
            let text = row.cells[index].withoutFormulaGuard
            // An empty cell leaves the field as it is by default.
            guard !text.isEmpty else { continue }
            do throws(CellError) {
                try set(&customer, text)
            } catch {
                report(row.number, field, error.message)
            }
        }
        if let width = header.width,
            let extra = row.cells.indices.dropFirst(width).first(where: { !row.cells[$0].isEmpty })
        {
            let column = ImportHeader.letter(extra)
            errors.add(
                .init(
                    row: row.number, column: column, field: "",
                    message: "the header has no such column; put a value with the separator in it into quotes"))
        }
        checkUnique(customer, row.number)
        guard errors.count == errorsBefore else { return }
        customers.append(customer)
        rows.append(row.number)
    }

    private mutating func checkUnique(_ customer: Busyhour_V1_Customer, _ row: Int) {
        let name = customer.name.precomposedStringWithCanonicalMapping.lowercased()
        if !name.isEmpty, let first = Self.claim(name, row, &rowOfName) {
            report(row, "name", "'\(customer.name)' is also the name of row \(first); keep one of them")
        }
        for entry in customer.auth {
            if let first = Self.claim("\(entry.kind.rawValue):\(entry.value)", row, &rowOfAuth) {
                let whose = first == row ? "is there twice" : "is also in row \(first)"
                report(row, "auth", "'\(entry.value)' \(whose); keep one of them")
            }
        }
    }

    /// The row that has the key already, or nil: it is this one's from now on.
    private static func claim(_ key: String, _ row: Int, _ rows: inout [String: Int]) -> Int? {
        if let first = rows[key] { return first }
        rows[key] = row
        return nil
    }

    private mutating func report(_ row: Int, _ field: String, _ message: String) {
        // The server has one field where the file has four.
        let inFile =
            header.fields.first { $0.value == field }
            ?? (field == "contacts" ? header.fields.first { $0.value.hasPrefix("contact_") } : nil)
        errors.add(
            .init(
                row: row, column: inFile.map { ImportHeader.letter($0.key) }, field: inFile?.value ?? field,
                message: message))
    }
}

extension String {
    /// The text itself where an export put an apostrophe before what a spreadsheet would run as a formula.
    fileprivate var withoutFormulaGuard: String {
        guard first == "'", let second = dropFirst().unicodeScalars.first, "=+-@".unicodeScalars.contains(second) else {
            return self
        }
        return String(dropFirst())
    }
}
