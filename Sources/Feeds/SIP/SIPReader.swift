// Reads one SIP message (RFC 3261) from bytes. See SIPMessage.swift for what is read and how.

struct SIPReader {
    /// Room for a header section with its folds undone; reused from one message to the next.
    private(set) var unfolded: [UInt8] = []

    /// Where the fields of a message lie.
    enum Source {
        /// In the bytes that were read.
        case original
        /// In `unfolded`.
        case unfolded
    }

    mutating func read(_ bytes: Span<UInt8>) throws(SIPError) -> (SIPMessage, Source) {
        var scan = SIPScan()
        try scan.read(bytes)
        guard scan.isFolded else { return (try scan.finish(), .original) }
        let bodyStart = unfold(bytes)
        var again = SIPScan()
        try again.read(unfolded.span)
        var message = try again.finish()
        message.bodyStart = bodyStart
        return (message, .unfolded)
    }

    /// Copies the start line and the headers, each header on one line: a line end followed by a blank becomes a blank.
    /// - Returns: where the body begins, see `SIPMessage.bodyStart`.
    private mutating func unfold(_ bytes: Span<UInt8>) -> Int? {
        unfolded.removeAll(keepingCapacity: true)
        var position = SIPScan.start(bytes)
        var isStartLine = true
        while let lineFeed = bytes.lineFeed(from: position) {
            let line = bytes.trimmingReturns(position..<lineFeed)
            for index in line { unfolded.append(bytes[index]) }
            position = lineFeed + 1
            let isFolded = !isStartLine && position < bytes.count && bytes[position].isBlank
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
    /// A header continues in the next line: the fields read so far must not be used.
    private(set) var isFolded = false
    private var message = SIPMessage()
    private var hasCallID = false
    private var hasFrom = false
    private var hasTo = false
    private var hasCSeq = false
    private var requestMethod = SIPMethod.other

    /// Reads up to the empty line, or to the first fold.
    mutating func read(_ bytes: Span<UInt8>) throws(SIPError) {
        var position = SIPScan.start(bytes)
        guard position < bytes.count, bytes[position].isLetter else { throw .notSIP }
        guard let startEnd = bytes.lineFeed(from: position) else { throw .startLine }
        try readStartLine(bytes, bytes.trimmingReturns(position..<startEnd))
        position = startEnd + 1
        // A last line without an end was cut: its contents cannot be trusted.
        while let end = bytes.lineFeed(from: position) {
            let line = bytes.trimmingReturns(position..<end)
            position = end + 1
            if line.isEmpty {
                message.bodyStart = position
                return
            }
            if position < bytes.count && bytes[position].isBlank {
                isFolded = true
                return
            }
            try readHeader(bytes, line)
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

    /// The first byte of the start line: line ends before it are to be ignored (RFC 3261 7.5), and with them the blanks
    /// and NULs that some use to keep a connection alive.
    static func start(_ bytes: Span<UInt8>) -> Int {
        var position = 0
        while position < bytes.count && bytes[position] <= .space { position += 1 }
        return position
    }
}

// MARK: - Lines

extension SIPScan {
    /// `METHOD SP uri SP SIP/2.0` or `SIP/2.0 SP 3DIGIT [SP reason]`; the version in any case (RFC 3261 7.1).
    private mutating func readStartLine(_ bytes: Span<UInt8>, _ whole: Range<Int>) throws(SIPError) {
        let line = bytes.trimmingBlanks(whole)
        let isResponse = bytes.begins(
            withWord: SIPWord.of("s", "i", "p", "/", "2", ".", "0", " "), count: 8, line)
        if isResponse || bytes.begins(with: "sip/", line) {
            guard isResponse, line.count >= 11 else { throw .startLine }
            let digits = line.lowerBound + 8..<line.lowerBound + 11
            guard line.count == 11 || bytes[digits.upperBound].isBlank else { throw .status }
            guard let status = bytes.number(digits), (100...699).contains(status) else { throw .status }
            message.status = UInt16(status)
            message.reasonPhrase = bytes.trimmingBlanks(digits.upperBound..<line.upperBound)
            return
        }
        guard line.count > 10,
            bytes.begins(
                withWord: SIPWord.of(" ", "s", "i", "p", "/", "2", ".", "0"), count: 8,
                line.upperBound - 8..<line.upperBound)
        else { throw .startLine }
        var end = line.lowerBound
        while bytes[end] != .space {
            end += 1
            guard end < line.upperBound - 8 else { throw .startLine }
        }
        requestMethod = SIPScan.method(bytes, line.lowerBound..<end)
        message.requestURI = bytes.trimmingBlanks(end..<line.upperBound - 8)
    }

    /// Most headers are recognized by their first eight bytes, both those that are read and those that are not.
    @inline(__always)
    private mutating func readHeader(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(SIPError) {
        guard line.lowerBound <= bytes.count - 8 else { return try readAnyHeader(bytes, line) }
        // At least 0: it is a range of these bytes.
        let word = bytes.uncheckedWord(at: line.lowerBound)
        let colons = SIPWord.places(of: .colon, in: word)
        let length = colons.trailingZeroBitCount / 8
        guard colons != 0, length < line.count else {
            guard bytes.begins(withWord: SIPWord.of("c", "o", "n", "t", "e", "n", "t", "-"), count: 8, line)
            else { return try readAnyHeader(bytes, line) }
            let rest = line.lowerBound + 8..<line.upperBound
            if let value = bytes.value(of: "length", in: rest) { readContentLength(bytes, value) }
            return
        }
        // The text before the colon, letters in lower case; a carriage return would become a hyphen, see `call-id`.
        let name = (word | 0x2020_2020_2020_2020) & ~(UInt64.max << UInt64(8 * length))
        let value = line.lowerBound + length + 1..<line.upperBound
        switch name {
        case SIPWord.of("v", "i", "a"), SIPWord.of("v"): readVia(bytes.trimmingBlanks(value))
        case SIPWord.of("f", "r", "o", "m"), SIPWord.of("f"): readFrom(bytes, bytes.trimmingBlanks(value))
        case SIPWord.of("t", "o"), SIPWord.of("t"): readTo(bytes, bytes.trimmingBlanks(value))
        case SIPWord.of("c", "s", "e", "q"): try readCSeq(bytes, bytes.trimmingBlanks(value))
        case SIPWord.of("c", "a", "l", "l", "-", "i", "d") where bytes[line.lowerBound + 4] == UInt8(ascii: "-"):
            try readCallID(bytes.trimmingBlanks(value))
        case SIPWord.of("i"): try readCallID(bytes.trimmingBlanks(value))
        case SIPWord.of("l"): readContentLength(bytes, bytes.trimmingBlanks(value))
        case SIPWord.of("x"): readSession(bytes, bytes.trimmingBlanks(value))
        case SIPWord.of("r", "e", "a", "s", "o", "n"): readReason(bytes, bytes.trimmingBlanks(value))
        default:
            // Blanks may precede the colon.
            if length > 0 && bytes[line.lowerBound + length - 1].isBlank { try readAnyHeader(bytes, line) }
        }
    }

    /// A header whose name has eight bytes or more, is followed by blanks, or is at the end of the bytes.
    private mutating func readAnyHeader(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(SIPError) {
        switch bytes[line.lowerBound] | 0x20 {
        case UInt8(ascii: "c"):
            if let value = bytes.value(of: "call-id", in: line) {
                try readCallID(value)
            } else if let value = bytes.value(of: "cseq", in: line) {
                try readCSeq(bytes, value)
            } else if let value = bytes.value(of: "content-length", in: line) {
                readContentLength(bytes, value)
            }
        case UInt8(ascii: "l"): if let value = bytes.value(of: "l", in: line) { readContentLength(bytes, value) }
        case UInt8(ascii: "i"): if let value = bytes.value(of: "i", in: line) { try readCallID(value) }
        case UInt8(ascii: "f"):
            if let value = bytes.value(of: "from", in: line) ?? bytes.value(of: "f", in: line) {
                readFrom(bytes, value)
            }
        case UInt8(ascii: "t"):
            if let value = bytes.value(of: "to", in: line) ?? bytes.value(of: "t", in: line) {
                readTo(bytes, value)
            }
        case UInt8(ascii: "v"):
            if let value = bytes.value(of: "via", in: line) ?? bytes.value(of: "v", in: line) { readVia(value) }
        case UInt8(ascii: "s"):
            if let value = bytes.value(of: "session-expires", in: line) { readSession(bytes, value) }
        case UInt8(ascii: "x"): if let value = bytes.value(of: "x", in: line) { readSession(bytes, value) }
        case UInt8(ascii: "r"): if let value = bytes.value(of: "reason", in: line) { readReason(bytes, value) }
        case UInt8(ascii: "a"):
            if let value = bytes.value(of: "authorization", in: line) { readCredentials(bytes, value) }
        case UInt8(ascii: "p"):
            if let value = bytes.value(of: "proxy-authorization", in: line) { readCredentials(bytes, value) }
        default: break
        }
    }

    private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SIPMethod {
        // Methods are case-sensitive (RFC 3261 7.1).
        if range.count == 6 && bytes.starts(with: "INVITE", at: range) { return .invite }
        if range.count == 3 && bytes.starts(with: "ACK", at: range) { return .ack }
        if range.count == 3 && bytes.starts(with: "BYE", at: range) { return .bye }
        if range.count == 6 && bytes.starts(with: "CANCEL", at: range) { return .cancel }
        if range.count == 8 && bytes.starts(with: "REGISTER", at: range) { return .register }
        if range.count == 6 && bytes.starts(with: "UPDATE", at: range) { return .update }
        return .other
    }
}

// MARK: - Header values

extension SIPScan {
    /// The first one counts. Of all requests only these two are distinguished by their branches.
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

    /// `number method`, the number with leading zeros or not, at most 32 bits (RFC 3261 8.1.1.5 requires 31).
    private mutating func readCSeq(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(SIPError) {
        guard !hasCSeq else { return }
        var end = value.lowerBound
        while end < value.upperBound && bytes[end].isDigit { end += 1 }
        guard let number = bytes.number(value.lowerBound..<end), let sequence = UInt32(exactly: number),
            end < value.upperBound, bytes[end].isBlank
        else { throw .cseq }
        hasCSeq = true
        message.sequence = sequence
        message.method = SIPScan.method(bytes, bytes.trimmingBlanks(end..<value.upperBound))
    }

    /// The first one counts.
    private mutating func readContentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard message.contentLength == nil, let length = bytes.number(value), length <= 0xFFFF_FFFF else { return }
        message.contentLength = Int(length)
    }

    /// `1800;refresher=uac`. The first one counts; numbers out of range become the maximum.
    private mutating func readSession(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard message.sessionSeconds == 0 else { return }
        var end = value.lowerBound
        while end < value.upperBound && bytes[end].isDigit { end += 1 }
        guard end == value.upperBound || bytes[end] == .semicolon || bytes[end].isBlank,
            let seconds = bytes.number(value.lowerBound..<end)
        else { return }
        message.sessionSeconds = UInt32(clamping: min(seconds, Int(UInt32.max) - 1))
    }

    private mutating func readFrom(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard !hasFrom else { return }
        hasFrom = true
        let address = SIPAddress(bytes, value)
        message.fromTag = address.tag
        message.fromURI = address.uri
    }

    private mutating func readTo(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard !hasTo else { return }
        hasTo = true
        let address = SIPAddress(bytes, value)
        message.toTag = address.tag
        message.toURI = address.uri
    }

    /// `Q.850;cause=16;text="..."`, alone or among the values of other protocols (RFC 3326). The first one counts.
    private mutating func readReason(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard message.q850 == 0 else { return }
        var values = SIPParts(value, separator: .comma)
        while let reason = values.next(bytes) {
            var parameters = SIPParts(reason, separator: .semicolon)
            guard let name = parameters.next(bytes), bytes.equals("q.850", name) else { continue }
            while let part = parameters.next(bytes) {
                guard let cause = SIPParameter(bytes, part), bytes.equals("cause", cause.name) else { continue }
                // Causes have seven bits.
                if let number = bytes.number(cause.value), number <= 127 { message.q850 = UInt8(number) }
                return
            }
        }
    }

    /// `Digest username="alice", realm=...` (RFC 3261 22): the name is a text in quotes; what is escaped in it stays
    /// so. Of `alice@REALM`, as some phones write it, the user is `alice`.
    private mutating func readCredentials(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard message.digestUser.isEmpty else { return }
        var scheme = value.lowerBound
        while scheme < value.upperBound && !bytes[scheme].isBlank { scheme += 1 }
        var parts = SIPParts(scheme..<value.upperBound, separator: .comma)
        var user = 0..<0
        var realm = 0..<0
        while user.isEmpty || realm.isEmpty, let part = parts.next(bytes) {
            guard let parameter = SIPParameter(bytes, part) else { continue }
            if user.isEmpty, bytes.equals("username", parameter.name) {
                guard let name = Self.unquoted(bytes, parameter.value) else { return }
                user = name
            } else if realm.isEmpty, bytes.equals("realm", parameter.name) {
                realm = Self.unquoted(bytes, parameter.value) ?? realm
            }
        }
        message.digestUser = Self.withoutRealm(bytes, user, realm)
    }

    /// What stands between quotes; nil: there are none.
    private static func unquoted(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Range<Int>? {
        guard text.count >= 2, bytes[text.lowerBound] == .quote, bytes[text.upperBound - 1] == .quote else {
            return nil
        }
        return text.lowerBound + 1..<text.upperBound - 1
    }

    /// A user name without `@` and the realm behind it. One with another domain is another user.
    private static func withoutRealm(_ bytes: Span<UInt8>, _ user: Range<Int>, _ realm: Range<Int>) -> Range<Int> {
        let sign = user.upperBound - realm.count - 1
        guard !realm.isEmpty, sign > user.lowerBound, bytes[sign] == UInt8(ascii: "@") else { return user }
        for offset in 0..<realm.count {
            // Domains are the same in any case.
            let (one, other) = (bytes[sign + 1 + offset], bytes[realm.lowerBound + offset])
            guard one == other || one | 0x20 == other | 0x20 && (97...122).contains(one | 0x20) else { return user }
        }
        return user.lowerBound..<sign
    }
}
