// What spreadsheets put into cells and nobody wrote: errors of formulas, numbers that did not fit, formulas.

import Terminal

enum SpreadsheetCell {
    /// Where the content of a cell stands, in which something stands: an apostrophe before what would be a formula is none of
    /// it (an export puts it there), and `="0049"` is the text in its quotes.
    /// - Throws: what a spreadsheet put there instead of a value.
    static func content(of cell: Span<UInt8>) throws(CellError) -> Range<Int> {
        switch cell[0] {
        case UInt8(ascii: "'"): return (CSVText.startsFormula(String(decoding: cell)) ? 1 : 0)..<cell.count
        case UInt8(ascii: "="): return try quotedText(cell)
        case UInt8(ascii: "#"), UInt8(ascii: "E"):
            let text = String(decoding: cell)
            if isNumberThatDidNotFit(text) {
                throw CellError(
                    "'\(CellError.quoted(text))' is a number that did not fit its column; widen it and save again")
            }
            if isError(text) {
                throw CellError("'\(text)' is an error of a spreadsheet's formula; write the value that is meant")
            }
        default: break
        }
        return 0..<cell.count
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

    private static func isNumberThatDidNotFit(_ text: String) -> Bool {
        text.utf8.count > 1 && text.utf8.allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private static func isError(_ text: String) -> Bool {
        let text = text.uppercased()
        if errors.contains(text) { return true }
        // LibreOffice: `Err:502`.
        let digits = text.dropFirst(4)
        return text.hasPrefix("ERR:") && digits.count == 3 && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// As Excel and LibreOffice write them, in English, German, French, Spanish, Italian and Portuguese.
    private static let errors: Set<String> = [
        "#NAME?", "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
        "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!", "#GETTING_DATA", "#ERROR!", "#WERT!",
        "#BEZUG!", "#ZAHL!", "#NV", "#ÜBERLAUF!", "#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#¿NOMBRE?", "#¡REF!",
        "#¡VALOR!", "#¡DIV/0!", "#¡NUM!", "#¡NULO!", "#NOME?", "#VALORE!", "#RIF!", "#VALOR!", "#NÚM!", "#NULO!",
        "#N/D",
    ]
}
