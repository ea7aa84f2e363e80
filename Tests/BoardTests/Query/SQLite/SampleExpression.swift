// Random expressions, written for the board and for SQLite at the same time.

import Randomness

@testable import Board

/// An expression as the board reads it, with as few parentheses as its grammar allows, and as SQLite does, with all of
/// them.
struct SampleExpression {
    /// How strongly the last operator binds.
    enum Strength: Int { case or, and, not, predicate, sum, product, factor }

    var board: String
    var sql: String
    var kind: SampleKind
    var strength = Strength.factor
}

struct ExpressionMaker {
    var generator: SeededGenerator
    /// That of names without a suffix.
    let window: Window
    /// Over groups: columns are sums, and there are aggregates.
    var ofGroup = false

    mutating func chance(_ one: Int, in all: Int) -> Bool { Int.random(in: 0..<all, using: &generator) < one }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    /// An operand in parentheses where its place needs them, and now and then where it does not.
    private mutating func operand(_ expression: SampleExpression, _ least: SampleExpression.Strength) -> String {
        expression.strength.rawValue < least.rawValue || chance(1, in: 12)
            ? "(\(expression.board))" : expression.board
    }

    /// A keyword in any case.
    private mutating func word(_ keyword: String) -> String { chance(1, in: 4) ? keyword.lowercased() : keyword }

    // MARK: Columns and constants

    mutating func column(_ kinds: [SampleKind]) -> SampleExpression {
        let other = chance(1, in: 4) ? pick(Window.allCases) : window
        var columns = SampleColumn.metrics(other, ofGroup: ofGroup)
        if !ofGroup { columns.append(SampleColumn.cost(other, ofGroup: false)) }
        columns = columns.filter { kinds.contains($0.kind) }
        let suffix = other == window && !chance(1, in: 8) ? "" : "_" + other.name
        let fields = (ofGroup ? SampleColumn.sums : SampleColumn.fields).filter { kinds.contains($0.kind) }
        let isField = columns.isEmpty || !fields.isEmpty && chance(1, in: 2)
        let column = pick(isField ? fields : columns)
        return SampleExpression(board: column.name + (isField ? "" : suffix), sql: column.sql, kind: column.kind)
    }

    mutating func constant(_ kind: SampleKind) -> SampleExpression {
        var (board, sql): (String, String)
        switch kind {
        case .integer:
            board = String(Int.random(in: -3...60, using: &generator))
            sql = board
        case .number:
            board = pick(["0.0", "33.3", "40.5", "50.0", "1e2", "66.6666", ".25", "-1.5", "3000.125"])
            sql = board
        case .money: (board, sql) = amount()
        case .text:
            board = "'\(pick(["Active", "Dialing", "USD", "DE", "Ada", "Voice net 7", "x", "Zürich Ltd", ""]))'"
            sql = board
        case .time: (board, sql) = time()
        case .boolean:
            board = pick(["TRUE", "FALSE", "true"])
            sql = board
        case .list: preconditionFailure("there are no constant lists")
        }
        return SampleExpression(board: board, sql: sql, kind: kind)
    }

    /// Beside a field of codes one of these, in any case.
    private mutating func constant(_ kind: SampleKind, beside left: SampleExpression) -> SampleExpression {
        let codes: [String]
        switch left.board {
        case "status": codes = ["Active", "Dialing", "Pending", "Pending Approval", "Penalty"]
        case "currency": codes = ["USD", "EUR", "JPY", "CHF"]
        case "country": codes = ["DE", "US", "FR", "JP", "ZW"]
        default: return constant(kind)
        }
        let code = pick(codes)
        let written = pick([code, code.lowercased(), code.uppercased()])
        return SampleExpression(board: "'\(written)'", sql: "'\(code)'", kind: kind)
    }

    /// Up to seven decimals: what lies between two micros has half of one in SQLite.
    private mutating func amount() -> (String, String) {
        let micros = Int64.random(in: -40...40, using: &generator) * pick([1, 250_000, 5_000_000])
        let magnitude = micros.magnitude
        let fraction = String(String(1_000_000 + magnitude % 1_000_000).dropFirst())
        let text = (micros < 0 ? "-" : "") + "\(magnitude / 1_000_000).\(fraction)"
        if micros % 1_000_000 == 0 && chance(1, in: 2) { return ("\(micros / 1_000_000)", "\(micros)") }
        return chance(1, in: 5) && micros != 0 ? (text + "5", "\(micros)" + ".5") : (text, "\(micros)")
    }

