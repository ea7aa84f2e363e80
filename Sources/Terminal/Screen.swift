// The whole terminal, repainted again and again: the other screen of the terminal, so that what stood there before comes
// back, no cursor, keys that come at once and are not shown.

import Glibc

public struct Screen: ~Copyable {
    public struct Size: Equatable, Sendable {
        public var columns: Int
        public var rows: Int
    }

    private let output: OutputDevice
    private let input: CInt
    /// How the keyboard was set; nil: the input is no terminal.
    private let keyboard: termios?

    /// Takes the terminal.
    /// - Throws: `OutputError`.
    public init(output: OutputDevice = .standardOutput, input: CInt = STDIN_FILENO) throws(OutputError) {
        self.output = output
        self.input = input
        var settings = termios()
        if isatty(input) == 1 && tcgetattr(input, &settings) == 0 {
            keyboard = settings
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
            // A stopped program would leave the screen as it is; 0 is no character. Reads return what is there.
            withUnsafeMutableBytes(of: &settings.c_cc) { characters in
                characters[Int(VSUSP)] = 0
                characters[Int(VMIN)] = 0
                characters[Int(VTIME)] = 0
            }
            tcsetattr(input, TCSADRAIN, &settings)
        } else {
            keyboard = nil
        }
        // The other screen, no cursor, no wrapping of long lines.
        try output.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
    }

    /// Gives the terminal back as it was. If it has gone there is nothing to give back.
    deinit {
        try? output.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        if var keyboard { tcsetattr(input, TCSADRAIN, &keyboard) }
    }

    /// Of now; 80 x 24 where the terminal does not say.
    public var size: Size {
        var size = winsize()
        guard ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Shows these lines and nothing else, as many as there is room for.
    /// - Throws: `OutputError`.
    public func paint(_ lines: [String]) throws(OutputError) {
        // Each line clears what is behind it, the last one what is below: nothing is blank in between.
        let text = lines.prefix(size.rows).map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
        try output.write("\u{1B}[H" + text + "\u{1B}[J")
    }

    /// The keys pressed since the last time, without waiting.
    public func keys() -> [UInt8] {
        guard keyboard != nil else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(input, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : []
    }
}
