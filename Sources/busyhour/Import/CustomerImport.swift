// A CSV file as customers: every error of every cell is found, with its row and column.

import Foundation
import Terminal
import Wire

struct CustomerImport {
    private(set) var customers: [Busyhour_V1_Customer] = []
    /// Line of the file of each customer.
    private(set) var lines: [Int] = []
    private(set) var errors: [String] = []
    private(set) var errorCount = 0
    /// The header's name by column.
    private let columns: [Int: String]

    /// - Parameters:
    ///   - startRow: the first row of data, from 1, the header being a row; nil: the one behind the header.
    ///   - map: names of columns (from 1) instead of, or besides, the header's; with all names there no header is needed.
    init(_ rows: [CSVRows.Row], startRow: Int?, map: [Int: String]) throws {
        let headerIndex = startRow.map { max(0, $0 - 2) } ?? 0
        var columns: [Int: String] = [:]
        if map.isEmpty || startRow != 1, headerIndex < rows.count {
            for (index, name) in rows[headerIndex].cells.enumerated() {
                columns[index] = name.trimmingCharacters(in: .whitespaces).lowercased()
            }
        }
        for (number, name) in map { columns[number - 1] = name }
        self.columns = columns
        try CustomerImport.check(columns, isMapped: !map.isEmpty)
        let first = startRow.map { $0 - 1 } ?? 1
        for row in rows.dropFirst(max(0, first)) { read(row) }
    }

    private static func check(_ columns: [Int: String], isMapped: Bool) throws {
        for (index, name) in columns.sorted(by: { $0.key < $1.key }) where !name.isEmpty {
            guard CustomerFields.setter(name) == nil, !CustomerFields.ignored.contains(name) else { continue }
            let hint =
                NearestName.of(name, among: CustomerFields.names).map { "did you mean '\($0)'?" }
                ?? "known are \(CommandNames.list(CustomerFields.names))"
            throw Refusal("column \(letter(index)): there is no field '\(name)'; \(hint)")
        }
        let twice = Dictionary(grouping: columns.values.filter { !$0.isEmpty }, by: \.self).first { $0.value.count > 1 }
        if let twice { throw Refusal("the field '\(twice.key)' has two columns; keep one") }
        for name in ["name", "currency"] where !columns.values.contains(name) {
            throw Refusal("no column is '\(name)'; name it in the header or with --map 1=\(name)")
        }
    }

    private mutating func read(_ row: CSVRows.Row) {
        var customer = Busyhour_V1_Customer()
        for (index, name) in columns.sorted(by: { $0.key < $1.key }) {
            guard let set = CustomerFields.setter(name), index < row.cells.count else { continue }
            let text = row.cells[index].trimmingCharacters(in: .whitespaces)
            // An empty cell leaves the field at its default.
            guard !text.isEmpty else { continue }
            do throws(CellError) {
                try set(&customer, text)
            } catch {
                report(line: row.line, field: name, error.message)
            }
        }
        customers.append(customer)
        lines.append(row.line)
    }

    /// Notes an error of the server about a customer of a request that began with customer `offset`.
    mutating func report(_ error: Busyhour_V1_RowError, offset: Int) {
        let index = offset + Int(error.index)
        report(line: index < lines.count ? lines[index] : 0, field: error.field, error.message)
    }

    /// Errors of a request beyond those that the server lists.
    mutating func countMore(_ count: Int) { errorCount += max(0, count) }

    private mutating func report(line: Int, field: String, _ message: String) {
        errorCount += 1
        guard errors.count < Limits.listedImportErrors else { return }
        let column = columns.first { $0.value == field }?.key
        errors.append(
            "row \(line)\(column.map { ", column \(CustomerImport.letter($0))" } ?? "") \"\(field)\": \(message)")
    }

    /// A, B ... Z, AA, as spreadsheets name columns.
    static func letter(_ index: Int) -> String {
        var name = ""
        var rest = index
        repeat {
            name = String(UnicodeScalar(UInt8(65 + rest % 26))) + name
            rest = rest / 26 - 1
        } while rest >= 0
        return name
    }
}
