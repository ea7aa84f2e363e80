// Detects rows of totals, which spreadsheets have at the end of a table: they are not customers.

struct TotalRow {
    /// Sums over the rows above, 10^-6 of a unit, by column of amounts; nil: beyond what an amount can be.
    private var sums: [2 of Int64?] = [0, 0]
    private var amounts: [2 of Int64?] = [nil, nil]
    private var name: String?
    var hasCurrency = false

    mutating func beginRow() {
        (amounts, name, hasCurrency) = ([nil, nil], nil, false)
    }

    mutating func name(_ cell: Span<UInt8>) { name = Self.isTotal(cell) ? String(decoding: cell) : nil }

    mutating func amount(_ micros: Int64, column: Int) { amounts[column] = micros }

    /// The error of the row that was read, if it is one of totals: it is named so and has the sums of the rows above
    /// it, or amounts and no currency.
    mutating func endRow() -> CellError? {
        let isSum = amounts.indices.contains { amounts[$0] != nil && amounts[$0] != 0 && amounts[$0] == sums[$0] }
        let hasAmount = amounts.indices.contains { amounts[$0] != nil }
        if let name, isSum || hasAmount && !hasCurrency {
            return CellError(
                "'\(CellError.quoted(name))' looks like a row of totals and no customer; take it away, or call the customer "
                    + "something else")
        }
        for column in amounts.indices {
            guard let amount = amounts[column], let sum = sums[column] else { continue }
            let (added, overflow) = sum.addingReportingOverflow(amount)
            sums[column] = overflow ? nil : added
        }
        return nil
    }

    /// Whether it begins with a word for a total.
    static func isTotal(_ cell: Span<UInt8>) -> Bool {
        // Most names begin with other letters, and a million are checked.
        guard cell.count >= 3, starts.contains(cell[0] >= 0x80 ? cell[0] : cell[0] | 0x20) else { return false }
        let text = String(decoding: cell).lowercased()
        let first = text.prefix { $0.isLetter }
        return words.contains(String(first)) || text.hasPrefix("grand total") || text.hasPrefix("sub-total")
    }

    private static let words: Set<String> = [
        "total", "totals", "subtotal", "sum", "sums", "summe", "summen", "gesamt", "gesamtsumme", "zwischensumme",
        "insgesamt",
        "somme", "totaux", "totale", "totali", "totales", "totaal", "totalt", "suma", "soma", "razem", "celkem",
        "spolu",
        "yhteensä", "összesen", "toplam", "ukupno", "всего", "итого", "разом", "合计", "总计", "合計",
    ]

    private static let starts = Set(
        (words.union(["grand", "sub"])).compactMap(\.utf8.first))
}
