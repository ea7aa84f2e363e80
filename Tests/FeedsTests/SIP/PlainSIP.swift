@testable import Feeds

/// A SIP message read in the most obvious way: cut into lines, headers and parameters, all of them copied.
struct PlainSIP: Equatable {
    var isResponse: Bool
    var status = 0
    var method: [UInt8]
    var callID: [UInt8]
    var fromTag: [UInt8]
    var toTag: [UInt8]
    var sequence: Int
    /// Of INVITEs, ACKs and responses.
    var via: [UInt8] = []
    var contentLength: Int?

    /// Nil when it is no message, or lacks something.
    init?(_ bytes: [UInt8]) {
        let text = Array(bytes.drop { $0 <= 32 })
        guard let first = text.first, (65...90).contains(first) || (97...122).contains(first) else { return nil }
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map(PlainSIP.withoutReturns)
        guard lines.count > 1 else { return nil }
        let words = PlainSIP.trimmed(lines.removeFirst()).split(
            separator: 32, maxSplits: 2, omittingEmptySubsequences: false
        )
        .map(Array.init)
        guard words.count >= 2 else { return nil }
        let lowerCase = { (word: [UInt8]) in word.map { (65...90).contains($0) ? $0 + 32 : $0 } }
        isResponse = lowerCase(words[0]) == Array("sip/2.0".utf8)
        if isResponse {
            let status = words[1].prefix { $0 != 9 }
            guard status.count == 3, let code = Int(String(decoding: status, as: UTF8.self)), code >= 100, code < 700,
                status.allSatisfy({ (48...57).contains($0) })
            else { return nil }
            self.status = code
        } else {
            guard words.count == 3, !lowerCase(words[0]).starts(with: Array("sip/".utf8)) else { return nil }
            let version = words[2].split(separator: 32, omittingEmptySubsequences: false).last.map(Array.init)
            guard version.map(lowerCase) == Array("sip/2.0".utf8) else { return nil }
        }
        let headers = PlainSIP.headers(lines)
        let value = { (names: [String]) in headers.first { names.contains($0.name) }?.value }
        guard let callID = value(["call-id", "i"]), !callID.isEmpty, let from = value(["from", "f"]),
            let to = value(["to", "t"]), let cseq = value(["cseq"])
        else { return nil }
        self.callID = callID
        fromTag = PlainSIP.tag(from)
        toTag = PlainSIP.tag(to)
        let digits = cseq.prefix { (48...57).contains($0) }
        let rest = cseq.dropFirst(digits.count)
        guard let number = UInt32(String(decoding: digits, as: UTF8.self)) else { return nil }
        guard let blank = rest.first, blank == 32 || blank == 9 else { return nil }
        sequence = Int(number)
        method = PlainSIP.trimmed(rest)
        let known = ["INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "UPDATE"].map { Array($0.utf8) }
        if !known.contains(method) { method = [] }
        if !isResponse && method != (known.contains(words[0]) ? words[0] : []) { return nil }
        let all = { (names: [String]) in headers.filter { names.contains($0.name) }.map(\.value) }
        if isResponse || ["INVITE", "ACK"].contains(String(decoding: words[0], as: UTF8.self)) {
            via = all(["via", "v"]).first { !$0.isEmpty } ?? []
        }
        contentLength = all(["content-length", "l"]).lazy
            .filter { !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } }
            .compactMap { Int(String(decoding: $0, as: UTF8.self)) }.first { $0 <= 0xFFFF_FFFF }
    }

    private static func headers(_ lines: [[UInt8]]) -> [(name: String, value: [UInt8])] {
        var joined: [[UInt8]] = []
        for line in lines.prefix(while: { !$0.isEmpty }) {
            if !joined.isEmpty && (line[0] == 32 || line[0] == 9) {
                joined[joined.count - 1] += [32] + line
            } else {
                joined.append(line)
            }
        }
        // Without an empty line the message was cut, within its last header.
        if !lines.contains([]) { joined = joined.dropLast() }
        return joined.compactMap { line in
            guard let colon = line.firstIndex(of: 58), line[0] != 32, line[0] != 9 else { return nil }
            // Letter by letter, so that only ASCII letters lose their case.
            let name = trimmed(line[..<colon]).map { (65...90).contains($0) ? $0 + 32 : $0 }
            return (String(decoding: name, as: UTF8.self), trimmed(line[(colon + 1)...]))
        }
    }

    private static func tag(_ value: [UInt8]) -> [UInt8] {
        let open = value.firstIndexOutsideQuotes { $0 == 60 || $0 == 59 }
        guard let open else { return [] }
        var parameters = value[open...]
        if value[open] == 60 {
            guard let close = value[open...].firstIndex(of: 62) else { return [] }
            parameters = value[close...]
        }
        var rest = Array(parameters)
        while let semicolon = rest.firstIndexOutsideQuotes({ $0 == 59 }) {
            rest = Array(rest[(semicolon + 1)...])
            let end = rest.firstIndexOutsideQuotes { $0 == 59 } ?? rest.count
            guard let equals = rest[..<end].firstIndex(of: 61) else { continue }
            let name = trimmed(rest[..<equals]).map { (65...90).contains($0) ? $0 + 32 : $0 }
            if name == Array("tag".utf8) { return trimmed(rest[(equals + 1)..<end]) }
        }
        return []
    }

    private static func withoutReturns(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var line = Array(line)
        while line.last == 13 { line.removeLast() }
        return line
    }

    private static func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
        Array(Array(bytes.drop { $0 == 32 || $0 == 9 }).reversed().drop { $0 == 32 || $0 == 9 }.reversed())
    }
}

extension [UInt8] {
    fileprivate func firstIndexOutsideQuotes(_ isIt: (UInt8) -> Bool) -> Int? {
        var isQuoted = false
        var isEscaped = false
        for (index, byte) in enumerated() {
            if isQuoted {
                if isEscaped {
                    isEscaped = false
                } else if byte == 92 {
                    isEscaped = true
                } else if byte == 34 {
                    isQuoted = false
                }
            } else if byte == 34 {
                isQuoted = true
            } else if isIt(byte) {
                return index
            }
        }
        return nil
    }
}
