/// Maps columns to fields: `id=call_ref,setup_at=Start,talk=Duration (min),cost=7`.
///
/// A column is named by its position, from 1, or by its header: exactly as written, or else ignoring case, blanks,
/// hyphens and underscores. A header with a comma or an equals sign is in double quotes.
public struct CDRMap: Equatable, Sendable {
    enum Column: Hashable, Sendable {
        /// From 0.
        case place(Int)
        case header(String)
    }

    struct Entry: Equatable, Sendable {
        /// A name that the format `csv` knows, in lower case.
        var field: String
        var column: Column
    }

    let entries: [Entry]
    /// The text as written.
    public let text: String
    /// Columns that a file does not have are skipped.
    var isLenient = false

    public init() {
        (entries, text) = ([], "")
    }

    /// This map, skipping columns that a file does not have.
    var lenient: CDRMap {
        var map = self
        map.isLenient = true
        return map
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Reads a map. `3=id` is accepted as well, as in `import --map`.
    /// - Throws: `CDRUsageError` that names the part at fault.
    public init(_ text: String) throws(CDRUsageError) {
        var entries: [Entry] = []
        for part in try Self.parts(text, option: "--map") {
            var (field, column) = (part.left.lowercased(), part.right)
            if Int(field) != nil, !part.isRightQuoted { (field, column) = (column.lowercased(), part.left) }
            guard CDRField.isKnown(field) else {
                throw CDRUsageError(
                    message: "--map: there is no field '\(field)'; known are "
                        + CDRField.documentedNames.joined(separator: ", "))
            }
            let place = part.isRightQuoted ? nil : Int(column)
            if let place, !(1...CDRLimits.fields).contains(place) {
                throw CDRUsageError(
                    message: "--map: column \(place) cannot be; columns count from 1 to \(CDRLimits.fields)")
            }
            let entry = Entry(field: field, column: place.map { .place($0 - 1) } ?? .header(column))
            if entries.contains(where: { $0.field == field || $0.column == entry.column }) {
                throw CDRUsageError(
                    message: "--map: '\(part.left)=\(part.right)' names a field or a column for the second time; keep "
                        + "one")
            }
            entries.append(entry)
        }
        self.entries = entries
        self.text = text
    }

    /// A required field that the map lacks, in words, if it names all columns by position; else a header may have the
    /// rest.
    var missing: String? {
        guard !isEmpty, isByPlace else { return nil }
        return CDRLayout(names: entries.map(\.field), for: .csv).missing(for: .csv)
    }

    /// No header line is needed: all columns are named by position.
    var isByPlace: Bool { entries.allSatisfy { if case .place = $0.column { true } else { false } } }

    /// The least number of fields in a row, if no header line states it.
    var leastFields: Int {
        entries.reduce(0) { most, entry in
            if case .place(let place) = entry.column { max(most, place + 1) } else { most }
        }
    }

    /// Whether a line can be the header: it has all columns that are named by their headers.
    func isHeader(_ titles: [String]) -> Bool {
        if isLenient { return found(titles) > 1 && problem(titles, CDROptions()) == nil }
        return !entries.isEmpty
            && entries.allSatisfy {
                if case .header(let name) = $0.column { Self.find(name, titles).count > 0 } else { true }
            }
    }

    /// The titles of a file, each replaced by its field; those without a field unchanged.
    ///
    /// A column that is not in the map goes by its own name, unless the map has another column for the same field.
    /// - Throws: `CDRUsageError` for a column that the file does not have, or has twice.
    func names(_ titles: [String], _ options: CDROptions) throws(CDRUsageError) -> [String] {
        var fields = [String?](repeating: nil, count: max(titles.count, 0))
        var taken: Set<CDRColumn> = []
        for entry in entries {
            if isLenient, case .header(let name) = entry.column, Self.find(name, titles).isEmpty { continue }
            let index = try Self.index(of: entry.column, titles)
            if let other = fields[index] {
                throw CDRUsageError(
                    message: "--map: column \(index + 1) is '\(other)' and '\(entry.field)'; keep one")
            }
            fields[index] = entry.field
            if let known = CDRColumnName.named(entry.field, for: .csv) { taken.insert(known.column) }
        }
        return titles.indices.map { index in
            let title = titles[index]
            guard let field = fields[index] else {
                if let known = CDRColumnName.named(title, for: .csv) {
                    return taken.contains(known.column) ? "" : Self.withUnit(title, nil, options.durations)
                }
                let isTaken = entries.contains { $0.field == title.lowercased() }
                return isTaken ? "" : title
            }
            return Self.withUnit(field, CDRDurationUnit(ofColumn: title), options.durations)
        }
    }

    /// The name of a field with the unit of its column or the options; one with a unit of its own unchanged.
    private static func withUnit(
        _ field: String, _ own: CDRDurationUnit?, _ common: CDRDurationUnit?
    ) -> String {
        let field = field.lowercased()
        guard ["duration", "talk", "pdd"].contains(field), let unit = own ?? common else { return field }
        // Delays are never written in minutes.
        return field == "pdd" && unit == .minutes ? field : field + unit.suffix
    }

    private static func index(of column: Column, _ titles: [String]) throws(CDRUsageError) -> Int {
        switch column {
        case .place(let place):
            guard place < titles.count else {
                throw CDRUsageError(
                    message: "--map: there is no column \(place + 1); the file has \(titles.count)")
            }
            return place
        case .header(let name):
            let found = find(name, titles)
            guard let index = found.first else {
                let known = titles.prefix(CDRLimits.shownColumns).map { "'\($0)'" }.joined(separator: ", ")
                let more = titles.count - CDRLimits.shownColumns
                throw CDRUsageError(
                    message: "--map: the file has no column '\(name)'; its columns are \(known)"
                        + (more > 0 ? " and \(more) more" : ""))
            }
            guard found.count == 1 else {
                let places = found.map { String($0 + 1) }.joined(separator: " and ")
                throw CDRUsageError(
                    message: "--map: '\(name)' is the name of columns \(places); name one by its number")
            }
            return index
        }
    }

    /// The columns of a name: exact matches, or else those that are equal ignoring case and separators.
    static func find(_ name: String, _ titles: [String]) -> [Int] {
        let exact = titles.indices.filter { titles[$0] == name }
        if !exact.isEmpty { return exact }
        let folded = fold(name)
        return titles.indices.filter { fold(titles[$0]) == folded }
    }

    static func fold(_ title: String) -> String {
        String(title.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" && $0 != "\u{FEFF}" })
    }
}

extension CDRMap {
    struct Part {
        var left: String
        var right: String
        var isRightQuoted: Bool
    }

    /// Reads `a=b,"c, d"=e`.
    /// - Throws: `CDRUsageError` for a part without both sides.
    static func parts(_ text: String, option: String) throws(CDRUsageError) -> [Part] {
        var parts: [Part] = []
        var sides: [String] = [""]
        var quotedSides: Set<Int> = []
        var isQuoted = false
        func end() throws(CDRUsageError) {
            let trimmed = sides.indices.map { quotedSides.contains($0) ? sides[$0] : sides[$0].trimmed }
            if trimmed == [""] { return }
            guard trimmed.count == 2, !trimmed[0].isEmpty, !trimmed[1].isEmpty else {
                throw CDRUsageError(
                    message: "\(option): '\(trimmed.joined(separator: "="))' has not two sides; write a=b,c=d")
            }
            parts.append(Part(left: trimmed[0], right: trimmed[1], isRightQuoted: quotedSides.contains(1)))
        }
        for character in text {
            switch character {
            case "\"":
                if !isQuoted, sides[sides.count - 1].allSatisfy(\.isWhitespace) { sides[sides.count - 1] = "" }
                isQuoted.toggle()
                quotedSides.insert(sides.count - 1)
            case "=" where !isQuoted && sides.count == 1: sides.append("")
            case "," where !isQuoted:
                try end()
                (sides, quotedSides) = ([""], [])
            default:
                // Blanks after a closing quote.
                if !isQuoted, quotedSides.contains(sides.count - 1), character.isWhitespace { continue }
                sides[sides.count - 1].append(character)
            }
        }
        if isQuoted {
            throw CDRUsageError(message: "\(option): a quote is not closed; write \"...\" around a name with a comma")
        }
        try end()
        return parts
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
