/// Rows with a line break within a quoted field (RFC 4180).
///
/// A line that ends within quotes is kept, and read again together with the next one, and so on. When that gives no row
/// after all, a quote was too many: the first line is refused, and those after it are read by themselves.
extension CDRReader {
    /// Whether a line that ends within quotes is waited for.
    func mayGoOn(_ line: Span<UInt8>) -> Bool {
        layout != nil && openLines < CDRLimits.linesOfRow && line.count < CDRLimits.lineBytes
    }

    /// Keeps a row that goes on in the next line.
    mutating func keepOpen(_ row: Span<UInt8>) {
        counters.rows -= 1
        carry.removeAll(keepingCapacity: true)
        for index in row.indices { carry.append(row[index]) }
        carry.append(.lineFeed)
        openLines += 1
    }

    /// What several lines give together is no row.
    mutating func refuseJoined(_ row: Span<UInt8>) {
        keepOpen(row)
        giveUpOpenRow()
    }

    /// Refuses the first of the lines that were kept, and reads the others; what is left of a line without its end, and
    /// what is open again, is kept.
    mutating func giveUpOpenRow() {
        var lines = carry.split(separator: .lineFeed, maxSplits: openLines, omittingEmptySubsequences: false)
        let rest = lines.removeLast()
        carry = []
        openLines = 0
        var position = rowOffset
        var number = rowLine
        for (index, line) in lines.enumerated() {
            if carry.isEmpty {
                rowOffset = position
                rowLine = number
            }
            position += Int64(line.count) + 1
            number += 1
            if index > 0 {
                endLine(Array(line).span)
            } else {
                counters.rows += 1
                report(RowFault(name: .quote), in: Array(line).span)
            }
        }
        if carry.isEmpty {
            rowOffset = position
            rowLine = number
        }
        if !rest.isEmpty { keep(Array(rest).span) }
    }
}
