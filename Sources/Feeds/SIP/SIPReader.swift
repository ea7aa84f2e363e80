// Reads one SIP message (RFC 3261) from octets. See SIPMessage.swift for what is read and how.

struct SIPReader {
    /// Room for a header section with its folds undone; kept from one message to the next.
    private(set) var unfolded: [UInt8] = []

    /// Where the fields of a message lie.
    enum Source {
        /// In the octets that were read.
        case original
        /// In `unfolded`.
        case unfolded
    }

    mutating func read(_ octets: Span<UInt8>) throws(SIPError) -> (SIPMessage, Source) {
        var scan = SIPScan()
        try scan.read(octets)
        guard scan.isFolded else { return (try scan.finish(), .original) }
        let bodyStart = unfold(octets)
        var again = SIPScan()
        try again.read(unfolded.span)
        var message = try again.finish()
        message.bodyStart = bodyStart
        return (message, .unfolded)
    }

    /// Copies the start line and the headers, each header on one line: a line end with a blank behind it becomes a blank.
    /// - Returns: where the body begins, see `SIPMessage.bodyStart`.
    private mutating func unfold(_ octets: Span<UInt8>) -> Int? {
        unfolded.removeAll(keepingCapacity: true)
        var position = SIPScan.start(octets)
        var isStartLine = true
        while let lineFeed = octets.lineFeed(from: position) {
            let line = octets.trimmingReturns(position..<lineFeed)
            for index in line { unfolded.append(octets[index]) }
            position = lineFeed + 1
            let isFolded = !isStartLine && position < octets.count && octets[position].isBlank
            if line.isEmpty && !isStartLine {
                unfolded.append(.lineFeed)
                return position
            }
            unfolded.append(isFolded ? .space : .lineFeed)
            isStartLine = false
        }
        return nil
    }
}

/// One pass over a message.
private struct SIPScan {
    /// A header goes on in the next line: what was read is not to be used.
    private(set) var isFolded = false
    private var message = SIPMessage()
    private var hasCallID = false
    private var hasFrom = false
    private var hasTo = false
    private var hasCSeq = false
    private var requestMethod = SIPMethod.other

    /// Reads up to the empty line, or to the first fold.
    mutating func read(_ octets: Span<UInt8>) throws(SIPError) {
        var position = SIPScan.start(octets)
        guard position < octets.count, octets[position].isLetter else { throw .notSIP }
        guard let startEnd = octets.lineFeed(from: position) else { throw .startLine }
        try readStartLine(octets, octets.trimmingReturns(position..<startEnd))
        position = startEnd + 1
        // A last line without an end was cut: what it says cannot be trusted.
        while let end = octets.lineFeed(from: position) {
            let line = octets.trimmingReturns(position..<end)
            position = end + 1
            if line.isEmpty {
                message.bodyStart = position
                return
            }
            if position < octets.count && octets[position].isBlank {
                isFolded = true
                return
            }
            try readHeader(octets, line)
        }
    }

    /// The message, if it has all that every message must have.
    func finish() throws(SIPError) -> SIPMessage {
        guard hasCallID else { throw .callID }
        guard hasCSeq else { throw .cseq }
        guard hasFrom else { throw .from }
        guard hasTo else { throw .to }
        guard !message.isRequest || message.method == requestMethod else { throw .cseq }
        return message
    }

    /// The first octet of the start line: line ends before it are to be ignored (RFC 3261 7.5), and with them the blanks
    /// and NULs that some keep a connection alive with.
    static func start(_ octets: Span<UInt8>) -> Int {
        var position = 0
        while position < octets.count && octets[position] <= .space { position += 1 }
        return position
    }
}

// MARK: - Lines

