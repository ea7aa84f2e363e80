// The whole terminal, repainted again and again: the terminal's alternate screen, so that its previous contents return
// afterwards, no cursor, keys read at once and not echoed.

import Glibc

public struct Screen: ~Copyable {
    public struct Size: Equatable, Sendable {
        public var columns: Int
        public var rows: Int
    }

    private let output: OutputDevice
    private let input: CInt
    /// The keyboard's previous settings; nil: the input is not a terminal.
    private let keyboard: termios?

    /// Takes over the terminal.
    /// - Throws: `OutputError`.
    public init(output: OutputDevice = .standardOutput, input: CInt = STDIN_FILENO) throws(OutputError) {
        self.output = output
        self.input = input
        var settings = termios()
        if isatty(input) == 1 && tcgetattr(input, &settings) == 0 {
            keyboard = settings
            settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
            // Suspending would leave the screen in this state; 0 disables the character. Reads return what is
            // available.
            withUnsafeMutableBytes(of: &settings.c_cc) { characters in
                characters[Int(VSUSP)] = 0
                characters[Int(VMIN)] = 0
                characters[Int(VTIME)] = 0
            }
            tcsetattr(input, TCSADRAIN, &settings)
        } else {
            keyboard = nil
        }
        // Alternate screen, no cursor, no wrapping of long lines.
        try output.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
    }

    /// Restores the terminal. If it has closed there is nothing to restore.
    deinit {
        try? output.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        if var keyboard { tcsetattr(input, TCSADRAIN, &keyboard) }
    }

    /// The current size; 80 x 24 if the terminal does not report it.
    public var size: Size {
        var size = winsize()
        guard ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Shows only these lines, as many as fit.
    /// - Throws: `OutputError`.
    public func paint(_ lines: [String]) throws(OutputError) {
        // Each line clears the rest of its row, the last one everything below: nothing is blank in between.
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
