import CallEvents

/// Classifies a CSV or flat row: a header, a trailer, a call, events.
extension CDRReader {
    mutating func readRow(_ line: Span<UInt8>) throws(RowFault) {
        try split(line)
        guard let layout else { return try readHeader(line) }
        if isHeader(line, layout) {
            let isFirst = format != .csv || !hasHeader && counters.calls == 0
            if !hasGivenColumns, let next = try? self.layout(names(line), isOpenEnded: isOpenEnded) {
                begin(next)
                hasHeader = true
            }
            if isFirst { counters.rows -= 1 } else { countNoCall(.heading) }
            return
        }
        switch format {
        case .csv: try readRowOfCall(line)
        case .asterisk where !hasGivenColumns && !hasHeader:
            guard let fitting = AsteriskLayouts.all.layout(fields, line) else {
                throw RowFault(name: .fields, expected: CDRFormat.asteriskFixed.count)
            }
            try readCall(line, fitting)
        case .freeswitchCSV
        where !hasGivenColumns && !hasHeader && fields.count == CDRLayout.exampleWithAddress.fieldCount:
            try readCall(line, CDRLayout.exampleWithAddress)
        case .cgratesCSV where isTrailer(line, layout): countNoCall(.total)
        default:
            if fields.count != layout.fieldCount { throw RowFault(name: .fields, expected: layout.fieldCount) }
            if format.givesEvents { try readTransaction(line, layout) } else { try readCall(line, layout) }
        }
    }

    /// Reads a row of a `csv` whose columns are known.
    mutating func readRowOfCall(_ line: Span<UInt8>) throws(RowFault) {
        guard let layout, !isUnreadable else { return }
        if let filter = options.filter, !filter.accepts(line, fields, filterPlaces) { return countNoCall(.filtered) }
        do throws(RowFault) {
            if !layout.fits(fields) { throw RowFault(name: .fields, expected: layout.fieldCount) }
            try readCall(line, layout)
        } catch {
            guard let name = noCall(line, layout, error) else { throw error }
            countNoCall(name)
        }
    }

    private mutating func split(_ line: Span<UInt8>) throws(RowFault) {
        switch format {
        case .freeswitchCSV:
            try CDRFieldSplitter.splitUnescaped(line, expected: expectedFields(line), into: &fields)
        case .kamailioAcc:
            if lines <= 1 || !isFlat { isFlat = Self.isFlatRow(line) }
            if isFlat {
                try CDRFieldSplitter.splitPlain(line, delimiter: UInt8(ascii: "|"), into: &fields)
                if let layout, fields.count > layout.fieldCount { joinBars(line, layout) }
            } else {
                try splitDelimited(line)
            }
        default: try splitDelimited(line)
        }
    }

    /// Splits at commas, or at the file's separator: regional spreadsheets write semicolons, databases tabs. The
    /// first row that makes sense decides.
    private mutating func splitDelimited(_ line: Span<UInt8>) throws(RowFault) {
        if !isDelimiterKnown {
            for candidate in [UInt8.comma, .semicolon, UInt8(ascii: "\t"), UInt8(ascii: "|")] {
                delimiter = candidate
                guard (try? CDRFieldSplitter.split(line, delimiter: candidate, into: &fields)) != nil else { continue }
                isDelimiterKnown = isWholeRow(line)
                if isDelimiterKnown { return }
            }
            delimiter = .comma
        }
        try CDRFieldSplitter.split(line, delimiter: delimiter, into: &fields)
    }

    /// Whether there are as many fields as a row has, or those of a header line.
    private func isWholeRow(_ line: Span<UInt8>) -> Bool {
        if let layout, layout.fits(fields) { return fields.count > 1 }
        if isOpenEnded { return fields.count >= max(2, options.map.leastFields) }
        if format == .asterisk, !hasGivenColumns, AsteriskLayouts.all.layout(fields, line) != nil { return true }
        return isHeaderLine(names(line))
    }

    /// The number of fields of a `mod_cdr_csv` row, by which unescaped quotes are understood; 0 if any number may be.
    private func expectedFields(_ line: Span<UInt8>) -> Int {
        hasGivenColumns || hasHeader ? layout?.fieldCount ?? 0 : 0
    }