extension SIPScan {
    /// `METHOD SP uri SP SIP/2.0` or `SIP/2.0 SP 3DIGIT [SP reason]`; the version in any case (RFC 3261 7.1).
    private mutating func readStartLine(_ octets: Span<UInt8>, _ whole: Range<Int>) throws(SIPError) {
        let line = octets.trimmingBlanks(whole)
        let isResponse = octets.begins(
            withWord: SIPWord.of("s", "i", "p", "/", "2", ".", "0", " "), count: 8, line)
        if isResponse || octets.begins(with: "sip/", line) {
            guard isResponse, line.count >= 11 else { throw .startLine }
            let digits = line.lowerBound + 8..<line.lowerBound + 11
            guard line.count == 11 || octets[digits.upperBound].isBlank else { throw .status }
            guard let status = octets.number(digits), (100...699).contains(status) else { throw .status }
            message.status = UInt16(status)
            message.reasonPhrase = octets.trimmingBlanks(digits.upperBound..<line.upperBound)
            return
        }
        guard line.count > 10,
            octets.begins(
                withWord: SIPWord.of(" ", "s", "i", "p", "/", "2", ".", "0"), count: 8,
                line.upperBound - 8..<line.upperBound)
        else { throw .startLine }
        var end = line.lowerBound
        while octets[end] != .space {
            end += 1
            guard end < line.upperBound - 8 else { throw .startLine }
        }
        requestMethod = SIPScan.method(octets, line.lowerBound..<end)
        message.requestURI = octets.trimmingBlanks(end..<line.upperBound - 8)
    }

    /// Most headers are told by their first eight octets, those that are read and those that are not.
    @inline(__always)
    private mutating func readHeader(_ octets: Span<UInt8>, _ line: Range<Int>) throws(SIPError) {
        guard line.lowerBound <= octets.count - 8 else { return try readAnyHeader(octets, line) }
        // At least 0: it is a range of these octets.
        let word = octets.uncheckedWord(at: line.lowerBound)
        let colons = SIPWord.places(of: .colon, in: word)
        let length = colons.trailingZeroBitCount / 8
        guard colons != 0, length < line.count else {
            guard octets.begins(withWord: SIPWord.of("c", "o", "n", "t", "e", "n", "t", "-"), count: 8, line)
            else { return try readAnyHeader(octets, line) }
            let rest = line.lowerBound + 8..<line.upperBound
            if let value = octets.value(of: "length", in: rest) { readContentLength(octets, value) }
            return
        }
        // What is before the colon, letters in lower case; a carriage return would become a hyphen, see `call-id`.
        let name = (word | 0x2020_2020_2020_2020) & ~(UInt64.max << UInt64(8 * length))
        let value = line.lowerBound + length + 1..<line.upperBound
        switch name {
        case SIPWord.of("v", "i", "a"), SIPWord.of("v"): readVia(octets.trimmingBlanks(value))
        case SIPWord.of("f", "r", "o", "m"), SIPWord.of("f"): readFrom(octets, octets.trimmingBlanks(value))
        case SIPWord.of("t", "o"), SIPWord.of("t"): readTo(octets, octets.trimmingBlanks(value))
        case SIPWord.of("c", "s", "e", "q"): try readCSeq(octets, octets.trimmingBlanks(value))
        case SIPWord.of("c", "a", "l", "l", "-", "i", "d") where octets[line.lowerBound + 4] == UInt8(ascii: "-"):
            try readCallID(octets.trimmingBlanks(value))
        case SIPWord.of("i"): try readCallID(octets.trimmingBlanks(value))
        case SIPWord.of("l"): readContentLength(octets, octets.trimmingBlanks(value))
        case SIPWord.of("x"): readSession(octets, octets.trimmingBlanks(value))
        case SIPWord.of("r", "e", "a", "s", "o", "n"): readReason(octets, octets.trimmingBlanks(value))
        default:
            // Blanks may stand before the colon.
            if length > 0 && octets[line.lowerBound + length - 1].isBlank { try readAnyHeader(octets, line) }
        }
    }

