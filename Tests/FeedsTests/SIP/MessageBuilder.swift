/// Makes SIP messages.
struct MessageBuilder {
    var startLine: String
    /// Header lines without their ends, in order.
    var headers: [String]
    var lineEnd = "\r\n"
    var body = ""

    /// A request of `alice`, or with `startLine` a response to it.
    init(
        _ method: String = "INVITE", startLine: String? = nil, callID: String = "a84b4c76e66710",
        fromTag: String? = "1928", toTag: String? = nil, cseq: String = "314159"
    ) {
        self.startLine = startLine ?? "\(method) sip:bob@example.com SIP/2.0"
        headers = [
            "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK776asdhds",
            "Max-Forwards: 70",
            "From: \"Alice\" <sip:alice@example.com>" + (fromTag.map { ";tag=" + $0 } ?? ""),
            "To: <sip:bob@example.com>" + (toTag.map { ";tag=" + $0 } ?? ""),
            "Call-ID: " + callID,
            "CSeq: \(cseq) \(method)",
            "Content-Length: 0",
        ]
    }

    static func response(
        _ status: String, to method: String = "INVITE", callID: String = "a84b4c76e66710", toTag: String? = "8321",
        cseq: String = "314159"
    ) -> MessageBuilder {
        MessageBuilder(method, startLine: "SIP/2.0 " + status, callID: callID, toTag: toTag, cseq: cseq)
    }

    /// With the header of this name replaced by a line, or by none.
    func replacing(_ name: String, by line: String?) -> MessageBuilder {
        var copy = self
        guard let place = headers.firstIndex(where: { $0.hasPrefix(name + ":") }) else { return self }
        copy.headers.remove(at: place)
        if let line { copy.headers.insert(line, at: place) }
        return copy
    }

    func adding(_ line: String) -> MessageBuilder {
        var copy = self
        copy.headers.append(line)
        return copy
    }

    var text: String { ([startLine] + headers + ["", ""]).joined(separator: lineEnd) + body }
}
