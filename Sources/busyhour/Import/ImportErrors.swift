/// What is wrong with an import, by row and column of the file; the first are listed, all are counted.
struct ImportErrors: Equatable, Sendable {
    struct Entry: Equatable, Sendable, CustomStringConvertible {
        var row: Int
        /// `C`; nil where the row or the file is at fault.
        var column: String?
        /// The field's name; empty: the row.
        var field: String
        var message: String

        var description: String {
            let place = column.map { ", column \($0)" } ?? ""
            return "row \(row)\(place)\(field.isEmpty ? "" : " \"\(field)\""): \(message)"
        }
    }

    private(set) var listed: [Entry] = []
    private(set) var count = 0
    var isEmpty: Bool { count == 0 }

    mutating func add(_ entry: Entry) {
        count += 1
        if listed.count < Limits.listedImportErrors { listed.append(entry) }
    }

    /// Counts errors that nobody lists.
    mutating func countUnlisted(_ unlisted: Int) { count += max(0, unlisted) }

    /// The errors in the order of the rows; those of one row as they were found.
    var sorted: [Entry] {
        listed.enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }.map(\.element)
    }
}
