// The CSV options, the same for every command that writes CSV.

import ArgumentParser
import Terminal

struct CSVOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "CSV: the separator between cells: ',', ';', '|' or tab. (default: ',')", valueName: "sign"),
        transform: Self.separator)
    var separator: UInt8?

    @Flag(help: "CSV: begin with a byte order mark, by which Excel sees that it is UTF-8.")
    var bom = false

    @Flag(help: "CSV: a comma before the decimals, as spreadsheets of most of Europe read them.")
    var decimalComma = false

    var style: CSVStyle {
        CSVStyle(
            separator: separator ?? CSVStyle.standard.separator, hasMark: bom, decimalComma: decimalComma)
    }

    /// - Throws: `UsageError` if they are given and the output is not CSV.
    func check(_ format: OutputFormat) throws {
        guard format != .csv, style != .standard || separator != nil else { return }
        throw UsageError("--separator, --bom and --decimal-comma are for CSV; add --format csv, or leave them out")
    }

    /// Separators that `import` recognizes by itself.
    private static func separator(_ text: String) throws -> UInt8 {
        switch text.lowercased() {
        case ",", "comma": UInt8(ascii: ",")
        case ";", "semicolon": UInt8(ascii: ";")
        case "|", "bar": UInt8(ascii: "|")
        case "\t", "\\t", "tab": UInt8(ascii: "\t")
        default: throw UsageError("--separator: '\(text)' is none; give ',', ';', '|' or tab")
        }
    }
}
