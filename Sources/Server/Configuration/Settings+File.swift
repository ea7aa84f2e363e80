// The file of `--config`: one `key = value` per line, named like the command's options without their dashes.
//
//     # where programs connect
//     listen = 127.0.0.1:7878
//     hep = off
//     switch = 10.0.0.5
//     switch = 10.0.0.6
//
// Blank lines and lines that begin with `#` are skipped. A key may occur once, `switch` once per switch, `cost-limit`
// once for all currencies and once for each.

extension Settings {
    /// Reads the file at a path.
    public init(path: String) throws(ServerError) {
        let bytes = try SmallFile.read(path, limit: Limits.configurationBytes)
        // What is too long is no such text.
        try self.init(parsing: bytes ?? [0xFF], path: path)
    }

    /// Reads the bytes of a file; `path` is for the error messages.
    public init(parsing bytes: [UInt8], path: String) throws(ServerError) {
        self.init()
        guard bytes.count <= Limits.configurationBytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw ServerError("\(path) is not a text of lines `key = value`; see busyhourd --help", kind: .usage)
        }
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let trimmed = Self.trim(line)
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            guard let equals = trimmed.firstIndex(of: "=") else {
                throw ServerError("\(path):\(number): no '=' in the line; write `key = value`", kind: .usage)
            }
            let value = Self.trim(trimmed[trimmed.index(after: equals)...])
            let place = "\(path):\(number)"
            guard try set(Self.trim(trimmed[..<equals]), to: value, place: place) else {
                throw ServerError("\(place): a value is missing, or the key is there twice", kind: .usage)
            }
        }
    }

    /// False: the value is empty, or the key was set before.
    private mutating func set(
        _ key: Substring, to value: Substring, place: String
    ) throws(ServerError) -> Bool {
        if key == "switch" || key == "cost-limit" {
            if value.isEmpty { return false }
            if key == "switch" { switches.append(String(value)) } else { costLimits.append(String(value)) }
            return true
        }
        let field: WritableKeyPath<Settings, String?>
        switch key {
        case "data-dir": field = \.dataDirectory
        case "listen": field = \.listen
        case "hep": field = \.hep
        case "hep-tls": field = \.hepTLS
        case "hep-tls-cert": field = \.hepTLSCertificate
        case "hep-tls-key": field = \.hepTLSKey
        case "hep-tls-ca": field = \.hepTLSAuthority
        case "hep-key": field = \.hepKey
        case "clock": field = \.clock
        case "agent-clock": field = \.agentClock
        case "debit": field = \.debit
        case "journal-segment": field = \.journalSegment
        case "keep-calls": field = \.keepCalls
        case "mask-numbers": field = \.maskNumbers
        default:
            throw ServerError(
                "\(place): no key '\(key)'; known are data-dir, listen, hep, hep-tls, hep-tls-cert, hep-tls-key, hep-tls-ca, "
                    + "hep-key, switch, clock, agent-clock, debit, journal-segment, keep-calls, mask-numbers, cost-limit",
                kind: .usage)
        }
        if value.isEmpty || self[keyPath: field] != nil { return false }
        self[keyPath: field] = String(value)
        return true
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
