/// A command line that says nothing that could be done (exit code 2). One line: what is wrong and how to mend it.
struct UsageError: Error, Equatable, CustomStringConvertible {
    var message: String
    var description: String { message }

    init(_ message: String) { self.message = message }
}

/// What was asked for is refused, not found, or cannot be read (exit code 1).
struct Refusal: Error, Equatable, CustomStringConvertible {
    /// Usually one line; an import names every row.
    var lines: [String]
    var description: String { lines.joined(separator: "\n") }

    init(_ line: String) { lines = [line] }

    init(lines: [String]) { self.lines = lines }
}
