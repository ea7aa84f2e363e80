// How CSV is written: for programs, or as the spreadsheet of some country reads it.

public struct CSVStyle: Equatable, Sendable {
    /// Of ASCII, and no part of numbers and words, nor a quote, an apostrophe or a line end.
    public var separator: UInt8
    /// Begins with a byte order mark, by which Excel sees that it is UTF-8.
    public var hasMark: Bool
    /// Decimals stand behind a comma.
    public var decimalComma: Bool

    /// Comma, no mark, point.
    public static let standard = CSVStyle()

    public init(separator: UInt8 = UInt8(ascii: ","), hasMark: Bool = false, decimalComma: Bool = false) {
        (self.separator, self.hasMark, self.decimalComma) = (separator, hasMark, decimalComma)
    }

    /// What stands before the first line.
    public var mark: [UInt8] { hasMark ? [0xEF, 0xBB, 0xBF] : [] }

    /// A number, which has a point before its decimals, as it is to stand in a cell. Behind a comma three decimals become four:
    /// `1,2340` can be nothing but a little over one, and `1,234` a thousand.
    func number(_ digits: String) -> String {
        guard decimalComma, let point = digits.firstIndex(of: ".") else { return digits }
        let decimals = digits[digits.index(after: point)...]
        let isAmbiguous = decimals.utf8.count == 3 && decimals.utf8.allSatisfy { $0 &- 0x30 < 10 }
        return digits[..<point] + "," + decimals + (isAmbiguous ? "0" : "")
    }
}
