import Client
import Terminal

/// An expression that the server could not parse, and where (exit code 2).
struct ExpressionError: Error, Equatable {
    /// What is wrong and how to fix it.
    var message: String
    var expression: String
    /// In characters from 0; their number stands for the end.
    var position: Int

    /// Nil if the error is not about a position in an expression.
    /// - Parameter filter: the text of `where`, for which the server sends only the position.
    init?(_ error: ClientError, filter: String) {
        guard case .server("INVALID_ARGUMENT", let message, let details) = error,
            let position = details["position"].flatMap({ Int($0) })
        else { return nil }
        let expression = details["expression"] ?? filter
        guard 0...expression.count ~= position, !expression.isEmpty else { return nil }
        (self.message, self.expression, self.position) = (message, expression, position)
    }

    init(message: String, expression: String, position: Int) {
        (self.message, self.expression, self.position) = (message, expression, position)
    }

    /// For scripts and logs.
    var line: String { "\(message) (at character \(position + 1))" }

    /// The expression on a line and a caret under the position, cut around it to the width.
    func pointer(width: Int) -> [String] {
        let indent = "  "
        var before = VisibleText.clean(String(expression.prefix(position)))
        var after = VisibleText.clean(String(expression.dropFirst(position)))
        let cells = max(10, width - indent.count - 1)
        if DisplayWidth.of(before) + DisplayWidth.of(after) > cells {
            let room = max(cells * 2 / 3, cells - DisplayWidth.of(after))
            if DisplayWidth.of(before) > room {
                while DisplayWidth.of(before) > room - 1 { before.removeFirst() }
                before = "…" + before
            }
            after = DisplayWidth.cut(after, to: max(1, cells - DisplayWidth.of(before)))
        }
        return [indent + before + after, indent + String(repeating: " ", count: DisplayWidth.of(before)) + "^"]
    }
}
