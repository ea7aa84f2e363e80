// Random input that can be had again: a failure names the seed among the test's arguments.

import Randomness

/// Seeds of the randomised tests: two that stay and one that is new in every run.
let seeds = Seeds.of(1, 2)

extension SeededGenerator {
    /// A value that is often one that matters: the ends of the type's range, zero, one, or any.
    mutating func value<Value: FixedWidthInteger>(of type: Value.Type) -> Value {
        switch Int.random(in: 0..<10, using: &self) {
        case 0: .min
        case 1: .max
        case 2: 0
        case 3: 1
        case 4: 0 &- 1
        default: Value(truncatingIfNeeded: next())
        }
    }

    mutating func values<Value: FixedWidthInteger>(_ count: Int, of type: Value.Type) -> [Value] {
        (0..<count).map { _ in value(of: type) }
    }

    /// A text of up to 20 characters, of one to four bytes each; empty one time in five.
    mutating func text() -> String {
        if Int.random(in: 0..<5, using: &self) == 0 { return "" }
        let alphabet: [Character] = ["a", "b", "c", "A", " ", "é", "ß", "中", "🙂", "0"]
        let length = Int.random(in: 1...20, using: &self)
        return String((0..<length).map { _ in alphabet.randomElement(using: &self) ?? "a" })
    }
}
