/// The meaning of the words of one column. Each is looked up, and made a string, once: files have few of them.
struct WordMemory: Sendable {
    struct Meaning: Sendable {
        var disposition: HangupCause.Disposition?
        /// What it says of the end if it does not give the outcome.
        var cause: HangupCause?
    }

    private let format: CDRFormat
    private let own: CDRDispositions
    /// The column says how a call ended, and not whether it was answered.
    private let tellsCause: Bool
    private var entries: [(bytes: [UInt8], meaning: Meaning)] = []

    /// - Parameter own: the operator's table, which overrides the format's words.
    init(_ format: CDRFormat, _ own: CDRDispositions, tellsCause: Bool) {
        (self.format, self.own, self.tellsCause) = (format, own, tellsCause)
    }

    mutating func meaning(_ line: Span<UInt8>, _ field: CDRField) -> Meaning {
        search: for entry in entries where entry.bytes.count == field.end - field.start {
            for (index, byte) in entry.bytes.enumerated() where byte != line[field.start + index] { continue search }
            return entry.meaning
        }
        let text = CDRReader.text(line, field)
        let meaning = tellsCause ? cause(text) : disposition(text)
        // Further ones are reasons in free text, which are looked up each time.
        if entries.count < CDRLimits.wordsRemembered {
            var bytes: [UInt8] = []
            for at in field.start..<field.end { bytes.append(line[at]) }
            entries.append((bytes, meaning))
        }
        return meaning
    }

    private func disposition(_ word: String) -> Meaning {
        if let own = own.byWord[HangupCause.folded(word)] { return Meaning(disposition: own) }
        if let known = HangupCause.asterisk(word) { return Meaning(disposition: known) }
        if let cause = HangupCause.freeswitch(word) { return Meaning(cause: cause) }
        guard format == .csv else { return Meaning() }
        if let known = HangupCause.disposition(word) { return Meaning(disposition: known) }
        return Meaning(cause: HangupCause.ended(word))
    }

    /// An unknown name means nothing. The operator's table may map a cause to an answered call.
    private func cause(_ word: String) -> Meaning {
        if let own = own.byWord[HangupCause.folded(word)] { return Meaning(disposition: own) }
        if let cause = HangupCause.freeswitch(word) { return Meaning(cause: cause) }
        guard format == .csv else { return Meaning() }
        if let cause = HangupCause.freeswitch(word.uppercased()) { return Meaning(cause: cause) }
        if case .failed(let cause)? = HangupCause.disposition(word) { return Meaning(cause: cause) }
        return Meaning(cause: HangupCause.ended(word))
    }
}
