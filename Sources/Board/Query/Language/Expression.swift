// An expression over a customer's fields and metrics, read and checked: what a filter is and what a computed column
// shows.
//
// Kinds and what may be done with them:
//
//     integer, number   + - * with each other; / is always of real numbers (1 / 2 is 0.5); division by zero is null,
//                       and so is an integer beyond 64 bits
//     money             + - with money; * and / by a number, rounded to 10^-6; money / money is a number. Compared
//                       exactly.
//     time              compared with times; time - time is a number of seconds; now() is the board's clock when the
//                       query is asked, now() - 5m a time before it
//     text, boolean     compared with their own kind; texts with LIKE, which ignores case and accents
//     texts             (a list) HAS a text
//
// A comparison with null is unknown (null), as in SQL; a filter passes what is true.

struct Expression: Sendable {
    indirect enum Node: Sendable {
        case constant(Cell)
        /// In a group, a metric is the group's.
        case column(BoardColumn)
        /// Over the customers of a group; without an expression it counts them.
        case aggregate(Aggregate, Expression?)
        case arithmetic(Arithmetic, Expression, Expression)
        case negative(Expression)
        case function(Function, [Expression])
        case comparison(Comparison, Expression, Expression)
        case isNull(Expression)
        /// Whether it equals one of these constants, which are ascending and unique, a null last.
        case oneOf(Expression, [Cell])
        case like(Expression, LikePattern)
        case has(BoardColumn, String)
        case not(Expression)
        case all([Expression])
        case any([Expression])
    }

    enum Aggregate: String, CaseIterable, Sendable { case sum, avg, min, max, count }

    enum Arithmetic: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
    }

    enum Function: String, CaseIterable, Sendable {
        case abs, round, floor, ceil, coalesce, nullif, lower, upper, length
    }

    enum Comparison: String, Sendable {
        case equal = "="
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    var node: Node
    /// The kind of its value; for the constant NULL, whatever its context requires.
    var kind: CellKind
    /// Where it begins in the text, in characters from 0.
    var position: Int
    /// Nodes on the longest path down, including this one.
    let depth: Int
    /// The exact value of a constant number: what money and integers are compared with.
    var decimal: Decimal?
    /// For a whole expression: whether it contains `now()`, so that it means something else with every query.
    var readsClock = false

    init(node: Node, kind: CellKind, position: Int) {
        self.node = node
        self.kind = kind
        self.position = position
        depth = 1 + node.parts.reduce(0) { max($0, $1.depth) }
    }
}

extension Expression {
    var isNullConstant: Bool { if case .constant(.null) = node { true } else { false } }

    /// Its operands, left to right.
    var parts: [Expression] { node.parts }

    /// Whether any column in it matches.
    func reads(_ matches: (BoardColumn) -> Bool) -> Bool {
        switch node {
        case .column(let column), .has(let column, _): matches(column)
        default: parts.contains { $0.reads(matches) }
        }
    }
}

extension Expression.Node {
    var parts: [Expression] {
        switch self {
        case .constant, .column, .has: []
        case .aggregate(_, let inner): inner.map { [$0] } ?? []
        case .negative(let inner), .isNull(let inner), .oneOf(let inner, _), .like(let inner, _), .not(let inner):
            [inner]
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right): [left, right]
        case .function(_, let parts), .all(let parts), .any(let parts): parts
        }
    }
}

extension CellKind {
    var isNumeric: Bool { self == .integer || self == .number || self == .money }

    /// The kind with its article, for messages.
    var words: String {
        switch self {
        case .integer, .number: "a number"
        case .money: "an amount of money"
        case .text: "a text"
        case .texts: "a list"
        case .boolean: "true or false"
        case .time: "a time"
        }
    }
}
