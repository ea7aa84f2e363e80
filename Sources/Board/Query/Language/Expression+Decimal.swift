// Comparisons of integers and money with constants, exact whatever the constant: `credit < 0.0000005` means the same as
// `credit <= 0`, and only whole numbers are compared.

extension Expression {
    /// A comparison of two expressions whose kinds fit.
    static func comparing(_ left: Expression, _ comparison: Comparison, _ right: Expression) -> Expression {
        left.compared(comparison, toDecimal: right) ?? right.compared(comparison.mirrored, toDecimal: left)
            ?? Expression(node: .comparison(comparison, left, right), kind: .boolean, position: left.position)
    }

    /// This integer or amount compared with a constant number; nil where either side is something else.
    private func compared(_ comparison: Comparison, toDecimal constant: Expression) -> Expression? {
        guard let decimal = constant.decimal, kind == .integer || kind == .money, !isConstant else { return nil }
        let below: Expression
        let above: Expression
        switch decimal.place(decimals: kind == .money ? 6 : 0) {
        case .at(let value): return compared(comparison, value, at: constant.position)
        case .above(let value):
            below = compared(.lessOrEqual, value, at: constant.position)
            above = compared(.greater, value, at: constant.position)
        case .aboveAll:
            below = compared(.lessOrEqual, .max, at: constant.position)
            above = compared(.greater, .max, at: constant.position)
        case .belowAll:
            below = compared(.less, .min, at: constant.position)
            above = compared(.greaterOrEqual, .min, at: constant.position)
        }
        switch comparison {
        case .less, .lessOrEqual: return below
        case .greater, .greaterOrEqual: return above
        // Never both, always one of them; null where this is null.
        case .equal: return Expression(node: .all([below, above]), kind: .boolean, position: position)
        case .notEqual: return Expression(node: .any([below, above]), kind: .boolean, position: position)
        }
    }

    private func compared(_ comparison: Comparison, _ value: Int64, at constantPosition: Int) -> Expression {
        let constant = Expression(
            node: .constant(kind == .money ? .money(value) : .integer(value)), kind: kind, position: constantPosition)
        return Expression(node: .comparison(comparison, self, constant), kind: .boolean, position: position)
    }

    /// The constant as a value of another kind; nil where no value of that kind equals it.
    func constant(of kind: CellKind) -> Cell? {
        guard case .constant(let cell) = node else { return nil }
        guard let decimal else { return cell }
        switch kind {
        case .integer:
            if case .at(let value) = decimal.place(decimals: 0) { return .integer(value) } else { return nil }
        case .money:
            if case .at(let micros) = decimal.place(decimals: 6) { return .money(micros) } else { return nil }
        default: return cell.real.map(Cell.number) ?? cell
        }
    }

    private var isConstant: Bool { if case .constant = node { true } else { false } }
}

extension Expression.Comparison {
    /// The comparison with its sides exchanged.
    var mirrored: Expression.Comparison {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
