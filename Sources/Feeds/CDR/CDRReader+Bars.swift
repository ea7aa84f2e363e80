/// Rows of `db_flatstore` with a bar within the Call-ID or the reason, which splits them into too many fields.
///
/// The sender of a call chooses its Call-ID, its tags and its numbers, and must not be able to write into other fields
/// with them. So a row is repaired only if there is one way to read it: one code in a position where the code can
/// be, and one time followed by an address, in the position where both must be counted from the row's end. Any other
/// row is refused for its number of fields.
extension CDRReader {
    mutating func joinBars(_ line: Span<UInt8>, _ layout: CDRLayout) {
        let surplus = fields.count - layout.fieldCount
        guard let id = layout.sources(of: .id).first?.position, let code = layout.sources(of: .code).first?.position,
            let time = layout.sources(of: .setup).first?.position, id < code, code < time,
            hasOneTime(line, layout, at: time + surplus)
        else { return }
        // Bars of the reason are between the code and the time; without a reason all are the Call-ID's.
        let mostInReason = time - code >= 2 ? surplus : 0
        var inID = -1
        for bars in surplus - mostInReason...surplus where isCode(line, fields[code + bars]) {
            if inID >= 0 { return }
            inID = bars
        }
        guard inID >= 0 else { return }
        join(code + inID + 1, surplus - inID)
        join(id, inID)
    }

    /// Whether the row has exactly one time, at this index, followed by an address if the layout has it so.
    private mutating func hasOneTime(_ line: Span<UInt8>, _ layout: CDRLayout, at expected: Int) -> Bool {
        let time = layout.sources(of: .setup).first?.position ?? 0
        let address = layout.sources(of: .sourceIP).first?.position
        var found = -1
        for index in fields.indices where isTime(line, fields[index]) {
            if address == time + 1 {
                guard index + 1 < fields.count, Self.address(Self.text(line, fields[index + 1])) != nil else {
                    continue
                }
            }
            if found >= 0 { return false }
            found = index
        }
        return found == expected
    }

    private mutating func isTime(_ line: Span<UInt8>, _ field: CDRField) -> Bool {
        // Fewer than ten characters are not a time of this century.
        guard field.end - field.start >= 10 else { return false }
        if case .time = CDRTimeParser.any(line, field, clock: &clock) { return true }
        return false
    }

    private func isCode(_ line: Span<UInt8>, _ field: CDRField) -> Bool {
        field.end - field.start == 3 && (100...699).contains(CDRNumber.integer(line, field) ?? 0)
    }

    /// Joins the field at `index` and the `count` fields after it.
    private mutating func join(_ index: Int, _ count: Int) {
        guard count > 0 else { return }
        fields[index].end = fields[index + count].end
        fields.removeSubrange(index + 1...index + count)
    }
}
