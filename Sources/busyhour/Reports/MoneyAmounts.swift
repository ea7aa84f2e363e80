import Terminal
import Wire

/// Amounts of one currency each, in the order of the currencies' codes.
struct MoneyAmounts: Equatable, Sendable {
    var amounts: [(currency: String, micros: Int64)] = []

    static func == (left: MoneyAmounts, right: MoneyAmounts) -> Bool { left.json == right.json }

    var currencies: [String] { amounts.map(\.currency) }

    func micros(in currency: String) -> Int64? { amounts.first { $0.currency == currency }?.micros }

    /// An object by currency.
    var json: JSONValue { .object(amounts.map { .init($0.currency, .money($0.micros)) }) }

    /// `EUR 12.50;USD 3.00`.
    var csv: CSVText.Cell {
        .text(CSVText.list(amounts.map { $0.currency + " " + Money.text(micros: $0.micros) }))
    }
}

/// The amounts of an answer's cells that hold several currencies.
struct MoneyTable: Sendable {
    private struct Place: Hashable {
        var row: Int
        var column: Int
    }

    private var cells: [Place: MoneyAmounts] = [:]

    /// - Parameters:
    ///   - rows: their number; nil: the message is of totals, whose only row is 0.
    ///   - columns: their number.
    /// - Throws: `Refusal` if the message contradicts itself or the answer.
    init(_ message: Busyhour_V1_MoneyCells, rows: Int?, columns: Int) throws(Refusal) {
        let count = message.micros.count
        guard message.columns.count == count, message.currencyCodes.count == count,
            message.rows.count == (rows == nil ? 0 : count),
            message.columns.allSatisfy({ $0 < columns }), message.rows.allSatisfy({ $0 < rows ?? 0 }),
            message.currencyCodes.allSatisfy({ $0 < message.currencies.count })
        else { throw Refusal("the answer's amounts of money are malformed; is the server of another version?") }
        for index in 0..<count {
            let place = Place(row: rows == nil ? 0 : Int(message.rows[index]), column: Int(message.columns[index]))
            let currency = message.currencies[Int(message.currencyCodes[index])]
            cells[place, default: MoneyAmounts()].amounts.append((currency, message.micros[index]))
        }
        for place in cells.keys { cells[place]?.amounts.sort { $0.currency < $1.currency } }
    }

    /// The amounts of a cell; nil: it has none of its own.
    subscript(row: Int, column: Int) -> MoneyAmounts? { cells[Place(row: row, column: column)] }

    /// All currencies, in order.
    var currencies: [String] { Set(cells.values.flatMap(\.currencies)).sorted() }
}
