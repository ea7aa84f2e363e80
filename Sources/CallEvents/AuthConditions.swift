/// The conditions of one auth entry, all of which a call must meet: `ip:198.51.100.20&prefix:9911#`.
///
/// Equal entries compare equal however they were written: conditions are in the order of their kinds, and their values
/// are folded as the kind requires. There is at least one condition, and at most one of each kind (for headers, of each
/// name).
public struct AuthConditions: Hashable, Sendable {
    public let all: [AuthCondition]

    /// - Throws: if conditions contradict each other, or there are too many or none.
    public init(_ conditions: [AuthCondition]) throws(AuthFault) {
        guard !conditions.isEmpty else { throw AuthFault("an auth entry is empty; give a condition or leave it out") }
        var headers = 0
        for (index, condition) in conditions.enumerated() {
            if case .header = condition { headers += 1 }
            guard let other = conditions[..<index].first(where: { $0.excludes(condition) }) else { continue }
            let name = if case .header(let name, _) = condition { "header \(name)" } else { condition.kind.name }
            throw AuthFault(
                "'\(other.kind.name):\(other.value)' and '\(condition.kind.name):\(condition.value)' stand in one entry, which has \(name) once; "
                    + "make two entries of it")
        }
        if conditions.count > 1, let receiver = conditions.first(where: { $0.kind == .to }) {
            throw AuthFault(
                "'to:\(receiver.value)' names the called side; give it as an entry of its own")
        }
        guard headers <= AuthLimits.headers else {
            throw AuthFault(
                "an entry asks for \(headers) headers, at most \(AuthLimits.headers) can be; leave some out")
        }
        all = conditions.sorted { ($0.kind, $0.value) < ($1.kind, $1.value) }
    }

    /// Reads `ip:198.51.100.20&prefix:9911#`; a `&` in a value is doubled.
    public init(text: String) throws(AuthFault) {
        var conditions: [AuthCondition] = []
        for part in AuthText.parts(text) {
            let (kind, value) = try AuthText.condition(part, of: text)
            conditions.append(try AuthCondition(kind, value))
        }
        try self.init(conditions)
    }

    /// The entry as it is stored and shown.
    public var text: String {
        all.map { AuthText.text($0.kind.name, $0.value) }.joined(separator: "&")
    }

    /// For an entry that identifies the called customer: the value of its `to` condition.
    public var receiver: String? { if case .to(let value)? = all.last { value } else { nil } }
}

extension AuthCondition {
    /// Whether no call can meet both, or one is redundant.
    fileprivate func excludes(_ other: AuthCondition) -> Bool {
        if case (.header(let name, _), .header(let otherName, _)) = (self, other) { return name == otherName }
        return kind == other.kind
    }
}

/// The syntax of an entry's text. The command line splits entries with it without reading their values.
public enum AuthText {
    /// The parts between single `&`; doubled ones become single.
    public static func parts(_ text: String) -> [String] {
        if !text.utf8.contains(UInt8(ascii: "&")) { return [text] }
        // By scalars: a combining mark after a `&` changes nothing.
        var parts = [""]
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar != "&" {
                parts[parts.count - 1].unicodeScalars.append(scalar)
            } else if rest.first == "&" {
                rest.removeFirst()
                parts[parts.count - 1].unicodeScalars.append("&")
            } else {
                parts.append("")
            }
        }
        return parts
    }

    /// The text of one condition, with `&` in it doubled.
    public static func text(_ kind: String, _ value: String) -> String {
        if !value.utf8.contains(UInt8(ascii: "&")) { return "\(kind):\(value)" }
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            text.append(scalar)
            if scalar == "&" { text.append(scalar) }
        }
        return "\(kind):\(String(text))"
    }

    /// Splits `prefix:9911#` into its kind and its value.
    /// - Parameter whole: the entry, for the message.
    public static func condition(
        _ part: String, of whole: String
    ) throws(AuthFault) -> (kind: AuthCondition.Kind, value: String) {
        guard let colon = part.firstIndex(of: ":") else {
            throw AuthFault(
                whole.utf8.contains(UInt8(ascii: "&"))
                    ? "'\(part)' of '\(whole)' is no condition; write kind:value between the &, and && for a & in a value"
                    : "'\(part)' is no auth entry; write \(examples)")
        }
        guard let kind = AuthCondition.Kind(name: part[..<colon].trimmingBlanks) else {
            throw AuthFault("'\(part)' is of no known kind; write \(examples)")
        }
        let value = part[part.index(after: colon)...].trimmingBlanks
        guard !value.isEmpty else { throw AuthFault("'\(part)' is no auth entry; write \(examples)") }
        return (kind, value)
    }

    /// For messages.
    public static let examples =
        "ip:203.0.113.0/24, sip:alice or account:0049-30, or conditions joined by &, as ip:198.51.100.20&prefix:9911# "
        + "(kinds: \(AuthCondition.Kind.allCases.map(\.name).joined(separator: ", ")))"
}

public enum AuthLimits {
    /// Bytes of one condition's value: as for other short texts.
    public static let valueBytes = 256
    /// Headers in one entry: no carrier is known to distinguish customers by more than one.
    public static let headers = 4
    /// Header names in all entries together: a feed searches every set-up for each of them.
    public static let headerNames = 64
}
