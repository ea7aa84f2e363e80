// Where a command writes: a file descriptor, with what is known of the terminal behind it. Nothing is buffered between
// calls, so callers write whole answers.

import Glibc

public struct OutputDevice: Sendable {
    let descriptor: Int32
    /// Whether a person is likely to read the output.
    public let isTerminal: Bool
    /// Cells in a line; nil if it is not a terminal or its width is unknown.
    public let width: Int?
    /// Whether colours may be used: on a terminal, unless NO_COLOR is set (and not empty) or TERM is `dumb`.
    public let colours: Bool

    public static let standardOutput = OutputDevice(descriptor: STDOUT_FILENO)
    public static let standardError = OutputDevice(descriptor: STDERR_FILENO)

    init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        width = isTerminal ? Self.terminalWidth(descriptor) : nil
        colours = Self.allowsColours(
            isTerminal: isTerminal, noColor: Self.environment("NO_COLOR"), term: Self.environment("TERM"))
    }

    static func allowsColours(isTerminal: Bool, noColor: String?, term: String?) -> Bool {
        isTerminal && (noColor ?? "").isEmpty && term != "dumb"
    }

    /// Writes the text and a line end.
    /// - Throws: `OutputError`.
    public func writeLine(_ text: String) throws(OutputError) {
        try write(text + "\n")
    }

    /// Writes the whole text unchanged.
    /// - Throws: `OutputError`.
    public func write(_ text: String) throws(OutputError) { try write(Array(text.utf8)) }

    /// - Throws: `OutputError`.
    public func write(_ bytes: [UInt8]) throws(OutputError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The pointer covers exactly `rest` and is used within the call only.
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EPIPE {
                throw .closed
            } else if errno != EINTR {
                throw .failed(errno: errno)
            }
        }
    }

    private static func terminalWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

/// Why nothing more can be written.
public enum OutputError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The reader has closed the pipe (`| head`): the rest is not wanted.
    case closed
    case failed(errno: Int32)

    public var description: String {
        switch self {
        case .closed: "the reader of the output has gone"
        case .failed(ENOSPC), .failed(EDQUOT): "disk full: cannot write the output; free space where it goes"
        case .failed(let code): "cannot write the output: \(String(cString: strerror(code)).lowercased())"
        }
    }
}
