// Values of options: how their texts are parsed. The errors say how to fix them.

import CallEvents
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

/// Columns, which are names or expressions, separated by commas outside parentheses and quotes.
enum ColumnList {
    static func parse(_ text: String) -> [String] {
        var columns: [Substring] = []
        var start = text.startIndex
        var depth = 0
        var quote: Character?
        for place in text.indices {
            let character = text[place]
            if let open = quote {
                // A doubled quote closes and opens again, with the same effect.
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
    /// Without empty texts, each one trimmed.
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

    /// Reads `ip:203.0.113.0/24`, `sip:alice`, `account:0049-30` or conditions joined by `&`.
    static func parse(_ text: String) throws(UsageError) -> Busyhour_V1_AuthEntry {
        do throws(AuthFault) {
            let parts = AuthText.parts(text)
            let (kind, value) = try AuthText.condition(parts[0], of: text)
            if parts.count == 1 {
                switch kind {
                case .ip: return .init(.ip, value)
                case .sip: return .init(.sip, value)
                case .account: return .init(.account, value)
                default: break
                }
            }
            return .init(.conditions, try AuthConditions(text: text).text)
        } catch {
            throw UsageError(error.description)
        }
    }

    /// The text of the entry in a list.
    var listed: String {
        switch kind {
        case .ip: "ip:" + value
        case .sip: AuthText.text("sip", value)
        case .account: AuthText.text("account", value)
        case .conditions: value
        case .UNRECOGNIZED(let number): "kind-\(number):\(value)"
        }
    }

    /// Each condition's kind and value.
    var conditions: [(kind: String, value: String)] {
        switch kind {
        case .ip: [("ip", value)]
        case .sip: [("sip", value)]
        case .account: [("account", value)]
        case .conditions:
            // One that this program cannot parse is shown as is.
            (try? AuthConditions(text: value))?.all.map { ($0.kind.name, $0.value) } ?? [("conditions", value)]
        case .UNRECOGNIZED(let number): [("kind-\(number)", value)]
        }
    }
}

extension Busyhour_V1_Route {
    init(_ name: String) {
        self.init()
        self.name = name
        enabled = true
    }

    /// From a list: the name, preceded by `!` if the route is off.
    init(listed text: String) {
        let isOff = text.utf8.first == UInt8(ascii: "!")
        self.init(isOff ? String(text.unicodeScalars.dropFirst()) : text)
        enabled = !isOff
    }

    var listed: String { enabled ? name : "!" + name }
}
