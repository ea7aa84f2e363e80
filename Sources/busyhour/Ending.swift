// How a run of the command ended: the exit code and the remaining output.

import ArgumentParser
import Client
import Feeds
import Terminal

struct Ending: Equatable {
    var exitCode: Int32
    /// For stdout: help and version.
    var output = ""
    /// For stderr, one line each.
    var errors: [String] = []
    /// The expression that the only error points into, for terminals.
    var expression: ExpressionError?

    static let done = Ending(exitCode: 0)

    /// After the arguments could not be parsed. `--help` and `--version` end here as well.
    init(parsing error: any Error) {
        switch error {
        case let error as UsageError: self.init(exitCode: 2, errors: [error.message])
        case let error as Refusal: self.init(exitCode: 1, errors: error.lines)
        case let error as ExpressionError: self.init(error)
        default:
            if BusyHour.exitCode(for: error) == .success {
                self.init(exitCode: 0, output: CompletionScript.withOneHelp(BusyHour.fullMessage(for: error)))
            } else {
                self.init(exitCode: 2, errors: [Self.mendable(BusyHour.message(for: error))])
            }
        }
    }

    /// Adds a remedy: the parser's own messages say only what is wrong.
    private static func mendable(_ message: String) -> String {
        message.contains("; ") || message.hasSuffix("?") ? message : message + "; see --help behind the command"
    }

    /// After a command failed.
    init(running error: any Error) {
        switch error {
        case OutputError.closed: self = .done
        case let error as UsageError: self.init(exitCode: 2, errors: [error.message])
        case let error as CDRUsageError: self.init(exitCode: 2, errors: [error.message])
        case let error as Refusal: self.init(exitCode: 1, errors: error.lines)
        case let error as ExpressionError: self.init(error)
        case ClientError.server(let code, let message, _):
            // A filter or a column that the server does not understand is a usage error like any other.
            self.init(exitCode: code == "INVALID_ARGUMENT" ? 2 : 1, errors: [message])
        case let error as ClientError: self.init(exitCode: error.isAboutTheConnection ? 3 : 1, errors: ["\(error)"])
        case let error as OutputError: self.init(exitCode: 1, errors: ["\(error)"])
        default:
            // `busyhour help board` ends here.
            if BusyHour.exitCode(for: error) == .success {
                self.init(exitCode: 0, output: BusyHour.fullMessage(for: error))
            } else {
                self.init(exitCode: 1, errors: ["\(error)"])
            }
        }
    }

    private init(_ error: ExpressionError) {
        self.init(exitCode: 2, errors: [error.line])
        expression = error
    }

    init(exitCode: Int32, output: String = "", errors: [String] = []) {
        self.exitCode = exitCode
        self.output = output
        self.errors = errors
    }

    /// Prints the output. If writing fails, there is nothing left to do.
    func show() {
        if !output.isEmpty { try? OutputDevice.standardOutput.writeLine(output) }
        let device = OutputDevice.standardError
        for line in shownErrors(width: device.isTerminal ? device.width ?? 80 : nil) { try? device.writeLine(line) }
    }
}

extension Ending {
    /// The lines for stderr.
    /// - Parameter width: cells of the terminal; nil: there is none, and an error is one line.
    func shownErrors(width: Int?) -> [String] {
        if let expression, let width {
            return ["busyhour: " + VisibleText.clean(expression.message)] + expression.pointer(width: width)
        }
        return errors.map { "busyhour: " + VisibleText.clean($0) }
    }
}

extension ClientError {
    /// The server may be available again later.
    var isAboutTheConnection: Bool {
        switch self {
        case .cannotReach, .connectionLost, .timedOut, .silent, .notBusyHour, .protocolViolation, .closed: true
        case .server, .requestTooLong: false
        }
    }
}
