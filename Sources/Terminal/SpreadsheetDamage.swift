// What programs leave in a cell whose value they lost: formula errors, numbers that did not fit or were shortened,
// nulls.

public enum SpreadsheetDamage: Equatable, Sendable {
    /// `#NAME?`, `#REF!`, `Err:502`: the error of a formula.
    case error
    /// `#####`: the column was too narrow when the file was saved.
    case tooNarrow
    /// `4.42E+11`: digits are lost.
    case shortened
    /// `NULL`, `\N`: a database's null.
    case null

    /// Which of these a whole cell is; nil: it may well be a value.
    public init?(_ text: some StringProtocol) {
        // Most texts begin with something else.
        switch text.utf8.first ?? 0 {
        case UInt8(ascii: "#"):
            if text.utf8.count > 1 && text.utf8.allSatisfy({ $0 == UInt8(ascii: "#") }) {
                self = .tooNarrow
            } else if Self.errors.contains(text.uppercased()) {
                self = .error
            } else {
                return nil
            }
        case UInt8(ascii: "E"), UInt8(ascii: "e"):
            guard Self.isCalcError(text) else { return nil }
            self = .error
        case UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "("), UInt8(ascii: "\\"):
            guard Self.nulls.contains(String(text)) else { return nil }
            self = .null
        // The sign comes from a spreadsheet: `12e5` may be a name.
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            guard text.utf8.contains(UInt8(ascii: "+")), Number.isScientific(text) else { return nil }
            self = .shortened
        default: return nil
        }
    }

    /// LibreOffice: `Err:502`.
    private static func isCalcError(_ text: some StringProtocol) -> Bool {
        let digits = text.utf8.dropFirst(4)
        return digits.count == 3 && digits.allSatisfy { $0 &- 0x30 < 10 } && text.lowercased().hasPrefix("err:")
    }

    private static let nulls: Set<String> = ["NULL", "null", "(NULL)", "(null)", "\\N"]

    /// As written by Excel and LibreOffice, in English, German, French, Spanish, Italian and Portuguese.
    private static let errors: Set<String> = [
        "#NAME?", "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
        "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!", "#GETTING_DATA", "#ERROR!", "#WERT!",
        "#BEZUG!", "#ZAHL!", "#NV", "#ÜBERLAUF!", "#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#¿NOMBRE?", "#¡REF!",
        "#¡VALOR!", "#¡DIV/0!", "#¡NUM!", "#¡NULO!", "#NOME?", "#VALORE!", "#RIF!", "#VALOR!", "#NÚM!", "#NULO!",
        "#N/D",
    ]
}