    private mutating func time() -> (String, String) {
        // The sample's start is 15:06:40 on this day.
        let offset = Int.random(in: -15_000...700, using: &generator)
        let second = 54_400 + offset
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return (
            "'2025-06-15T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))Z'",
            "\(SampleBoard.start + Int64(offset) * 1_000_000)"
        )
    }

    // MARK: Values

    mutating func value(_ kind: SampleKind, depth: Int) -> SampleExpression {
        if depth == 0 || kind == .list || kind == .time { return leaf(kind) }
        switch kind {
        case .integer, .number: return chance(1, in: 4) ? function(kind, depth) : arithmetic(kind, depth)
        case .money: return money(depth)
        case .text: return text(depth)
        default: return leaf(kind)
        }
    }

    private mutating func leaf(_ kind: SampleKind) -> SampleExpression {
        if ofGroup && chance(1, in: 2), kind == .integer || kind == .number { return aggregate(kind) }
        // A constant is an amount only beside one.
        return chance(1, in: 4) && kind != .list && kind != .money ? constant(kind) : column([kind])
    }

    private mutating func arithmetic(_ kind: SampleKind, _ depth: Int) -> SampleExpression {
        let operation = pick(["+", "-", "*"] + (kind == .number ? ["/", "/"] : []))
        if kind == .integer && chance(1, in: 6) {
            let inner = value(.integer, depth: depth - 1)
            return SampleExpression(board: "-" + operand(inner, .factor), sql: "(-(\(inner.sql)))", kind: .integer)
        }
        let kinds: [SampleKind] = kind == .integer ? [.integer] : [.integer, .number]
        let left = value(operation == "/" ? pick(kinds) : kind, depth: depth - 1)
        let right = value(pick(kinds), depth: 0)
        let strength: SampleExpression.Strength = operation == "+" || operation == "-" ? .sum : .product
        let board =
            operand(left, strength) + " \(operation) "
            + operand(right, SampleExpression.Strength(rawValue: strength.rawValue + 1) ?? .factor)
        let sql =
            operation == "/"
            ? "(CAST(\(left.sql) AS REAL) / NULLIF(\(right.sql), 0))" : "(\(left.sql) \(operation) \(right.sql))"
        return SampleExpression(board: board, sql: sql, kind: kind, strength: strength)
    }

    private mutating func function(_ kind: SampleKind, _ depth: Int) -> SampleExpression {
        let inner = value(kind, depth: depth - 1)
        // What rounds may tell two sums apart that differ in their last bit only.
        let names = ["abs", "coalesce"] + (ofGroup ? [] : ["round", "floor", "ceil", "nullif", "length"])
        switch pick(names) {
        case "coalesce":
            let other = constant(kind)
            return SampleExpression(
                board: "coalesce(\(inner.board), \(other.board))", sql: "COALESCE(\(inner.sql), \(other.sql))",
                kind: kind)
        case "nullif":
            let other = constant(kind)
            return SampleExpression(
                board: "nullif(\(inner.board), \(other.board))", sql: "NULLIF(\(inner.sql), \(other.sql))", kind: kind)
        case "length" where kind == .integer:
            let text = column([.text])
            return SampleExpression(board: "length(\(text.board))", sql: "length(\(text.sql))", kind: kind)
        case let name:
            let known = name == "length" ? "abs" : name
            return SampleExpression(board: "\(known)(\(inner.board))", sql: "\(known)(\(inner.sql))", kind: kind)
        }
    }

