// Cell contents produced by programs: formula errors, numbers that did not fit or were shortened, nulls, formulas.

import Terminal

enum SpreadsheetCell {
    /// The range of the content of a non-empty cell: an apostrophe before an apparent formula or damage is
    /// not part of it (an export puts it there), and `="0049"` is the quoted text.
    /// - Throws: the damage found instead of a value.
    static func content(of cell: Span<UInt8>) throws(CellError) -> Range<Int> {
        switch cell[0] {
        case UInt8(ascii: "'"): return (CSVText.needsApostrophe(String(decoding: cell)) ? 1 : 0)..<cell.count
        case UInt8(ascii: "="): return try quotedText(cell)
        case UInt8(ascii: "#"), UInt8(ascii: "("), UInt8(ascii: "\\"): try check(cell)
        case UInt8(ascii: "E"), UInt8(ascii: "e"), UInt8(ascii: "N"), UInt8(ascii: "n"):
            if cell.count <= 7 { try check(cell) }
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            if cell.indices.contains(where: { cell[$0] == UInt8(ascii: "+") }) { try check(cell) }
        default: break
        }
        return 0..<cell.count
    }

    private static func check(_ cell: Span<UInt8>) throws(CellError) {
        let text = String(decoding: cell)
        guard let damage = SpreadsheetDamage(text) else { return }
        throw error(damage, text)
    }

    /// The error of a cell whose value was lost.
    static func error(_ damage: SpreadsheetDamage, _ text: String) -> CellError {
        let shown = CellError.quoted(text)
        switch damage {
        case .error:
            return CellError("'\(shown)' is an error of a spreadsheet's formula; write the value that is meant")
        case .tooNarrow:
            return CellError("'\(shown)' is a number that did not fit its column; widen it and save again")
        case .shortened: return CellError("\(shown) looks damaged by a spreadsheet; write all its digits")
        case .null:
            return CellError(
                "'\(shown)' is a database's word for no value; leave the cell empty, or put an apostrophe before it if it is meant"
            )
        }
    }

    private static func quotedText(_ cell: Span<UInt8>) throws(CellError) -> Range<Int> {
        let quote = UInt8(ascii: "\"")
        let inner = 2..<max(2, cell.count - 1)
        guard cell.count >= 3, cell[1] == quote, cell[cell.count - 1] == quote,
            inner.allSatisfy({ cell[$0] != quote && cell[$0] >= 0x20 })
        else {
            let text = CellError.quoted(String(decoding: cell))
            throw CellError(
                "'\(text)' is a formula; write the value that is meant, behind an apostrophe if it begins with =")
        }
        return inner
    }
}
