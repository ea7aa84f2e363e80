// Reads one SIP message (RFC 3261) from octets. See SIPMessage.swift for what is read and how.

struct SIPReader {
    /// Room for a message with its folds undone; kept from one message to the next.
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
        if try scan.read(octets) { return (scan.message, .original) }
        unfold(octets)
        var again = SIPScan()
        // Without folds a message is read in the first go.
        guard try again.read(unfolded.span) else { throw .headers }
        return (again.message, .unfolded)
    }

    /// Copies the header section with every fold as blanks.
    private mutating func unfold(_ octets: Span<UInt8>) {
        unfolded.removeAll(keepingCapacity: true)
        let count = min(octets.count, FeedLimits.headerOctets)
        var index = 0
        while index < count {
            let octet = octets[index]
            if octet == .lineFeed || octet == .carriageReturn {
                let feed = octet == .carriageReturn && index + 1 < count && octets[index + 1] == .lineFeed
                let next = index + (feed ? 2 : 1)
                let isLineEnd = octet == .lineFeed || feed
                // The first line is never folded: a blank after it would be a fold of the start line.
                if isLineEnd, next < count, octets[next].isBlank, !unfolded.isEmpty, unfolded.last != .lineFeed {
                    unfolded.append(.space)
                    index = next
                    continue
                }
                if isLineEnd {
                    unfolded.append(.lineFeed)
                    index = next
                    continue
                }
            }
            unfolded.append(octet)
            index += 1
        }
    }
}

/// One pass over a message.
private struct SIPScan {
    var message = SIPMessage()
    private var hasCallID = false
    private var hasFrom = false
    private var hasTo = false
    private var hasCSeq = false
    private var requestMethod = SIPMethod.other

    /// False when a header is folded.
    mutating func read(_ octets: Span<UInt8>) throws(SIPError) -> Bool {
        var position = 0
        while position < octets.count && (octets[position] == .carriageReturn || octets[position] == .lineFeed) {
            position += 1
        }
        guard position < octets.count, octets[position].isLetter else { throw .notSIP }
        guard let startEnd = SIPScan.lineEnd(octets, position) else { throw .startLine }
        try readStartLine(octets, position..<SIPScan.trimmed(octets, position, startEnd))
        position = startEnd + 1
        while true {
            // A last line without an end was cut: what it says cannot be trusted.
            guard let end = SIPScan.lineEnd(octets, position) else { break }
            let line = position..<SIPScan.trimmed(octets, position, end)
            if line.isEmpty { break }
            if end + 1 < octets.count && octets[end + 1].isBlank { return false }
            try readHeader(octets, line)
            position = end + 1
        }
        try finish()
        return true
    }

    private mutating func finish() throws(SIPError) {
        guard hasCallID else { throw .callID }
        guard hasCSeq else { throw .cseq }
        guard hasFrom else { throw .from }
        guard hasTo else { throw .to }
        if message.isRequest {
            guard message.method == requestMethod else { throw .cseq }
        }
    }

    private static func lineEnd(_ octets: Span<UInt8>, _ start: Int) -> Int? {
        var index = start
        while index < octets.count {
            if octets[index] == .lineFeed { return index }
            index += 1
        }
        return nil
    }

    /// The end of a line without the carriage returns before its line feed.
    private static func trimmed(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start && octets[end - 1] == .carriageReturn { end -= 1 }
        return end
    }
}

// MARK: - Lines

