/// A pattern of LIKE: `%` matches any characters, `_` one character; the escape character before either (or itself)
/// makes it literal. Patterns and texts are compared folded.
struct LikePattern: Equatable, Sendable {
    enum Element: Equatable, Sendable {
        case scalar(Unicode.Scalar)
        case anyOne
        case anyNumber
    }

    private(set) var elements: [Element] = []

    /// Nil where the escape character escapes nothing.
    init?(_ text: String, escape: Character?) {
        var isEscaped = false
        for character in text {
            if isEscaped {
                guard character == "%" || character == "_" || character == escape else { return nil }
                append(character)
                isEscaped = false
            } else if character == escape {
                isEscaped = true
            } else if character == "%" {
                if elements.last != .anyNumber { elements.append(.anyNumber) }
            } else if character == "_" {
                elements.append(.anyOne)
            } else {
                append(character)
            }
        }
        if isEscaped { return nil }
    }

    private mutating func append(_ character: Character) {
        for scalar in FoldedText.fold(String(character)).unicodeScalars { elements.append(.scalar(scalar)) }
    }

    /// The text of a pattern that is a text between two `%`: texts that contain it match. Nil for other patterns.
    var contained: String? {
        guard elements.count >= 2, elements.first == .anyNumber, elements.last == .anyNumber else { return nil }
        return literal(elements.dropFirst().dropLast())
    }

    /// The folded text that a pattern with neither `%` nor `_` matches; nil for other patterns.
    var exact: String? { literal(elements[...]) }

    private func literal(_ elements: ArraySlice<Element>) -> String? {
        var text = String.UnicodeScalarView()
        for element in elements {
            guard case .scalar(let scalar) = element else { return nil }
            text.append(scalar)
        }
        return String(text)
    }

    /// Whether a folded text matches. After a mismatch only the last `%` absorbs one more character, so the time is at
    /// most the product of both lengths, whatever the pattern.
    func matches(folded text: String) -> Bool {
        let scalars = text.unicodeScalars
        var place = scalars.startIndex
        var index = 0
        var retry: (index: Int, place: String.Index)?
        while place < scalars.endIndex {
            if index < elements.count, elements[index] == .anyNumber {
                retry = (index, place)
                index += 1
            } else if index < elements.count, elements[index] == .anyOne || elements[index] == .scalar(scalars[place]) {
                index += 1
                place = scalars.index(after: place)
            } else if let last = retry {
                let next = scalars.index(after: last.place)
                retry = (last.index, next)
                place = next
                index = last.index + 1
            } else {
                return false
            }
        }
        return elements[index...].allSatisfy { $0 == .anyNumber }
    }
}
