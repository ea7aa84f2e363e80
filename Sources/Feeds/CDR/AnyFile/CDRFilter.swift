/// Selects the rows of a file that are calls, by the file's own columns: `type = 'Stop' and duration > 0`.
///
/// A column is named as in a map (`CDRMap`): by its header, in double quotes if that has blanks, or by its position
/// (`#1`). Texts are compared ignoring the case of ASCII letters; a bare number compares as a number, and a cell that
/// is not a number only compares unequal; `true` and `false` as databases write them (`t`, `1`, `yes`). An empty cell
/// is an empty text.
public struct CDRFilter: Equatable, Sendable {
    indirect enum Node: Equatable, Sendable {
        case and(Node, Node)
        case or(Node, Node)
        case not(Node)
        case compare(Int, Comparison, Literal)
        case isAny(Int, [Literal])
        case like(Int, [UInt8])
        case isEmpty(Int)
    }

    enum Comparison: Sendable {
        case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
    }

    enum Literal: Equatable, Sendable {
        /// In lower case, as far as it is ASCII.
        case text([UInt8])
        /// Millionths.
        case number(Int64)
        case truth(Bool)
    }

    let root: Node
    /// The named columns, by their index in nodes.
    let columns: [CDRMap.Column]
    /// The text as written.
    public let text: String

    public static func == (one: CDRFilter, other: CDRFilter) -> Bool { one.text == other.text }

    /// The positions of its columns in a file.
    /// - Throws: `CDRUsageError` for a column that the file does not have, or has twice.
    func places(_ titles: [String], fields: [String]) throws(CDRUsageError) -> [Int] {
        var places: [Int] = []
        for column in columns {
            switch column {
            case .place(let place): places.append(place)
            case .header(let name):
                var found = CDRMap.find(name, titles)
                if found.isEmpty { found = fields.indices.filter { fields[$0] == name.lowercased() } }
                guard found.count == 1 else {
                    let known = titles.prefix(CDRLimits.shownColumns).map { "'\($0)'" }.joined(separator: ", ")
                    throw CDRUsageError(
                        message: found.isEmpty
                            ? "--filter: the file has no column '\(name)'; its columns are \(known), or #1, #2, ... by "
                                + "their places"
                            : "--filter: '\(name)' is the name of \(found.count) columns; name one by its place, such as "
                                + "#\(found[0] + 1)")
                }
                places.append(found[0])
            }
        }
        return places
    }

    /// Whether the row is a call. Costs only the comparisons; nothing is allocated.
    func accepts(_ line: Span<UInt8>, _ fields: [CDRField], _ places: [Int]) -> Bool {
        meets(root, line, fields, places)
    }

    private func meets(_ node: Node, _ line: Span<UInt8>, _ fields: [CDRField], _ places: [Int]) -> Bool {
        func field(_ column: Int) -> CDRField {
            let place = places[column]
            return place < fields.count ? fields[place] : .empty
        }
        switch node {
        case .and(let one, let other):
            return meets(one, line, fields, places) && meets(other, line, fields, places)
        case .or(let one, let other):
            return meets(one, line, fields, places) || meets(other, line, fields, places)
        case .not(let one): return !meets(one, line, fields, places)
        case .compare(let column, let comparison, let literal):
            return Self.compare(line, field(column), comparison, literal)
        case .isAny(let column, let literals):
            return literals.contains { Self.compare(line, field(column), .equal, $0) }
        case .like(let column, let pattern): return Self.isLike(line, field(column), pattern[...])
        case .isEmpty(let column): return field(column).isEmpty
        }
    }

    private static func compare(
        _ line: Span<UInt8>, _ field: CDRField, _ comparison: Comparison, _ literal: Literal
    ) -> Bool {
        switch literal {
        case .number(let number):
            guard let value = CDRNumber.fixed(line, field, places: 6, takesComma: true) else {
                return comparison == .unequal
            }
            return holds(comparison, value < number ? -1 : value > number ? 1 : 0)
        case .truth(let truth):
            let isTrue = ["true", "t", "1", "yes", "y"].contains { (word: StaticString) in
                line.equals(word, field.start..<max(field.start, field.end))
            }
            let isFalse = ["false", "f", "0", "no", "n"].contains { (word: StaticString) in
                line.equals(word, field.start..<max(field.start, field.end))
            }
            let isEqual = truth ? isTrue : isFalse
            return comparison == .equal ? isEqual : comparison == .unequal && !isEqual
        case .text(let text): return holds(comparison, order(line, field, text))
        }
    }

    private static func holds(_ comparison: Comparison, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .unequal: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    private static func order(_ line: Span<UInt8>, _ field: CDRField, _ text: [UInt8]) -> Int {
        var at = field.start
        var index = 0
        while at < field.end, index < text.count {
            let byte = folded(line[at])
            if byte != text[index] { return byte < text[index] ? -1 : 1 }
            at += 1
            index += 1
        }
        return (field.end - at).signum() - (text.count - index).signum()
    }

    /// Whether the field matches a pattern, in which `%` is any text and `_` one byte. The last `%` is tried again when
    /// what follows does not match, so the cost is at most the product of the lengths.
    private static func isLike(_ line: Span<UInt8>, _ field: CDRField, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (at, index) = (field.start, pattern.startIndex)
        var again: (at: Int, index: Int)?
        while at < max(field.start, field.end) {
            if index < pattern.endIndex, pattern[index] == UInt8(ascii: "%") {
                index += 1
                again = (at, index)
            } else if index < pattern.endIndex,
                pattern[index] == UInt8(ascii: "_") || pattern[index] == folded(line[at])
            {
                at += 1
                index += 1
            } else if let last = again {
                again = (last.at + 1, last.index)
                (at, index) = (last.at + 1, last.index)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "%") }
    }

    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
}
