// How a command's tables display money.

import ArgumentParser
import Terminal

struct MoneyOptions: ParsableArguments {
    @Option(
        name: .customLong("money-digits"), parsing: .unconditional,
        help: ArgumentHelp(
            "Decimals of money in a table, 0 to 6. (default: the currency's; JSON and CSV have all)", valueName: "n"),
        transform: Self.digits)
    var digits: Int?

    /// - Throws: `UsageError` if it is given and the output is not a table.
    func check(_ format: OutputFormat) throws {
        guard format != .table, digits != nil else { return }
        throw UsageError("--money-digits is for tables; leave it out: \(format.rawValue) has all digits")
    }

    private static func digits(_ text: String) throws -> Int {
        guard let digits = Int(text), (0...Money.fractionDigits).contains(digits), text.count == 1 else {
            throw UsageError(
                "--money-digits: '\(text)' is not allowed; give a number from 0 to \(Money.fractionDigits)")
        }
        return digits
    }
}
