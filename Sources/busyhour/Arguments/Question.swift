// A question to the user at the terminal.

import Glibc
import Terminal

enum Question {
    /// Returns after a yes.
    /// - Throws: `UsageError` if there is no terminal to ask on; `Refusal` after anything but a yes.
    static func confirm(_ question: String, otherwise: String) throws {
        guard isatty(STDIN_FILENO) == 1 else { throw UsageError(otherwise) }
        try OutputDevice.standardError.write(VisibleText.clean(question) + " [y/N] ")
        let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else { throw Refusal(otherwise) }
    }
}
