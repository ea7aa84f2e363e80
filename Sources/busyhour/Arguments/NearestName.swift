// The name that was probably meant.

enum NearestName {
    /// The known name with the fewest changed letters and swapped neighbours, if those are at most a third of the
    /// longer word, or one.
    static func of(_ word: String, among names: [String]) -> String? {
        // Words longer than any name are not compared.
        guard word.count <= 64 else { return nil }
        let word = Array(word.lowercased())
        let nearest = names.map { (name: $0, distance: distance(word, Array($0))) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, max(word.count, nearest.name.count) / 3) else { return nil }
        return nearest.name
    }

    /// Optimal string alignment, row by row; cost: the product of the lengths.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    least = min(least, before[j - 1] + 1)
                }
                row.append(least)
            }
            (before, last) = (last, row)
        }
        return last[right.count]
    }
}
