// The cells of a board's answer, read from its columns.

import Terminal
import Wire

enum ResultCell: Equatable, Sendable {
    case null
    case integer(Int64)
    case number(Double)
    case text(String)
    case texts([String])
    /// 10^-6 of the row's currency.
    case money(Int64)
    /// Microseconds since 1970.
    case time(Int64)
    case boolean(Bool)

    var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .text(let value): .text(value)
        case .texts(let values): .array(values.map(JSONValue.text))
        case .money(let micros): .money(micros)
        case .time(let micros): .text(Timestamp.text(micros: micros))
        case .boolean(let value): .bool(value)
        }
    }

    var csv: CSVText.Cell {
        switch self {
        case .null: .empty
        case .integer(let value): .number(String(value))
        case .number: .number(json.text)
        case .text(let value): .text(value)
        case .texts(let values): .text(CSVText.list(values))
        case .money(let micros): .number(Money.text(micros: micros))
        case .time(let micros): .text(Timestamp.text(micros: micros))
        case .boolean(let value): .text(value ? "true" : "false")
        }
    }
}

extension Busyhour_V1_ResultColumn {
    /// The column's cells.
    /// - Throws: `Refusal` if the column contradicts itself.
    func cells() throws(Refusal) -> [ResultCell] {
        let malformed = Refusal("the answer's column '\(name)' is malformed; is the server of another version?")
        var cells: [ResultCell]
        switch kind {
        case .integer: cells = integers.map(ResultCell.integer)
        case .money: cells = integers.map(ResultCell.money)
        case .time: cells = integers.map(ResultCell.time)
        case .boolean: cells = integers.map { .boolean($0 != 0) }
        case .number: cells = numbers.map(ResultCell.number)
        case .text:
            guard codes.allSatisfy({ $0 < dictionary.count }) else { throw malformed }
            cells = codes.map { .text(dictionary[Int($0)]) }
        case .texts:
            guard codes.allSatisfy({ $0 < dictionary.count }) else { throw malformed }
            guard textCounts.reduce(0, { $0 + UInt64($1) }) == codes.count else { throw malformed }
            // The sum of the counts is the number of codes, so none exceeds the rest.
            var rest = codes[...]
            cells = textCounts.map { count in
                defer { rest = rest.dropFirst(Int(count)) }
                return .texts(rest.prefix(Int(count)).map { dictionary[Int($0)] })
            }
        case .UNRECOGNIZED: throw malformed
        }
        guard nulls.isEmpty || nulls.count >= (cells.count + 7) / 8 else { throw malformed }
        let bits = [UInt8](nulls)
        for row in cells.indices where !bits.isEmpty && bits[row / 8] >> (row % 8) & 1 == 1 { cells[row] = .null }
        return cells
    }
}
