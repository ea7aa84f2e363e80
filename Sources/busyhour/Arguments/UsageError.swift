/// A command line that cannot be carried out (exit code 2). One line: what is wrong and how to fix it.
struct UsageError: Error, Equatable, CustomStringConvertible {
    var message: String
    var description: String { message }

    init(_ message: String) { self.message = message }
}

/// The request was refused, its subject not found, or its input unreadable (exit code 1).
struct Refusal: Error, Equatable, CustomStringConvertible {
    /// Usually one line; an import names every row.
    var lines: [String]
    var description: String { lines.joined(separator: "\n") }

    init(_ line: String) { lines = [line] }

    init(lines: [String]) { self.lines = lines }
}
