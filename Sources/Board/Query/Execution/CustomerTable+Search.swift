import Columnar

extension CustomerTable {
    /// The rows that the search box finds: by id, or by a part of what `searchTexts` lists, without regard to case and
    /// accents. `text` is folded.
    func search(_ text: String) -> Bitmap {
        var found = rows(named: text)
        for row in 0..<count {
            if String(row + 1) == text || searchTexts(row).contains(where: { FoldedText.fold($0).contains(text) }) {
                found[row] = true
            }
        }
        return found
    }

    /// The rows whose name contains a folded text.
    func rows(named text: String) -> Bitmap {
        var found = Bitmap(count: count)
        for row in 0..<count { found[row] = FoldedText.fold(names[row]).contains(text) }
        return found
    }
}