    /// True if a bar comes before any comma: `db_flatstore`.
    private static func isFlatRow(_ line: Span<UInt8>) -> Bool {
        for index in line.indices {
            if line[index] == UInt8(ascii: "|") { return true }
            if line[index] == UInt8(ascii: ",") { return false }
        }
        return false
    }

    func names(_ line: Span<UInt8>) -> [String] {
        fields.map { field in
            var bytes: [UInt8] = []
            // A map names columns like the file, including blanks.
            for at in field.range where line[at] != 0x20 || !options.map.isEmpty || options.filter != nil {
                bytes.append(line[at])
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// True for a header line, at the top or where files were joined: the start's field has no digit and the line
    /// names a sufficient layout.
    private mutating func isHeader(_ line: Span<UInt8>, _ layout: CDRLayout) -> Bool {
        guard fields.count > 1 else { return false }
        if let start = layout.source(.setup, in: fields), !line[fields[start.position].start].isLetter {
            return false
        }
        return isOpenEnded ? isHeaderByPlace(line) : isHeaderLine(names(line))
    }

    /// The last line of a CGRateS export: the number of events, the summed usage, the number of messages, the cost.
    private func isTrailer(_ line: Span<UInt8>, _ layout: CDRLayout) -> Bool {
        guard fields.count != layout.fieldCount, (2...8).contains(fields.count) else { return false }
        return CDRNumber.integer(line, fields[0]) != nil && CDRNumber.goDuration(line, fields[1]) != nil
    }
}

extension CDRLayout {
    /// The template `example` preceded by the switch's own address, as some releases ship it.
    static let exampleWithAddress = CDRLayout(
        names: ["local_ip_v4"] + CDRFormat.freeswitchExample, for: .freeswitchCSV)
}

/// The variants of Asterisk's `cdr_csv`, by their number of fields.
struct AsteriskLayouts: Sendable {
    static let all = AsteriskLayouts()

    private let plain = CDRLayout(names: CDRFormat.asteriskFixed, for: .asterisk)
    private let unique = CDRLayout(names: CDRFormat.asteriskFixed + ["uniqueid"], for: .asterisk)
    private let user = CDRLayout(names: CDRFormat.asteriskFixed + ["userfield"], for: .asterisk)
    private let both = CDRLayout(names: CDRFormat.asteriskFixed + ["uniqueid", "userfield"], for: .asterisk)
    private static let linked = ["peeraccount", "linkedid", "sequence"]
    private let plainLinked = CDRLayout(names: CDRFormat.asteriskFixed + linked, for: .asterisk)
    private let uniqueLinked = CDRLayout(names: CDRFormat.asteriskFixed + ["uniqueid"] + linked, for: .asterisk)
    private let userLinked = CDRLayout(names: CDRFormat.asteriskFixed + ["userfield"] + linked, for: .asterisk)
    private let bothLinked = CDRLayout(
        names: CDRFormat.asteriskFixed + ["uniqueid", "userfield"] + linked, for: .asterisk)

    /// The layout of a row, or nil if `cdr_csv` writes no row with so many fields.
    func layout(_ fields: [CDRField], _ line: Span<UInt8>) -> CDRLayout? {
        switch fields.count {
        case 16: plain
        case 17: Self.isUniqueID(fields[16], line) ? unique : user
        case 18: both
        case 19: plainLinked
        case 20: Self.isUniqueID(fields[16], line) ? uniqueLinked : userLinked
        case 21: bothLinked
        default: nil
        }
    }

    /// `1748934029.100`, preceded by a system name and a hyphen if Asterisk has one configured.
    static func isUniqueID(_ field: CDRField, _ line: Span<UInt8>) -> Bool {
        createdSeconds(field, line) != nil
    }

    /// When the channel was created: the seconds at the start of a unique id, after the system name.
    static func createdSeconds(_ field: CDRField, _ line: Span<UInt8>) -> Int64? {
        var at = field.end
        while at > field.start, line[at - 1] &- 0x30 <= 9 { at -= 1 }
        guard at < field.end, at > field.start, line[at - 1] == UInt8(ascii: ".") else { return nil }
        let end = at - 1
        at = end
        while at > field.start, line[at - 1] &- 0x30 <= 9 { at -= 1 }
        guard at == field.start || line[at - 1] == UInt8(ascii: "-") else { return nil }
        return CDRNumber.digits(line, &at, end)
    }
}
