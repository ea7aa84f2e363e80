/// Lines of a `csv` that are not rows: titles above the header, header lines, a line of types or dashes below it,
/// totals and anything else that ends an export.
///
/// Rows are only checked for this when they cannot be read, so it costs nothing.
extension CDRReader {
    mutating func countNoCall(_ name: CDRNoCallName) {
        counters.notCalls += 1
        counters.notCallsByName[name, default: 0] += 1
    }

    // MARK: - Above the rows

    /// Reads a line of a file whose columns are not known yet.
    mutating func readHeader(_ line: Span<UInt8>) throws(RowFault) {
        if readSeparatorLine(line) { return }
        let names = names(line)
        if isOpenEnded, !isHeaderByPlace(line) {
            // No header line: the map names all columns by position.
            try beginByPlaces()
            return try readRowOfCall(line)
        }
        if isOpenEnded || isHeaderLine(names) {
            do {
                let layout = try layout(names, isOpenEnded: isOpenEnded)
                if layout.suffices(for: format) {
                    begin(layout)
                    hasHeader = true
                    if isUnreadable { return }
                    counters.rows -= 1
                    for _ in titles {
                        counters.rows += 1
                        countNoCall(.heading)
                    }
                    titles = []
                    return
                }
            } catch {
                return giveUp(error.message, line)
            }
        }
        noteTitle(names, line)
    }

    /// The layout of a file, by the file's names of its columns.
    func layout(_ titles: [String], isOpenEnded: Bool = false) throws(CDRUsageError) -> CDRLayout {
        guard format == .csv else { return CDRLayout(names: titles, for: format) }
        let names = try options.map.names(titles, options)
        return CDRLayout(names: names, for: format, titles: titles, isOpenEnded: isOpenEnded)
    }

    /// Continues with a layout.
    mutating func begin(_ layout: CDRLayout) {
        self.layout = layout
        let holds = format == .csv && options.keep != .first && layout.has(.id)
        records.heldBack = holds ? CDRLimits.heldRows : 0
        guard let filter = options.filter else { return }
        do {
            filterPlaces = try filter.places(layout.titles, fields: layout.names)
        } catch {
            refuseFile(error.message)
        }
    }

    private mutating func beginByPlaces() throws(RowFault) {
        do {
            begin(try layout((1...max(1, options.map.leastFields)).map { "#\($0)" }, isOpenEnded: true))
        } catch {
            throw RowFault(name: .fields, expected: options.map.leastFields)
        }
    }

    /// The map names all columns by position, so rows may have any number of fields.
    var isOpenEnded: Bool { format == .csv && !hasGivenColumns && !options.map.isEmpty && options.map.isByPlace }

    /// Whether a line can be the header of the file.
    func isHeaderLine(_ names: [String]) -> Bool {
        if format == .csv, !options.map.isEmpty, !hasGivenColumns { return options.map.isHeader(names) }
        return CDRLayout(names: names, for: format).suffices(for: format)
    }

    /// Whether a line can be the header if a map names the columns by position: no field of times or numbers holds one.
    func isHeaderByPlace(_ line: Span<UInt8>) -> Bool {
        guard fields.count >= options.map.leastFields else { return false }
        var hasName = false
        for entry in options.map.entries {
            guard case .place(let place) = entry.column, place < fields.count,
                let known = CDRColumnName.named(entry.field, for: .csv), known.column.isNumber, !fields[place].isEmpty
            else { continue }
            guard line[fields[place].start].isLetter else { return false }
            hasName = true
        }
        return hasName
    }

    /// `sep=;`, at the start of files for spreadsheets.
    private mutating func readSeparatorLine(_ line: Span<UInt8>) -> Bool {
        let isQuoted = line.count > 1 && line[0] == .quote
        let start = isQuoted ? 1 : 0
        guard format == .csv, rowLine == 1, line.count - start >= 5, line.begins(with: "sep=", start..<line.count)
        else {
            return false
        }
        delimiter = line[start + 4]
        isDelimiterKnown = true
        counters.rows -= 1
        return true
    }

    private mutating func noteTitle(_ names: [String], _ line: Span<UInt8>) {
        let found = options.map.found(names)
        if likelyHeader.isEmpty || found > options.map.found(likelyHeader) || likelyHeader.count < 2 {
            likelyHeader = names
        }
        counters.rows -= 1
        titles.append(error(RowFault(name: .header), in: line))
        if titles.count >= CDRLimits.titleLines { refuseTitles() }
    }

    /// No header line has come: the lines so far were rows that cannot be understood.
    mutating func refuseTitles() {
        guard !titles.isEmpty else { return }
        let waiting = titles
        titles = []
        if let missing = options.map.problem(likelyHeader, options) {
            counters.rows += 1
            return refuseFile(missing)
        }
        if let missing = missingColumn {
            counters.rows += 1
            return refuseFile(
                "the header line lacks \(missing); name the column that tells it with --map, or all with --columns",
                .header)
        }
        for title in waiting {
            counters.rows += 1
            note(title)
        }
    }

    /// What the likely header line lacks, if it looks like one: it names two columns of the format.
    private var missingColumn: String? {
        let known = likelyHeader.count { CDRColumnName.named($0.lowercased(), for: format) != nil }
        return known < 2 ? nil : CDRLayout(names: likelyHeader, for: format).missing(for: format)
    }

    private mutating func giveUp(_ message: String, _ line: Span<UInt8>) {
        titles = []
        refuseFile(message)
    }

