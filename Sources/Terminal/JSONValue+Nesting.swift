// Column names with dots nest: `causes.busy` and `causes.network` become one object `causes`. Expressions such as
// `credit * 0.5` do not nest.

extension JSONValue {
    /// Columns and their values, in order; a name `a.b` becomes the member `b` of the object `a`.
    public static func nested(_ members: [Member]) -> [Member] {
        var result: [Member] = []
        var groups: [String: [Member]] = [:]
        for member in members {
            guard let dot = member.key.firstIndex(of: "."), member.key.allSatisfy(isOfName) else {
                result.append(member)
                continue
            }
            let group = String(member.key[..<dot])
            if groups[group] == nil { result.append(Member(group, .null)) }
            let inner = Member(String(member.key[member.key.index(after: dot)...]), member.value)
            groups[group, default: []].append(inner)
        }
        for index in result.indices {
            if let inner = groups[result[index].key] { result[index].value = .object(nested(inner)) }
        }
        return result
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "."
    }
}
