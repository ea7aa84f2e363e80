// What operators and functions make of numbers and amounts, at the ends of 64 bits and around halves, against the same
// in 128 bits.

import Testing

@testable import Board

@Suite struct ArithmeticTests {
    private static let numbers: [Int64] = [
        .min, .min + 1, .min / 2, -1_500_001, -1_500_000, -1_000_000, -500_001, -500_000, -499_999, -3, -2, -1, 0, 1, 2,
        3, 499_999, 500_000, 500_001, 1_000_000, 1_499_999, 1_500_000, 2_500_000, .max / 2, .max - 1, .max,
    ]

    private func cell(_ value: Int128, _ make: (Int64) -> Cell) -> Cell { Int64(exactly: value).map(make) ?? .null }

    @Test func sumsAndProductsAreExactOrNull() {
        for left in Self.numbers {
            for right in Self.numbers {
                let (one, other) = (Int128(left), Int128(right))
                let results: [(Expression.Arithmetic, Int128)] = [
                    (.add, one + other), (.subtract, one - other), (.multiply, one * other),
                ]
                for (operation, value) in results {
                    let whole = Cell.arithmetic(operation, .integer(left), .integer(right))
                    #expect(whole == cell(value, Cell.integer), "\(left) \(operation) \(right)")
                    if operation == .multiply {
                        let amount = cell(value, Cell.money)
                        #expect(Cell.arithmetic(operation, .money(left), .integer(right)) == amount)
                        #expect(Cell.arithmetic(operation, .integer(left), .money(right)) == amount)
                    } else {
                        let amount = Cell.arithmetic(operation, .money(left), .money(right))
                        #expect(amount == cell(value, Cell.money), "\(left) \(operation) \(right)")
                    }
                }
                for operation in [Expression.Arithmetic.add, .subtract, .multiply, .divide] {
                    #expect(Cell.arithmetic(operation, .null, .money(left)) == .null)
                    #expect(Cell.arithmetic(operation, .integer(right), .null) == .null)
                }
            }
            #expect(Cell.integer(left).negated == cell(-Int128(left), Cell.integer))
            #expect(Cell.money(left).negated == cell(-Int128(left), Cell.money))
            #expect(Cell.apply(.abs, [.integer(left)]) == cell(Int128(left.magnitude), Cell.integer))
            #expect(Cell.apply(.abs, [.money(left)]) == cell(Int128(left.magnitude), Cell.money))
        }
    }

    /// Halves of a unit go away from zero.
    @Test func amountsAreRoundedToUnits() {
        let unit: Int128 = 1_000_000
        for micros in Self.numbers {
            let value = Int128(micros)
            func down(_ value: Int128) -> Int128 { value >= 0 ? value / unit : -((-value + unit - 1) / unit) }
            let (floor, ceil) = (down(value), -down(-value))
            let round = value >= 0 ? (value + unit / 2) / unit : -((-value + unit / 2) / unit)
            for (function, units) in [(Expression.Function.floor, floor), (.ceil, ceil), (.round, round)] {
                #expect(
                    Cell.apply(function, [.money(micros)]) == cell(units * unit, Cell.money), "\(function) \(micros)")
            }
        }
    }

    /// And halves of a micro, too.
    @Test func partsOfAmountsAreRoundedToMicros() {
        for micros in -21...21 as ClosedRange<Int64> {
            for divisor in [-8, -4, -3, -2, -1, 1, 2, 3, 4, 8, 10] as [Int64] {
                let (quotient, rest) = micros.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
                let magnitude = Int64(quotient) + (2 * rest >= divisor.magnitude ? 1 : 0)
                let expected = Cell.money((micros < 0) == (divisor < 0) ? magnitude : -magnitude)
                #expect(Cell.arithmetic(.divide, .money(micros), .integer(divisor)) == expected, "\(micros)/\(divisor)")
                let real = Cell.arithmetic(.divide, .money(micros), .number(Double(divisor)))
                #expect(real == expected, "\(micros)/\(divisor)")
                if [1, 2, 4, 8].contains(divisor.magnitude) {
                    let factor = Cell.number(1 / Double(divisor))
                    #expect(Cell.arithmetic(.multiply, .money(micros), factor) == expected, "\(micros)/\(divisor)")
                    #expect(Cell.arithmetic(.multiply, factor, .money(micros)) == expected, "\(micros)/\(divisor)")
                }
            }
            #expect(Cell.arithmetic(.divide, .money(micros), .integer(0)) == .null)
            #expect(Cell.arithmetic(.divide, .money(micros), .money(0)) == .null)
            #expect(Cell.arithmetic(.divide, .integer(micros), .integer(0)) == .null)
        }
    }

    /// AND, OR and NOT of true, false and unknown.
    @Test func truthHasThreeValues() {
        let values: [Bool?] = [true, false, nil]
        func constant(_ value: Bool?) -> Expression {
            Expression(node: .constant(value.map(Cell.boolean) ?? .null), kind: .boolean, position: 0)
        }
        func truth(_ node: Expression.Node) -> Bool? {
            Expression(node: node, kind: .boolean, position: 0).truth { _ in .null }
        }
        for one in values {
            #expect(truth(.not(constant(one))) == one.map { !$0 })
            for other in values {
                for third in values {
                    let all = [one, other, third]
                    let parts = all.map(constant)
                    let conjunction = all.contains(false) ? false : all.contains(nil) ? nil : true
                    let disjunction = all.contains(true) ? true : all.contains(nil) ? nil : false
                    #expect(truth(.all(parts)) == conjunction, "\(all)")
                    #expect(truth(.any(parts)) == disjunction, "\(all)")
                }
            }
        }
    }

    @Test func lengthCountsTheScalarsOfAText() {
        let lengths: [(String, Int64)] = [("", 0), ("abc", 3), ("\u{E9}", 1), ("e\u{301}", 2), ("日本", 2)]
        for (text, length) in lengths {
            #expect(Cell.apply(.length, [.text(text)]) == .integer(length), "\(text)")
        }
    }
}
