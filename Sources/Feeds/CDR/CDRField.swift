/// One field of a row: a range of bytes in the row's line.
struct CDRField {
    var start: Int
    var end: Int
    /// The field was quoted and has doubled quotes within.
    var hasDoubledQuotes = false

    var isEmpty: Bool { start >= end }
    var range: Range<Int> { start..<max(start, end) }

    static let empty = CDRField(start: 0, end: 0)
}

/// Splits a line into its fields. Every splitter reads each byte once and never outside the line.
enum CDRFieldSplitter {
    private static let quote = UInt8(ascii: "\"")

    /// RFC 4180: a field may be quoted, and a quote within is doubled. Blanks around a field are not part of it; `NULL`
    /// and `\N` without quotes are the nulls of database exports.
    static func split(
        _ line: Span<UInt8>, delimiter: UInt8, into fields: inout [CDRField]
    ) throws(RowFault) {
        fields.removeAll(keepingCapacity: true)
        var at = 0
        while true {
            if fields.count == CDRLimits.fields { throw RowFault(name: .fields) }
            skipBlanks(line, delimiter, &at)
            if at < line.count, line[at] == quote {
                var field = CDRField(start: at + 1, end: at + 1)
                at = try endOfQuoted(line, from: at + 1, field: &field)
                skipBlanks(line, delimiter, &at)
                fields.append(field)
                if at < line.count, line[at] != delimiter { throw RowFault(name: .quote) }
            } else {
                let start = at
                at = line.first(delimiter, in: at..<line.count) ?? line.count
                let text = line.trimmingBlanks(start..<at)
                fields.append(
                    CDRField(start: text.lowerBound, end: isNothing(line, text) ? text.lowerBound : text.upperBound))
            }
            if at >= line.count { return }
            at += 1
        }
    }

    @inline(__always)
    private static func skipBlanks(_ line: Span<UInt8>, _ delimiter: UInt8, _ at: inout Int) {
        while at < line.count, line[at].isBlank, line[at] != delimiter { at += 1 }
    }

    @inline(__always)
    private static func isNothing(_ line: Span<UInt8>, _ text: Range<Int>) -> Bool {
        text.count == 4 && line.starts(with: "NULL", at: text) || text.count == 2 && line.starts(with: "\\N", at: text)
    }

    /// Returns the position after the closing quote.
    private static func endOfQuoted(
        _ line: Span<UInt8>, from start: Int, field: inout CDRField
    ) throws(RowFault) -> Int {
        var at = start
        while let mark = line.first(quote, in: at..<line.count) {
            guard mark + 1 < line.count, line[mark + 1] == quote else {
                field.end = mark
                return mark + 1
            }
            field.hasDoubledQuotes = true
            at = mark + 2
        }
        throw RowFault(name: .quote, isOpen: true)
    }

    /// No quoting at all, as Kamailio's `db_flatstore` writes.
    static func splitPlain(
        _ line: Span<UInt8>, delimiter: UInt8, into fields: inout [CDRField]
    ) throws(RowFault) {
        fields.removeAll(keepingCapacity: true)
        var start = 0
        for at in 0..<line.count where line[at] == delimiter {
            if fields.count == CDRLimits.fields { throw RowFault(name: .fields) }
            fields.append(CDRField(start: start, end: at))
            start = at + 1
        }
        fields.append(CDRField(start: start, end: line.count))
    }

    /// `mod_cdr_csv`: fields in quotes with nothing escaped, so that a name may hold quotes and commas. A field ends at
    /// a quote followed by the next field's comma and quote. If that does not give `expected` fields (a template of
    /// the operator's may leave some unquoted), a quote and a comma end a field.
    static func splitUnescaped(
        _ line: Span<UInt8>, expected: Int, into fields: inout [CDRField]
    ) throws(RowFault) {
        let allQuoted = line.count >= 2 && line[0] == quote && line[line.count - 1] == quote
        if allQuoted {
            try splitAtQuotes(line, nextIsQuoted: true, into: &fields)
            if fields.count == expected || expected == 0 { return }
            // Templates shipped with FreeSWITCH have a blank after a comma.
            try splitAtQuotes(line, nextIsQuoted: true, mayHaveBlanks: true, into: &fields)
            if fields.count == expected { return }
        }
        try splitAtQuotes(line, nextIsQuoted: false, into: &fields)
        if fields.count == expected { return }
        try splitAtQuotes(line, nextIsQuoted: false, mayHaveBlanks: true, into: &fields)
    }

    private static func splitAtQuotes(
        _ line: Span<UInt8>, nextIsQuoted: Bool, mayHaveBlanks: Bool = false, into fields: inout [CDRField]
    ) throws(RowFault) {
        fields.removeAll(keepingCapacity: true)
        var at = 0
        while true {
            if fields.count == CDRLimits.fields { throw RowFault(name: .fields) }
            if mayHaveBlanks {
                let next = afterSpaces(line, at)
                if next < line.count, line[next] == quote { at = next }
            }
            if at < line.count, line[at] == quote {
                let start = at + 1
                at = start
                while at < line.count, !endsUnescaped(line, at, nextIsQuoted, mayHaveBlanks) { at += 1 }
                if at >= line.count { throw RowFault(name: .quote) }
                fields.append(CDRField(start: start, end: at))
                at += 1
            } else {
                let start = at
                while at < line.count, line[at] != .comma { at += 1 }
                fields.append(CDRField(start: start, end: at))
            }
            if at >= line.count { return }
            at += 1
        }
    }

    /// Whether a quote that ends a field is here: a comma follows it, and after that a quote if all fields are quoted.
    private static func endsUnescaped(
        _ line: Span<UInt8>, _ at: Int, _ nextIsQuoted: Bool, _ mayHaveBlanks: Bool
    ) -> Bool {
        guard line[at] == quote else { return false }
        if at + 1 == line.count { return true }
        guard line[at + 1] == .comma else { return false }
        if !nextIsQuoted { return true }
        let next = mayHaveBlanks ? afterSpaces(line, at + 2) : at + 2
        return next < line.count && line[next] == quote
    }

    private static func afterSpaces(_ line: Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < line.count, line[at] == .space { at += 1 }
        return at
    }
}
