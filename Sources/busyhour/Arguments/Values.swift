// Values of options: how their texts are read. The errors say how to mend them.

import Terminal
import Wire

/// A window of the board.
enum WindowName {
    static let all = ["1m", "5m", "15m", "1h", "24h", "all"]

    static func parse(_ text: String) throws -> String {
        guard all.contains(text) else { throw UsageError("no window '\(text)'; known are \(CommandNames.list(all))") }
        return text
    }
}

/// Names separated by commas.
enum NameList {
    static func parse(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.trimming(while: { $0 == " " })) }.filter { !$0.isEmpty }
    }
}

/// Columns, which are names or expressions, separated by commas: one within parentheses or quotes separates nothing.
enum ColumnList {
    static func parse(_ text: String) -> [String] {
        var columns: [Substring] = []
        var start = text.startIndex
        var depth = 0
        var quote: Character?
        for place in text.indices {
            let character = text[place]
            if let open = quote {
                // A doubled quote closes and opens again, which comes to the same.
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "'", "\"": quote = character
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth <= 0:
                columns.append(text[start..<place])
                start = text.index(after: place)
            default: break
            }
        }
        columns.append(text[start...])
        return columns.map { String($0.trimming(while: \.isWhitespace)) }.filter { !$0.isEmpty }
    }
}

/// Texts separated by `;`, a `;` in a text doubled: the lists of a CSV cell and of `--auth`.
enum SemicolonList {
    /// Without the empty texts and without the blanks around each.
    static func parse(_ text: String) -> [String] {
        if !text.utf8.contains(UInt8(ascii: ";")) {
            let only = String(text[...].trimming(while: \.isWhitespace))
            return only.isEmpty ? [] : [only]
        }
        // By scalars: a combining mark after a `;` changes nothing.
        var values: [String] = [""]
        var rest = text.unicodeScalars[...]
        while let semicolon = rest.firstIndex(of: ";") {
            values[values.count - 1].unicodeScalars += rest[..<semicolon]
            rest = rest[rest.index(after: semicolon)...]
            if rest.first == ";" {
                values[values.count - 1].unicodeScalars.append(";")
                rest = rest.dropFirst()
            } else {
                values.append("")
            }
        }
        values[values.count - 1].unicodeScalars += rest
        return values.map { String($0[...].trimming(while: \.isWhitespace)) }.filter { !$0.isEmpty }
    }
}

extension Substring {
    func trimming(while isBlank: (Character) -> Bool) -> Substring {
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}

extension Busyhour_V1_AuthEntry {
    init(_ kind: Kind, _ value: String) {
        self.init()
        self.kind = kind
        self.value = value
    }

    /// Reads `ip:203.0.113.0/24`, `sip:alice` or `account:0049-30`.
    static func parse(_ text: String) throws(UsageError) -> Busyhour_V1_AuthEntry {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? parts[1].trimming(while: \.isWhitespace) : ""
        guard !value.isEmpty else {
            throw UsageError("'\(text)' is no auth entry; write ip:203.0.113.0/24, sip:alice or account:0049-30")
        }
        switch parts[0].trimming(while: \.isWhitespace).lowercased() {
        case "ip": return .init(.ip, String(value))
        case "sip": return .init(.sip, String(value))
        case "account": return .init(.account, String(value))
        default: throw UsageError("'\(text)' is of no known kind; write ip:..., sip:... or account:...")
        }
    }
}

extension Busyhour_V1_Route {
    init(_ name: String) {
        self.init()
        self.name = name
        enabled = true
    }

    /// As in a list: the name, behind a `!` where the route is off.
    init(listed text: String) {
        let isOff = text.utf8.first == UInt8(ascii: "!")
        self.init(isOff ? String(text.unicodeScalars.dropFirst()) : text)
        enabled = !isOff
    }

    var listed: String { enabled ? name : "!" + name }
}
