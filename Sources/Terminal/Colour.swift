// The colours of the tables, and what they highlight.

public enum Colour: String, Sendable {
    case red = "31"
    case yellow = "33"
    case green = "32"
    /// The terminal's own colour, bold.
    case bold = "1"

    func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }

    /// An answer-seizure ratio in per cent: carriers consider less than 40 poor and 60 and more very good.
    public static func ofASR(_ percent: Double) -> Colour? {
        if percent < 40 { return .red }
        return percent >= 60 ? .green : nil
    }

    /// The customer's remaining credit, 10^-6 of its currency: nothing, or little (less than 10).
    public static func ofCredit(micros: Int64) -> Colour? {
        if micros <= 0 { return .red }
        return micros < 10_000_000 ? .yellow : nil
    }
}