    private mutating func money(_ depth: Int) -> SampleExpression {
        let inner = value(.money, depth: depth - 1)
        let micros = inner.sql
        switch pick(["+", "-", "*", "/", "abs", "floor", "ceil", "coalesce"]) {
        case "*":
            let factor = value(pick([.integer, .number]), depth: 0)
            return SampleExpression(
                board: operand(inner, .product) + " * " + operand(factor, .factor),
                sql: "CAST(round(\(micros) * \(factor.sql)) AS INTEGER)", kind: .money, strength: .product)
        case "/":
            let divisor = value(pick([.integer, .number]), depth: 0)
            return SampleExpression(
                board: operand(inner, .product) + " / " + operand(divisor, .factor),
                sql: "CAST(round(CAST(\(micros) AS REAL) / NULLIF(\(divisor.sql), 0)) AS INTEGER)", kind: .money,
                strength: .product)
        case "abs": return SampleExpression(board: "abs(\(inner.board))", sql: "abs(\(micros))", kind: .money)
        case "coalesce":
            return SampleExpression(
                board: "coalesce(\(inner.board), 7)", sql: "COALESCE(\(micros), 7000000)", kind: .money)
        case "floor", "ceil":
            let name = pick(["floor", "ceil"])
            return SampleExpression(
                board: "\(name)(\(inner.board))", sql: "(CAST(\(name)(\(micros) / 1e6) AS INTEGER) * 1000000)",
                kind: .money)
        case let operation:
            let constant = SampleExpression(board: "7.25", sql: "7250000", kind: .money)
            let other = chance(1, in: 3) ? constant : column([.money])
            return SampleExpression(
                board: operand(inner, .sum) + " \(operation) " + operand(other, .product),
                sql: "(\(micros) \(operation) \(other.sql))", kind: .money, strength: .sum)
        }
    }

    private mutating func text(_ depth: Int) -> SampleExpression {
        let plain = pick(["status", "currency", "country", "account_manager"])
        switch pick(["lower", "upper", "coalesce", "column"]) {
        case "coalesce":
            let other = constant(.text)
            return SampleExpression(
                board: "coalesce(\(plain), \(other.board))", sql: "COALESCE(\(plain), \(other.sql))", kind: .text)
        case "column": return column([.text])
        case let name: return SampleExpression(board: "\(name)(\(plain))", sql: "\(name)(\(plain))", kind: .text)
        }
    }

    /// Over the customers of a group.
    private mutating func aggregate(_ kind: SampleKind) -> SampleExpression {
        ofGroup = false
        defer { ofGroup = true }
        if kind == .integer && chance(1, in: 4) {
            let inner = chance(1, in: 2) ? column([.text, .number, .integer]) : condition(depth: 1)
            return chance(1, in: 3)
                ? SampleExpression(board: pick(["count", "count(*)"]), sql: "COUNT(*)", kind: .integer)
                : SampleExpression(board: "count(\(inner.board))", sql: "COUNT(\(inner.sql))", kind: .integer)
        }
        let name = pick(kind == .integer ? ["sum", "min", "max"] : ["sum", "min", "max", "avg"])
        let inner = value(name == "avg" ? pick([.integer, .number]) : kind, depth: chance(1, in: 2) ? 1 : 0)
        return SampleExpression(board: "\(name)(\(inner.board))", sql: "\(name)(\(inner.sql))", kind: kind)
    }

    // MARK: Conditions

    mutating func condition(depth: Int) -> SampleExpression {
        if depth == 0 || chance(1, in: 5) { return predicate() }
        if chance(1, in: 4) {
            let inner = condition(depth: depth - 1)
            return SampleExpression(
                board: word("NOT") + " " + operand(inner, .not), sql: "(NOT \(inner.sql))", kind: .boolean,
                strength: .not)
        }
        let isAnd = chance(1, in: 2)
        let parts = (0..<Int.random(in: 2...3, using: &generator)).map { _ in condition(depth: depth - 1) }
        let keyword = isAnd ? "AND" : "OR"
        return SampleExpression(
            board: parts.map { operand($0, isAnd ? .not : .and) }.joined(separator: " \(word(keyword)) "),
            sql: "(\(parts.map(\.sql).joined(separator: " \(keyword) ")))", kind: .boolean,
            strength: isAnd ? .and : .or)
    }

