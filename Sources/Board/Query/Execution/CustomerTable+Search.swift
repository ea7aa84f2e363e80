import Columnar

extension CustomerTable {
    /// The rows that the search box finds: by id, or by a part of what `searchTexts` lists, without regard to case.
    func search(_ text: String) -> Bitmap {
        var found = Bitmap(count: count)
        for row in 0..<count {
            found[row] =
                String(row + 1) == text || names[row].lowercased().contains(text)
                || searchTexts(row).contains { $0.lowercased().contains(text) }
        }
        return found
    }
}