    /// A header whose name has eight octets or more, blanks behind it, or is at the end of what was read.
    private mutating func readAnyHeader(_ octets: Span<UInt8>, _ line: Range<Int>) throws(SIPError) {
        switch octets[line.lowerBound] | 0x20 {
        case UInt8(ascii: "c"):
            if let value = octets.value(of: "call-id", in: line) {
                try readCallID(value)
            } else if let value = octets.value(of: "cseq", in: line) {
                try readCSeq(octets, value)
            } else if let value = octets.value(of: "content-length", in: line) {
                readContentLength(octets, value)
            }
        case UInt8(ascii: "l"): if let value = octets.value(of: "l", in: line) { readContentLength(octets, value) }
        case UInt8(ascii: "i"): if let value = octets.value(of: "i", in: line) { try readCallID(value) }
        case UInt8(ascii: "f"):
            if let value = octets.value(of: "from", in: line) ?? octets.value(of: "f", in: line) {
                readFrom(octets, value)
            }
        case UInt8(ascii: "t"):
            if let value = octets.value(of: "to", in: line) ?? octets.value(of: "t", in: line) {
                readTo(octets, value)
            }
        case UInt8(ascii: "v"):
            if let value = octets.value(of: "via", in: line) ?? octets.value(of: "v", in: line) { readVia(value) }
        case UInt8(ascii: "s"):
            if let value = octets.value(of: "session-expires", in: line) { readSession(octets, value) }
        case UInt8(ascii: "x"): if let value = octets.value(of: "x", in: line) { readSession(octets, value) }
        case UInt8(ascii: "r"): if let value = octets.value(of: "reason", in: line) { readReason(octets, value) }
        case UInt8(ascii: "a"):
            if let value = octets.value(of: "authorization", in: line) { readCredentials(octets, value) }
        case UInt8(ascii: "p"):
            if let value = octets.value(of: "proxy-authorization", in: line) { readCredentials(octets, value) }
        default: break
        }
    }

    private static func method(_ octets: Span<UInt8>, _ range: Range<Int>) -> SIPMethod {
        // Methods are told apart with their case (RFC 3261 7.1).
        if range.count == 6 && octets.starts(with: "INVITE", at: range) { return .invite }
        if range.count == 3 && octets.starts(with: "ACK", at: range) { return .ack }
        if range.count == 3 && octets.starts(with: "BYE", at: range) { return .bye }
        if range.count == 6 && octets.starts(with: "CANCEL", at: range) { return .cancel }
        if range.count == 8 && octets.starts(with: "REGISTER", at: range) { return .register }
        if range.count == 6 && octets.starts(with: "UPDATE", at: range) { return .update }
        return .other
    }
}

// MARK: - Header values

extension SIPScan {
    /// The first one counts. Of all requests only these two are told apart by their branches.
    private mutating func readVia(_ value: Range<Int>) {
        guard requestMethod == .invite || requestMethod == .ack || message.status != 0, message.via.isEmpty else {
            return
        }
        message.via = value
    }

    private mutating func readCallID(_ value: Range<Int>) throws(SIPError) {
        guard !hasCallID else { return }
        guard !value.isEmpty else { throw .callID }
        hasCallID = true
        message.callID = value
    }

    /// `number method`, the number with leading zeros or not, at most 32 bits (RFC 3261 8.1.1.5 asks for 31).
    private mutating func readCSeq(_ octets: Span<UInt8>, _ value: Range<Int>) throws(SIPError) {
        guard !hasCSeq else { return }
        var end = value.lowerBound
        while end < value.upperBound && octets[end].isDigit { end += 1 }
        guard let number = octets.number(value.lowerBound..<end), let sequence = UInt32(exactly: number),
            end < value.upperBound, octets[end].isBlank
        else { throw .cseq }
        hasCSeq = true
        message.sequence = sequence
        message.method = SIPScan.method(octets, octets.trimmingBlanks(end..<value.upperBound))
    }

