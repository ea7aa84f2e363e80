/// The meaning of words for an outcome: a table of the operator's, which overrides the known words.
///
/// Words are compared by their letters and digits alone, whatever their case: `No Answer` is `NO_ANSWER`.
public struct CDRDispositions: Equatable, Sendable {
    let byWord: [String: HangupCause.Disposition]
    /// The text as written.
    public let text: String

    public init() {
        (byWord, text) = ([:], "")
    }

    public var isEmpty: Bool { byWord.isEmpty }

    /// Reads `TerminatedByCaller=200,"No, thanks"=603,Gone=q850:1,Lost=busy`: a SIP code (2xx is answered), a Q.850
    /// cause, or a known word.
    /// - Throws: `CDRUsageError` that names the part at fault.
    public init(_ text: String) throws(CDRUsageError) {
        var byWord: [String: HangupCause.Disposition] = [:]
        for part in try CDRMap.parts(text, option: "--dispositions") {
            let word = HangupCause.folded(part.left)
            guard !word.isEmpty, byWord[word] == nil else {
                throw CDRUsageError(message: "--dispositions: '\(part.left)' is no word, or is there twice; keep one")
            }
            guard let meaning = Self.meaning(part.right) else {
                throw CDRUsageError(
                    message: "--dispositions: '\(part.right)' is no outcome; give a SIP code as 486, a cause as "
                        + "q850:17, or answered, busy, no_answer, cancelled, failed")
            }
            byWord[word] = meaning
        }
        self.byWord = byWord
        self.text = text
    }

    private static func meaning(_ text: String) -> HangupCause.Disposition? {
        if let code = UInt16(text), (200...699).contains(code) {
            return code < 300 ? .answered : .failed(HangupCause(code: code))
        }
        let lower = text.lowercased()
        if lower.hasPrefix("q850:"), let cause = UInt8(lower.dropFirst(5)), (1...127).contains(cause) {
            return .failed(HangupCause(code: HangupCause.sipCode(q850: cause), q850: cause))
        }
        return Int(text) == nil ? HangupCause.disposition(text) : nil
    }
}

extension HangupCause {
    /// Letters and digits, letters in upper case.
    static func folded(_ word: String) -> String {
        String(word.uppercased().filter { $0.isLetter || $0.isNumber })
    }

    /// The outcome named by a word of any product; nil: it is unknown, or says who ended the call.
    static func disposition(_ word: String) -> Disposition? {
        let word = folded(word)
        if let known = asterisk(word) { return known }
        return byWord[word]
    }

    /// Words of PBXs, billing systems and voice services.
    private static let byWord: [String: Disposition] = {
        let words: [(Disposition, [String])] = [
            (.answered, ["COMPLETED", "CONNECTED", "SUCCESSFUL", "SUCCESS", "OK", "ANSWEREDCALL"]),
            (.failed(HangupCause(code: 486, q850: 17)), ["FAILEDBUSY", "USERBUSY", "LINEBUSY"]),
            (
                .failed(HangupCause(code: 480, q850: 19)),
                ["NOREPLY", "MISSED", "UNANSWERED", "NOTANSWERED", "FAILEDNOANSWER", "TIMEOUT", "RINGTIMEOUT"]
            ),
            (.failed(HangupCause(code: 603, q850: 21)), ["REJECTED", "DECLINED", "DENIED", "CALLREJECTED"]),
            (
                .failed(HangupCause(code: 404, q850: 1)),
                ["NOTFOUND", "INVALIDNUMBER", "BADNUMBER", "UNALLOCATED", "UNALLOCATEDNUMBER", "NUMBERNOTFOUND"]
            ),
            (.failed(HangupCause(code: 487)), ["ABANDONED", "CALLERHANGUP", "ORIGINATORCANCEL"]),
            (
                .failed(HangupCause(code: 503, q850: 38)),
                ["FAILURE", "ERROR", "NETWORKERROR", "UNAVAILABLE", "NOROUTE"]
            ),
        ]
        return Dictionary(
            words.flatMap { meaning, words in words.map { ($0, meaning) } }, uniquingKeysWith: { first, _ in first })
    }()

    /// The cause of words that only say who ended the call: a caller that did so before the answer gave up.
    static func ended(_ word: String) -> HangupCause? {
        switch folded(word) {
        case "TERMINATEDBYSRC", "SRCTERMINATED", "TERMINATEDBYCALLER", "CALLERTERMINATED": HangupCause(code: 487)
        case "TERMINATEDBYDST", "DSTTERMINATED", "TERMINATEDBYCALLEE", "CALLEETERMINATED", "TERMINATED", "HANGUP":
            HangupCause()
        default: nil
        }
    }
}