extension SIPScan {
    /// `METHOD SP uri SP SIP/2.0` or `SIP/2.0 SP 3DIGIT [SP reason]`.
    private mutating func readStartLine(_ octets: Span<UInt8>, _ line: Range<Int>) throws(SIPError) {
        if octets.starts(with: "SIP/", at: line) {
            guard octets.starts(with: "SIP/2.0 ", at: line), line.count >= 11 else { throw .startLine }
            let digits = line.lowerBound + 8..<line.lowerBound + 11
            guard octets.isDigits(digits) else { throw .status }
            guard line.count == 11 || octets[digits.upperBound].isBlank else { throw .status }
            let status = octets.number(digits) ?? 0
            guard (100...699).contains(status) else { throw .status }
            message.status = UInt16(status)
            return
        }
        guard line.count > 10, octets.starts(with: " SIP/2.0", at: line.upperBound - 8..<line.upperBound) else {
            throw .startLine
        }
        var end = line.lowerBound
        while octets[end] != .space {
            end += 1
            guard end < line.upperBound - 8 else { throw .startLine }
        }
        requestMethod = SIPScan.method(octets, line.lowerBound..<end)
    }

    private mutating func readHeader(_ octets: Span<UInt8>, _ line: Range<Int>) throws(SIPError) {
        var colon = line.lowerBound
        while colon < line.upperBound && octets[colon] != .colon { colon += 1 }
        // A line without a colon is nobody's header.
        guard colon < line.upperBound else { return }
        var nameEnd = colon
        while nameEnd > line.lowerBound && octets[nameEnd - 1].isBlank { nameEnd -= 1 }
        let name = line.lowerBound..<nameEnd
        let value = octets.trimmingBlanks(colon + 1..<line.upperBound)
        switch name.count {
        case 1:
            switch octets[name.lowerBound] | 0x20 {
            case UInt8(ascii: "i"): try readCallID(value)
            case UInt8(ascii: "f"): readFrom(octets, value)
            case UInt8(ascii: "t"): readTo(octets, value)
            default: break
            }
        case 2: if octets.equals("to", name) { readTo(octets, value) }
        case 4:
            if octets.equals("from", name) {
                readFrom(octets, value)
            } else if octets.equals("cseq", name) {
                try readCSeq(octets, value)
            }
        case 6: if octets.equals("reason", name) { readReason(octets, value) }
        case 7: if octets.equals("call-id", name) { try readCallID(value) }
        case 13: if octets.equals("authorization", name) { readCredentials(octets, value) }
        case 19: if octets.equals("proxy-authorization", name) { readCredentials(octets, value) }
        default: break
        }
    }

    private static func method(_ octets: Span<UInt8>, _ range: Range<Int>) -> SIPMethod {
        // Methods are told apart with their case (RFC 3261 7.1).
        if range.count == 6 && octets.starts(with: "INVITE", at: range) { return .invite }
        if range.count == 3 && octets.starts(with: "ACK", at: range) { return .ack }
        if range.count == 3 && octets.starts(with: "BYE", at: range) { return .bye }
        if range.count == 6 && octets.starts(with: "CANCEL", at: range) { return .cancel }
        return .other
    }
}

// MARK: - Header values

extension SIPScan {
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

    private mutating func readFrom(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard !hasFrom else { return }
        hasFrom = true
        let address = SIPAddress(octets, value)
        message.fromTag = address.tag
        message.fromUser = address.user
    }

    private mutating func readTo(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard !hasTo else { return }
        hasTo = true
        message.toTag = SIPAddress(octets, value).tag
    }

    /// `Q.850;cause=16;text="..."`, alone or among other values (RFC 3326).
    private mutating func readReason(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard message.q850 == 0, let protocolName = octets.find("q.850", in: value),
            let cause = octets.find("cause=", in: protocolName.upperBound..<value.upperBound)
        else { return }
        var end = cause.upperBound
        while end < value.upperBound && octets[end].isDigit { end += 1 }
        // Causes have seven bits.
        if let number = octets.number(cause.upperBound..<end), number <= 127 { message.q850 = UInt8(number) }
    }

    private mutating func readCredentials(_ octets: Span<UInt8>, _ value: Range<Int>) {
        guard message.digestUser.isEmpty, let start = octets.find("username=\"", in: value) else { return }
        var end = start.upperBound
        while end < value.upperBound && octets[end] != .quote { end += 1 }
        if end < value.upperBound { message.digestUser = start.upperBound..<end }
    }
}
