import Terminal

/// The errors of an import, by row and column of the file; the first are listed, all are counted.
struct ImportErrors: Equatable, Sendable {
    struct Entry: Equatable, Sendable, CustomStringConvertible {
        var row: Int
        /// Such as `C`; nil if the row or the file is at fault.
        var column: String?
        /// The field's name; empty: the row.
        var field: String
        var message: String

        var description: String {
            let place = column.map { ", column \($0)" } ?? ""
            return "row \(row)\(place)\(field.isEmpty ? "" : " \"\(field)\""): \(message)"
        }
    }

    /// Prints, and lists, all of them up to a bound.
    let showsAll: Bool
    private(set) var listed: [Entry] = []
    private(set) var count = 0
    /// The number of each kind; unlisted errors have no kind.
    private var kinds: [String: Int] = [:]
    var isEmpty: Bool { count == 0 }

    init(showsAll: Bool = false) { self.showsAll = showsAll }

    mutating func add(_ entry: Entry) {
        count += 1
        let kind = Self.kind(entry)
        if kinds[kind] != nil || kinds.count < Limits.errorKinds { kinds[kind, default: 0] += 1 }
        if listed.count < (showsAll ? Limits.allImportErrors : Limits.listedImportErrors) { listed.append(entry) }
    }

    /// Counts errors that are not listed.
    mutating func countUnlisted(_ unlisted: Int) { count += max(0, unlisted) }

    /// The errors in the order of the rows; those of one row in the order found.
    var sorted: [Entry] {
        listed.enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }.map(\.element)
    }

    /// For people: the first errors and, if there are more, the number of each kind.
    var lines: [String] {
        let first = sorted.prefix(showsAll ? Limits.allImportErrors : Limits.printedImportErrors).map(\.description)
        let more = count - first.count
        guard more > 0 else { return first }
        let byKind = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Limits.printedErrorKinds)
        let others = count - byKind.reduce(0) { $0 + $1.value }
        let hint = showsAll ? "" : " (--all-errors lists them)"
        return first + ["\(Number.grouped(more)) more errors\(hint); all \(Number.grouped(count)) by kind:"]
            + byKind.map { "\(Number.grouped($0.value)) of: \($0.key)" }
            + (others > 0 ? ["\(Number.grouped(others)) others"] : [])
    }

    /// An error without the parts that differ from row to row: quoted texts, and words with digits in them.
    private static func kind(_ entry: Entry) -> String {
        var kind = ""
        var quoted = false
        for word in entry.message.split(separator: " ", omittingEmptySubsequences: false) {
            let quotes = word.count { $0 == "'" }
            let wasQuoted = quoted
            if !quotes.isMultiple(of: 2) { quoted.toggle() }
            if wasQuoted { continue }
            let isValue = quotes > 0 || word.contains { $0.isASCII && $0.isNumber }
            kind += (kind.isEmpty ? "" : " ") + (isValue ? "…" : String(word))
        }
        return entry.field.isEmpty ? kind : "\"\(entry.field)\": \(kind)"
    }
}
