import Board
import Columnar
import Randomness

/// Columns of all kinds and shapes: what packs well, what hardly does, and what is at the edge of a type.
struct RandomColumns {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Values of one shape, drawn as well.
    mutating func numbers<Value: FixedWidthInteger>(_ count: Int, of type: Value.Type) -> [Value] {
        let shape = Int.random(in: 0..<9, using: &generator)
        let width = UInt64.random(in: 0...UInt64(Value.bitWidth), using: &generator)
        let mask = width == 64 ? UInt64.max : (1 << width) - 1
        let base = UInt64.random(in: 0...UInt64.max, using: &generator)
        let list = (0..<Int.random(in: 1...300, using: &generator)).map { _ in generator.next() }
        var sum = base
        return (0..<count).map { row in
            let random = generator.next()
            let bits: UInt64
            switch shape {
            case 0: bits = 0
            case 1: bits = base
            case 2: bits = base &+ random & mask
            case 3: bits = list[Int(random % UInt64(list.count))]
            case 4:
                sum &+= random & 0xFF
                bits = sum
            case 5:
                sum &-= random & mask
                bits = sum
            case 6: bits = random % 100 == 0 ? random : random & 7
            case 7: bits = UInt64(row / 100)
            default:
                bits = random % 3 == 0 ? UInt64(truncatingIfNeeded: Value.min) : UInt64(truncatingIfNeeded: Value.max)
            }
            return Value(truncatingIfNeeded: bits)
        }
    }

    mutating func texts(_ count: Int) -> [String] {
        let shape = Int.random(in: 0..<4, using: &generator)
        return (0..<count).map { row in
            let random = generator.next()
            switch shape {
            case 0: return ""
            case 1: return "Customer \(row) of \(random % 100)"
            case 2: return String((0..<random % 20).map { _ in "aé漢😀z".randomElement(using: &generator) ?? "a" })
            default: return random % 50 == 0 ? String(repeating: "n", count: Int(random % 9_000)) : "\(random)"
            }
        }
    }

    mutating func values(_ kind: SavedValues.Kind, _ count: Int) -> SavedValues {
        switch kind {
        case .unsigned8: .unsigned8(column(numbers(count, of: UInt8.self)))
        case .unsigned16: .unsigned16(column(numbers(count, of: UInt16.self)))
        case .unsigned32: .unsigned32(column(numbers(count, of: UInt32.self)))
        case .signed32: .signed32(column(numbers(count, of: Int32.self)))
        case .signed64: .signed64(column(numbers(count, of: Int64.self)))
        case .text: .text(column(texts(count)))
        }
    }

    mutating func table(id: UInt16, rows: Int) -> SavedTable {
        let columns = SavedValues.Kind.allCases.enumerated().map { index, kind in
            SavedColumn(UInt16(index + 1), "\(kind.rawValue) column", values(kind, rows))
        }
        return SavedTable(id: id, name: "table \(id)", columns: columns)
    }

    private func column<Value>(_ values: [Value]) -> Column<Value> {
        var column = Column<Value>()
        for value in values { column.append(value) }
        return column
    }

    private func column(_ texts: [String]) -> TextColumn {
        var column = TextColumn()
        for text in texts { column.append(text) }
        return column
    }
}

extension SavedValues {
    /// Every row as a text, to be compared.
    var rows: [String] {
        switch self {
        case .unsigned8(let column): (0..<column.count).map { "\(column[$0])" }
        case .unsigned16(let column): (0..<column.count).map { "\(column[$0])" }
        case .unsigned32(let column): (0..<column.count).map { "\(column[$0])" }
        case .signed32(let column): (0..<column.count).map { "\(column[$0])" }
        case .signed64(let column): (0..<column.count).map { "\(column[$0])" }
        case .text(let column): (0..<column.count).map { column[$0] }
        }
    }
}

/// Whether two lists of tables have the same names, kinds and rows.
func areEqual(_ left: [SavedTable], _ right: [SavedTable]) -> Bool {
    left.count == right.count
        && zip(left, right).allSatisfy { left, right in
            left.id == right.id && left.name == right.name && left.columns.count == right.columns.count
                && zip(left.columns, right.columns).allSatisfy {
                    $0.id == $1.id && $0.name == $1.name && $0.values.kind == $1.values.kind
                        && $0.values.rows == $1.values.rows
                }
        }
}
