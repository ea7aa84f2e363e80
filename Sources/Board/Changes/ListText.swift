// Lists and values as text: the form that assignments parse and histories show.

enum ListText {
    /// Entries separated by `;`, a `;` in an entry doubled; empty ones are dropped and blanks around each trimmed.
    static func entries(_ text: String) -> [String] {
        // By scalars: a combining mark after a `;` changes nothing.
        var entries = [""]
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar != ";" {
                entries[entries.count - 1].unicodeScalars.append(scalar)
            } else if rest.first == ";" {
                rest.removeFirst()
                entries[entries.count - 1].unicodeScalars.append(";")
            } else {
                entries.append("")
            }
        }
        return entries.map { entry in
            var text = entry.drop(while: \.isWhitespace)
            while text.last?.isWhitespace ?? false { text.removeLast() }
            return String(text)
        }.filter { !$0.isEmpty }
    }

    static func text(_ entries: [String]) -> String {
        entries.map { entry in
            var text = String.UnicodeScalarView()
            for scalar in entry.unicodeScalars {
                text.append(scalar)
                if scalar == ";" { text.append(scalar) }
            }
            return String(text)
        }
        .joined(separator: ";")
    }
}

extension Route {
    /// As in a list: the name, preceded by `!` if disabled.
    var listed: String { enabled ? name : "!" + name }

    init(listed text: String) {
        let isOff = text.utf8.first == UInt8(ascii: "!")
        self.init(name: isOff ? String(text.unicodeScalars.dropFirst()) : text, enabled: !isOff)
    }
}

extension FieldValue {
    /// The value for display and CSV.
    var shown: String {
        switch self {
        case .text(let text): return text
        case .tags(let tags): return ListText.text(tags)
        case .auth(let entries): return ListText.text(entries.map(\.listed))
        case .routes(let routes): return ListText.text(routes.map(\.listed))
        case .contacts(let contacts):
            return ListText.text(
                contacts.map { contact in
                    [contact.name, contact.email, contact.mobile, contact.kind].filter { !$0.isEmpty }
                        .joined(separator: ", ")
                })
        }
    }
}

extension ChangedField {
    /// A number of this field, in the contract's notation.
    func shown(_ number: Int64) -> String {
        switch self {
        case .status: CustomerStatus.allCases[Int(number)].rawValue
        case .credit, .debitLimit: Money.text(number)
        case .portalAccess: number == 0 ? "false" : "true"
        case .deleted: number == 0 ? "false" : "true"
        default: String(number)
        }
    }
}

extension FieldChange {
    /// A row's values before and after, as text.
    func shown(_ place: Int) -> (old: String, new: String) {
        field.isNumber
            ? (field.shown(old.number(place)), field.shown(new.number(place)))
            : (old.value(place).shown, new.value(place).shown)
    }

    func isChanged(_ place: Int) -> Bool {
        field.isNumber ? old.number(place) != new.number(place) : old.value(place) != new.value(place)
    }
}
