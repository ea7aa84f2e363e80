// Whole numbers as values of options. The error for an invalid value names the valid ones.

enum WholeNumber {
    /// Parses a text of decimal digits.
    /// - Parameters:
    ///   - least: the smallest valid value.
    ///   - meaning: the meaning of 0, if it is valid and special.
    static func from<Value: FixedWidthInteger & Sendable>(
        _ least: Value, zero meaning: String = ""
    ) -> @Sendable (String) throws -> Value {
        { text in
            // `Int("+5")` would accept it.
            if text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let value = Value(text), value >= least { return value }
            let isTooLarge = !text.isEmpty && text.utf8.allSatisfy { $0 &- 0x30 < 10 } && (Value(text) ?? .max) == .max
            let range = isTooLarge ? "at most \(Value.max)" : "\(least) or more"
            let zero = meaning.isEmpty ? "" : " (0: \(meaning))"
            throw UsageError("'\(text)' is not allowed; give a whole number, \(range)\(zero)")
        }
    }
}