    private mutating func predicate() -> SampleExpression {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: return isNull()
        case 1: return isIn()
        case 2: return between()
        case 3: return like()
        case 4: return has()
        case 5:
            return chance(1, in: 2)
                ? column([.boolean])
                : SampleExpression(
                    board: "portal_access = TRUE", sql: "(portal_access = 1)", kind: .boolean, strength: .predicate)
        default: return comparison()
        }
    }

    private mutating func comparison() -> SampleExpression {
        let operation = pick(["=", "<>", "!=", "<", "<=", ">", ">="])
        let kind = pick([.integer, .integer, .number, .number, .money, .money, .text, .time] as [SampleKind])
        var left = value(kind, depth: pick([0, 0, 1, 2]))
        let other = kind == .integer && chance(1, in: 3) ? SampleKind.number : kind
        var right = chance(3, in: 4) ? constant(other, beside: left) : value(kind, depth: 0)
        if right.board.hasPrefix("'") && right.kind == .text { right = constant(kind, beside: left) }
        if left.board.hasPrefix("'") && left.kind == .text { left = constant(kind, beside: right) }
        let isMirrored = chance(1, in: 5)
        let (first, second) = isMirrored ? (right, left) : (left, right)
        return SampleExpression(
            board: operand(first, .sum) + " \(operation) " + operand(second, .sum),
            sql: "(\(first.sql) \(operation) \(second.sql))", kind: .boolean, strength: .predicate)
    }

    private mutating func negation() -> (board: String, sql: String) {
        chance(1, in: 3) ? (word("NOT") + " ", "NOT ") : ("", "")
    }

    private mutating func isNull() -> SampleExpression {
        let not = negation()
        let inner = column(SampleKind.allCases)
        return SampleExpression(
            board: "\(inner.board) IS \(not.board)NULL", sql: "(\(inner.sql) IS \(not.sql)NULL)", kind: .boolean,
            strength: .predicate)
    }

    private mutating func isIn() -> SampleExpression {
        let not = negation()
        let kind = pick([.integer, .number, .money, .text] as [SampleKind])
        let left = value(kind, depth: pick([0, 0, 1]))
        var items = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            constant(kind, beside: left)
        }
        if chance(1, in: 6) { items.append(SampleExpression(board: "NULL", sql: "NULL", kind: kind)) }
        let board = items.map(\.board).joined(separator: ", ")
        let sql = items.map(\.sql).joined(separator: ", ")
        return SampleExpression(
            board: operand(left, .sum) + " \(not.board)\(word("IN")) (\(board))",
            sql: "(\(left.sql) \(not.sql)IN (\(sql)))", kind: .boolean, strength: .predicate)
    }

    private mutating func between() -> SampleExpression {
        let not = negation()
        let kind = pick([.integer, .number, .money, .text, .time] as [SampleKind])
        let left = value(kind, depth: pick([0, 0, 1]))
        let (low, high) = (constant(kind), constant(kind))
        return SampleExpression(
            board: operand(left, .sum) + " \(not.board)\(word("BETWEEN")) \(low.board) AND \(high.board)",
            sql: "(\(left.sql) \(not.sql)BETWEEN \(low.sql) AND \(high.sql))", kind: .boolean, strength: .predicate)
    }

    private mutating func like() -> SampleExpression {
        let not = negation()
        let column = pick(["name", "company"])
        if chance(1, in: 6) {
            return SampleExpression(
                board: "\(column) \(not.board)LIKE '%100!%%' ESCAPE '!'",
                sql: "(\(column)_folded \(not.sql)LIKE '%100!%%' ESCAPE '!')", kind: .boolean, strength: .predicate)
        }
        let (word, other) = (pick(SampleBoard.words), pick(SampleBoard.words))
        let form = pick([
            ("", "%"), ("%", ""), ("%", "%"), ("_", "%"), ("", " Ltd"), ("", " Ltd%"), ("%", "_d"), ("", ""),
        ])
        let between = chance(1, in: 3) ? "%" : " "
        let second = chance(1, in: 2) ? between + other.0 : ""
        let secondFolded = second.isEmpty ? "" : between + other.1
        return SampleExpression(
            board: "\(column) \(not.board)\(self.word("LIKE")) '\(form.0)\(word.0.uppercased())\(second)\(form.1)'",
            sql: "(\(column)_folded \(not.sql)LIKE '\(form.0)\(word.1)\(secondFolded)\(form.1)')", kind: .boolean,
            strength: .predicate)
    }

    private mutating func has() -> SampleExpression {
        let not = negation()
        let (list, entry) =
            chance(1, in: 3)
            ? ("warnings", pick(["no_auth", "no_routing"])) : ("tags", pick(SampleBoard.tags + ["none"]))
        return SampleExpression(
            board: "\(list) \(not.board)\(word("HAS")) '\(entry)'",
            sql: "(\(not.sql)(instr(\(list), ';\(entry);') > 0))", kind: .boolean, strength: .predicate)
    }
}
