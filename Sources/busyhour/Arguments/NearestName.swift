// The name that was probably meant.

enum NearestName {
    /// The known name with the least edit distance (Levenshtein), if that is at most a third of the longer one, and one
    /// change for short names.
    static func of(_ word: String, among names: [String]) -> String? {
        let word = word.lowercased()
        let nearest = names.map { (name: $0, distance: distance(Array(word), Array($0))) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, max(word.count, nearest.name.count) / 3) else { return nil }
        return nearest.name
    }

    /// Row by row; cost: the product of the lengths. Words longer than any name are not compared.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        guard left.count <= 64 else { return .max }
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substituted = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