    /// Refuses the whole file.
    private mutating func refuseFile(_ message: String, _ name: CDRErrorName = .map) {
        isUnreadable = true
        note(CDRError(file: file, line: rowLine, name: name, message: message))
    }

    // MARK: - Among the rows

    /// The kind of a line that cannot be read as a row; nil: a faulty row.
    func noCall(_ line: Span<UInt8>, _ layout: CDRLayout, _ fault: RowFault) -> CDRNoCallName? {
        guard format == .csv else { return nil }
        switch fault.name {
        case .time, .missingTime, .missingKey, .fields, .number, .address: break
        default: return nil
        }
        if fields.allSatisfy(\.isEmpty) { return .empty }
        if isRule(line) { return .heading }
        let texts = fields.filter { !$0.isEmpty }.map { Self.text(line, $0).lowercased() }
        if texts.allSatisfy(Self.isType) { return .heading }
        if let first = texts.first, Self.isEnding(first) { return .total }
        // The file's own header line, if the columns were named on the command line.
        let isFirst = counters.calls == 0 && counters.errors == 0
        if isFirst, hasGivenColumns, rowLine == 1, hasTitles(line, layout) { return .heading }
        // A second header line has words only, and comes before the first call.
        let isBeginning = isFirst && (hasHeader || hasGivenColumns)
        let hasDigit = texts.contains { $0.utf8.contains { $0.isDigit } }
        return isBeginning && !hasDigit && fields.count > 1 ? .heading : nil
    }

    /// Whether no field of times or numbers holds one.
    private func hasTitles(_ line: Span<UInt8>, _ layout: CDRLayout) -> Bool {
        var hasName = false
        for column in CDRColumn.allCases where column.isNumber {
            for source in layout.sources(of: column) where source.position < fields.count {
                let field = fields[source.position]
                if field.isEmpty { continue }
                guard line[field.start].isLetter else { return false }
                hasName = true
            }
        }
        return hasName
    }

    /// A line of dashes and the like.
    private func isRule(_ line: Span<UInt8>) -> Bool {
        line.indices.allSatisfy { index in
            switch line[index] {
            case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "_"), UInt8(ascii: "*"),
                UInt8(ascii: "|"), .space, 9, .comma, .semicolon, .quote:
                true
            default: false
            }
        }
    }

    /// `varchar(50)`, `timestamp without time zone`, `int unsigned`: a column's type.
    private static func isType(_ text: String) -> Bool {
        let first = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard types.contains(String(first)) else { return false }
        let rest = text.dropFirst(first.count).drop { $0 == " " }
        guard rest.first == "(" else { return rest.allSatisfy { $0.isLetter || $0 == " " } }
        return rest.dropFirst().prefix { $0 != ")" }.allSatisfy { $0.isNumber || $0 == "," || $0 == " " }
            && rest.contains(")")
    }

    private static let types: Set<String> = [
        "varchar", "varchar2", "nvarchar", "char", "character", "text", "string", "integer", "int", "int2", "int4",
        "int8",
        "bigint", "smallint", "tinyint", "mediumint", "numeric", "decimal", "number", "float", "double", "real", "date",
        "datetime", "time", "timestamp", "timestamptz", "boolean", "bool", "bit", "uuid", "inet", "guid",
        "uniqueidentifier", "binary", "varbinary", "bytea", "json", "money",
    ]

    /// The start of a line that ends a table: `Total`, `(13 rows)`, `# end`.
    private static func isEnding(_ text: String) -> Bool {
        if text.hasPrefix("#") || text.hasPrefix("--") || text.hasPrefix("//") { return true }
        let words = text.split { !$0.isLetter && !$0.isNumber }
        if text.hasPrefix("(") {
            return words.count == 2 && Int(words[0]) != nil && ["rows", "row"].contains(words[1])
        }
        guard let first = words.first else { return false }
        if ["grand", "sub", "end"].contains(first) {
            return words.count > 1 && ["total", "totals", "of"].contains(words[1])
        }
        return totals.contains(String(first)) && words.count <= 4
    }

    private static let totals: Set<String> = [
        "total", "totals", "subtotal", "sum", "sums", "summe", "summen", "gesamt", "gesamtsumme", "zwischensumme",
        "somme",
        "totaux", "totale", "totali", "totales", "totaal", "totalt", "suma", "soma", "razem", "celkem", "spolu",
        "toplam",
        "ukupno", "всего", "итого", "разом", "合计", "总计", "合計", "eof", "trailer", "footer",
    ]
}

extension CDRColumn {
    /// Its fields are times or numbers, which do not begin with a letter.
    fileprivate var isNumber: Bool {
        switch self {
        case .setup, .ring, .ringMedia, .answer, .end, .duration, .talk, .pdd, .code, .q850, .cost, .created: true
        default: false
        }
    }
}

extension CDRMap {
    /// The number of its columns in a line.
    func found(_ titles: [String]) -> Int {
        entries.count { entry in
            switch entry.column {
            case .place(let place): place < titles.count
            case .header(let name): !CDRMap.find(name, titles).isEmpty
            }
        }
    }

    /// Why it cannot be the map of a file with these titles; nil: it can, or there is no map.
    func problem(_ titles: [String], _ options: CDROptions) -> String? {
        if isEmpty { return nil }
        do {
            let names = try names(titles, options)
            guard let missing = CDRLayout(names: names, for: .csv).missing(for: .csv) else { return nil }
            return "--map lacks \(missing); name the column that tells it"
        } catch {
            return error.message
        }
    }
}
