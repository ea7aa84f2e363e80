// One line on the terminal that counts during a long operation; nothing if the output is not a terminal.

public struct Progress {
    private let device: OutputDevice
    private let clock: ContinuousClock
    private var nextUpdate: ContinuousClock.Instant
    private var isShown = false

    /// - Parameter device: standard error, so that the output stays clean.
    public init(device: OutputDevice = .standardError, clock: ContinuousClock = ContinuousClock()) {
        self.device = device
        self.clock = clock
        nextUpdate = clock.now.advanced(by: .milliseconds(500))
    }

    /// Replaces the text shown, at most ten times a second.
    public mutating func show(_ text: @autoclosure () -> String) {
        guard device.isTerminal, clock.now >= nextUpdate else { return }
        nextUpdate = clock.now.advanced(by: .milliseconds(100))
        isShown = true
        // Carriage return, text, erase to the end of the line. A closed terminal is detected by the next output.
        try? device.write("\r" + DisplayWidth.cut(VisibleText.clean(text()), to: (device.width ?? 80) - 1) + "\u{1B}[K")
    }

    /// Clears the line.
    public mutating func clear() {
        guard isShown else { return }
        isShown = false
        try? device.write("\r\u{1B}[K")
    }
}

extension Double? {
    /// A share of a whole as a bar of twenty cells and a percentage; empty if the total is unknown.
    public var bar: String {
        guard let share = self, share.isFinite else { return "" }
        let full = Int((max(0, min(1, share)) * 20).rounded(.down))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full) + "] "
            + "\(Int((max(0, min(1, share)) * 100).rounded(.down))) %"
    }
}
