// Completions as the parser of arguments writes them, but for one fault: below our `help` stands its own, which knows
// no topics, and of two functions with one name a shell takes the last.

import Foundation

enum CompletionScript {
    /// The text without the second of two functions that complete `help`; any other text as it is.
    static func withOneHelp(_ text: String) -> String {
        let (head, end) = ("\n_busyhour_help() {\n", "\n}\n")
        guard let first = text.range(of: head),
            let second = text.range(of: head, range: first.upperBound..<text.endIndex),
            let close = text.range(of: end, range: second.upperBound..<text.endIndex)
        else { return text }
        return String(text[..<second.lowerBound] + text[close.upperBound...])
    }
}
