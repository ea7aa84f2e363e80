/// Rows with a line break within a quoted field (RFC 4180).
///
/// A line that ends within quotes is stored, and read again together with the next one, and so on. If that gives no row
/// after all, there was a stray quote: the first line is refused, and those after it are read by themselves.
extension CDRReader {
    /// Whether to wait for the rest of a line that ends within quotes.
    func mayGoOn(_ line: Span<UInt8>) -> Bool {
        layout != nil && openLines < CDRLimits.linesOfRow && line.count < CDRLimits.lineBytes
    }

    /// Stores a row that continues in the next line.
    mutating func keepOpen(_ row: Span<UInt8>) {
        counters.rows -= 1
        carry.removeAll(keepingCapacity: true)
        for index in row.indices { carry.append(row[index]) }
        carry.append(.lineFeed)
        openLines += 1
    }

    /// The joined lines are not a row.
    mutating func refuseJoined(_ row: Span<UInt8>) {
        keepOpen(row)
        giveUpOpenRow()
    }

    /// Refuses the first of the stored lines, and reads the others; an incomplete last line, and a line that is open
    /// again, is stored.
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
