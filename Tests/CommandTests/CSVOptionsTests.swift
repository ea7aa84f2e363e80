import ArgumentParser
import Terminal
import Testing

@testable import busyhour

/// Options of CSV: each of them, and all of them together, in every format.
@Suite struct CSVOptionsTests {
    @Test func theyAreForCSVAlone() throws {
        for separator in [nil, ",", ";", "tab"] {
            for (hasMark, hasComma) in [(false, false), (false, true), (true, false), (true, true)] {
                let words =
                    (separator.map { ["--separator", $0] } ?? []) + (hasMark ? ["--bom"] : [])
                    + (hasComma ? ["--decimal-comma"] : [])
                let options = try CSVOptions.parse(words)
                for format in OutputFormat.allCases {
                    let isWrong = format != .csv && !words.isEmpty
                    let isRefused: Bool
                    do {
                        try options.check(format)
                        isRefused = false
                    } catch {
                        isRefused = error is UsageError
                    }
                    #expect(isRefused == isWrong, "\(words), \(format)")
                }
                let sign = [",": 44, ";": 59, "tab": 9][separator ?? ","]
                #expect(options.style.separator == sign.map { UInt8($0) })
                #expect(options.style.hasMark == hasMark && options.style.decimalComma == hasComma)
            }
        }
    }
}