    /// The first one counts.
    private mutating func readContentLength(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard message.contentLength == nil, let length = octets.number(value), length <= 0xFFFF_FFFF else { return }
        message.contentLength = Int(length)
    }

    /// `1800;refresher=uac`. The first one counts, and of more seconds than there are the most.
    private mutating func readSession(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard message.sessionSeconds == 0 else { return }
        var end = value.lowerBound
        while end < value.upperBound && octets[end].isDigit { end += 1 }
        guard end == value.upperBound || octets[end] == .semicolon || octets[end].isBlank,
            let seconds = octets.number(value.lowerBound..<end)
        else { return }
        message.sessionSeconds = UInt32(clamping: min(seconds, Int(UInt32.max) - 1))
    }

    private mutating func readFrom(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard !hasFrom else { return }
        hasFrom = true
        let address = SIPAddress(octets, value)
        message.fromTag = address.tag
        message.fromURI = address.uri
    }

    private mutating func readTo(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard !hasTo else { return }
        hasTo = true
        let address = SIPAddress(octets, value)
        message.toTag = address.tag
        message.toURI = address.uri
    }

    /// `Q.850;cause=16;text="..."`, alone or among the values of other protocols (RFC 3326). The first one counts.
    private mutating func readReason(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard message.q850 == 0 else { return }
        var values = SIPParts(value, separator: .comma)
        while let reason = values.next(octets) {
            var parameters = SIPParts(reason, separator: .semicolon)
            guard let name = parameters.next(octets), octets.equals("q.850", name) else { continue }
            while let part = parameters.next(octets) {
                guard let cause = SIPParameter(octets, part), octets.equals("cause", cause.name) else { continue }
                // Causes have seven bits.
                if let number = octets.number(cause.value), number <= 127 { message.q850 = UInt8(number) }
                return
            }
        }
    }

    /// `Digest username="alice", realm=...` (RFC 3261 22): the name is a text in quotes; what is escaped in it stays so. Of
    /// `alice@REALM`, as some phones write it, the user is `alice`.
    private mutating func readCredentials(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard message.digestUser.isEmpty else { return }
        var scheme = value.lowerBound
        while scheme < value.upperBound && !octets[scheme].isBlank { scheme += 1 }
        var parts = SIPParts(scheme..<value.upperBound, separator: .comma)
        var user = 0..<0
        var realm = 0..<0
        while user.isEmpty || realm.isEmpty, let part = parts.next(octets) {
            guard let parameter = SIPParameter(octets, part) else { continue }
            if user.isEmpty, octets.equals("username", parameter.name) {
                guard let name = Self.unquoted(octets, parameter.value) else { return }
                user = name
            } else if realm.isEmpty, octets.equals("realm", parameter.name) {
                realm = Self.unquoted(octets, parameter.value) ?? realm
            }
        }
        message.digestUser = Self.withoutRealm(octets, user, realm)
    }

    /// What stands between quotes; nil: there are none.
    private static func unquoted(_ octets: Span<UInt8>, _ text: Range<Int>) -> Range<Int>? {
        guard text.count >= 2, octets[text.lowerBound] == .quote, octets[text.upperBound - 1] == .quote else {
            return nil
        }
        return text.lowerBound + 1..<text.upperBound - 1
    }

    /// A user name without `@` and the realm behind it. One with another domain is another user.
    private static func withoutRealm(_ octets: Span<UInt8>, _ user: Range<Int>, _ realm: Range<Int>) -> Range<Int> {
        let sign = user.upperBound - realm.count - 1
        guard !realm.isEmpty, sign > user.lowerBound, octets[sign] == UInt8(ascii: "@") else { return user }
        for offset in 0..<realm.count {
            // Domains are the same in any case.
            let (one, other) = (octets[sign + 1 + offset], octets[realm.lowerBound + offset])
            guard one == other || one | 0x20 == other | 0x20 && (97...122).contains(one | 0x20) else { return user }
        }
        return user.lowerBound..<sign
    }
}
