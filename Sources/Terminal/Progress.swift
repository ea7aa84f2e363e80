// One line on the terminal that counts while something long goes on; nothing where no person looks.

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

    /// Shows the text in place of the one before, at most ten times a second.
    public mutating func show(_ text: @autoclosure () -> String) {
        guard device.isTerminal, clock.now >= nextUpdate else { return }
        nextUpdate = clock.now.advanced(by: .milliseconds(100))
        isShown = true
        // Carriage return, text, erase to the end of the line. A terminal that has gone is found by the next output.
        try? device.write("\r" + DisplayWidth.cut(VisibleText.clean(text()), to: (device.width ?? 80) - 1) + "\u{1B}[K")
    }

    /// Takes the line away.
    public mutating func clear() {
        guard isShown else { return }
        isShown = false
        try? device.write("\r\u{1B}[K")
    }
}

extension Double? {
    /// A share of a whole as a bar of twenty cells and a percentage; nothing where it is not known.
    public var bar: String {
        guard let share = self, share.isFinite else { return "" }
        let full = Int((max(0, min(1, share)) * 20).rounded(.down))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full) + "] "
            + "\(Int((max(0, min(1, share)) * 100).rounded(.down))) %"
    }
}
