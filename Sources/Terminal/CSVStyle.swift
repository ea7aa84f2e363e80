// How CSV is written: for programs, or for the spreadsheets of some country.

public struct CSVStyle: Equatable, Sendable {
    /// An ASCII character that is not part of numbers and words, nor a quote, an apostrophe or a line end.
    public var separator: UInt8
    /// Whether the text begins with a byte order mark, by which Excel recognises UTF-8.
    public var hasMark: Bool
    /// Whether decimals follow a comma.
    public var decimalComma: Bool

    /// Comma as separator, no mark, decimal point.
    public static let standard = CSVStyle()

    public init(separator: UInt8 = UInt8(ascii: ","), hasMark: Bool = false, decimalComma: Bool = false) {
        (self.separator, self.hasMark, self.decimalComma) = (separator, hasMark, decimalComma)
    }

    /// The bytes before the first line.
    public var mark: [UInt8] { hasMark ? [0xEF, 0xBB, 0xBF] : [] }

    /// A number with a decimal point, as written to a cell. After a comma three decimals become four: `1,2340` can only
    /// be a little over one, but `1,234` might be a thousand.
    func number(_ digits: String) -> String {
        guard decimalComma, let point = digits.firstIndex(of: ".") else { return digits }
        let decimals = digits[digits.index(after: point)...]
        let isAmbiguous = decimals.utf8.count == 3 && decimals.utf8.allSatisfy { $0 &- 0x30 < 10 }
        return digits[..<point] + "," + decimals + (isAmbiguous ? "0" : "")
    }
}
