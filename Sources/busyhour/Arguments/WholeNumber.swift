// Whole numbers as values of options. What is none, or not allowed, is answered with what is.

enum WholeNumber {
    /// How a text is read: in decimal digits.
    /// - Parameters:
    ///   - least: the least that is allowed.
    ///   - meaning: what 0 stands for, if it is allowed and stands for something.
    static func from<Value: FixedWidthInteger & Sendable>(
        _ least: Value, zero meaning: String = ""
    ) -> @Sendable (String) throws -> Value {
        { text in
            // `Int("+5")` would be one.
            if text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let value = Value(text), value >= least { return value }
            let isTooLarge = !text.isEmpty && text.utf8.allSatisfy { $0 &- 0x30 < 10 } && (Value(text) ?? .max) == .max
            let range = isTooLarge ? "at most \(Value.max)" : "\(least) or more"
            let zero = meaning.isEmpty ? "" : " (0: \(meaning))"
            throw UsageError("'\(text)' is not allowed; give a whole number, \(range)\(zero)")
        }
    }
}
