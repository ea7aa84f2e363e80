// Which column of an import file is which field, and where the customers begin.

struct ImportHeader: Equatable {
    /// The fields by the index of their column.
    var fields: [Int: String]
    /// Cells of the header row; nil if there is none: rows then have any number.
    var width: Int?
    /// Number of the first row that can be a customer.
    var firstRow: Int

    /// - Parameters:
    ///   - rows: the rows before the first customer and, at least, one more.
    ///   - startRow: number of the first customer's row; nil: the row after the first.
    ///   - map: fields by the number of their column, from 1. The other columns go by the header and are skipped if it
    ///     names no field.
    ///   - ignoreUnknown: skips columns whose header names no field.
    /// - Throws: `Refusal` with all faults of the header.
    init(
        _ rows: [CSVRows.Row], startRow: Int?, map: [Int: String], ignoreUnknown: Bool = false
    ) throws(Refusal) {
        guard let first = rows.first else {
            throw Refusal("the file is empty; write a header line, then one row per customer")
        }
        firstRow = startRow ?? first.number + 1
        let candidates = rows.filter { [firstRow] in $0.number < firstRow }
        // Titles may be above the header, and irrelevant rows below: it is the row that names the most fields.
        let best = candidates.max { ($1.knownNames, $0.number) > ($0.knownNames, $1.number) }
        fields = [:]
        for (column, field) in map { fields[column - 1] = field }
        guard let header = best, header.knownNames > 0 || map.isEmpty else {
            if map.isEmpty {
                throw Refusal("no row above row \(firstRow) is a header; name the columns with --map 1=name,2=currency")
            }
            try Self.refuse(Self.lacking(fields, isForeign: false))
            return
        }
        var errors: [String] = []
        var unknown: [(index: Int, name: String)] = []
        for (index, cell) in header.cells.enumerated() where fields[index] == nil && !cell.isEmpty {
            let name = cell.asFieldName
            if CustomerField.isKnown(name) {
                if map.values.contains(name) { continue }
                if let other = fields.first(where: { $0.value == name }) {
                    errors.append(
                        "columns \(Self.letter(other.key)) and \(Self.letter(index)) are both '\(name)'; keep one")
                } else {
                    fields[index] = name
                }
            } else if map.isEmpty {
                unknown.append((index, cell))
            }
        }
        if !unknown.isEmpty && !ignoreUnknown { errors.append(Self.unknown(unknown, row: header.number)) }
        if map.isEmpty { width = header.cells.count }
        try Self.refuse(errors + Self.lacking(fields, isForeign: !unknown.isEmpty))
    }

    /// Reads `1=name,3=currency`.
    /// - Throws: `UsageError`.
    static func map(_ text: String) throws(UsageError) -> [Int: String] {
        var map: [Int: String] = [:]
        for part in NameList.parse(text) {
            let sides = part.split(separator: "=", maxSplits: 1).map { String($0[...].trimming(while: { $0 == " " })) }
            guard sides.count == 2, let column = Int(sides[0]), (1...Limits.columns).contains(column) else {
                throw UsageError("--map: '\(part)' is not column=field; write 1=name,3=currency")
            }
            guard CustomerField.isKnown(sides[1].asFieldName) else { throw UsageError("--map: " + unknown(sides[1])) }
            guard map[column] == nil, !map.values.contains(sides[1].asFieldName) else {
                throw UsageError("--map: '\(part)' names a column or a field for the second time; keep one")
            }
            map[column] = sides[1].asFieldName
        }
        return map
    }

    /// A, B ... Z, AA, as spreadsheets name columns.
    /// - Parameter index: from 0.
    static func letter(_ index: Int) -> String {
        var letters = ""
        var rest = index
        repeat {
            letters = String(UnicodeScalar(UInt8(65 + rest % 26))) + letters
            rest = rest / 26 - 1
        } while rest >= 0
        return letters
    }

    /// The missing fields among identity and currency: for an existing customer the id gives both. The ids of a file
    /// with foreign columns may belong to another system.
    private static func lacking(_ fields: [Int: String], isForeign: Bool) -> [String] {
        if fields.values.contains("id") && !isForeign { return [] }
        return ["name", "currency"].filter { !fields.values.contains($0) }.map {
            "no column is '\($0)'; name it in the header or with --map 1=\($0)"
        }
    }

    private static func refuse(_ errors: [String]) throws(Refusal) {
        if !errors.isEmpty { throw Refusal(lines: errors) }
    }

    /// All columns that are not named after a field, in one line.
    private static func unknown(_ columns: [(index: Int, name: String)], row: Int) -> String {
        let shown = columns.prefix(Limits.shownUnknownColumns).map { index, name in
            let hint =
                NearestName.of(name.asFieldName, among: CustomerField.names).map { "; did you mean '\($0)'?" } ?? ""
            return "'\(CellError.quoted(name))' (column \(letter(index))\(hint))"
        }
        let more = columns.count - shown.count
        return "row \(row): no fields are \(CommandNames.list(shown))\(more > 0 ? " and \(more) more" : ""); known are "
            + "\(CommandNames.list(CustomerField.names)); skip columns with --ignore-unknown, or name them with "
            + "--map 1=name,2=currency"
    }

    private static func unknown(_ name: String) -> String {
        let hint =
            NearestName.of(name.asFieldName, among: CustomerField.names).map { "did you mean '\($0)'?" }
            ?? "known are \(CommandNames.list(CustomerField.names))"
        return "there is no field '\(name)'; \(hint)"
    }
}

extension CSVRows.Row {
    /// The number of cells that name a field.
    var knownNames: Int { cells.count { CustomerField.isKnown($0.asFieldName) } }
}

extension String {
    /// `Account Manager` and `account-manager` are `account_manager`.
    fileprivate var asFieldName: String {
        String(lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }
}
