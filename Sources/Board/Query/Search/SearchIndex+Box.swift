// The tests that rows must pass for the search box and for LIKE on names.

import Columnar

extension SearchIndex {
    /// The rows that the search box finds: by id, or by a part of the name, the company, a tag, a contact or an auth
    /// entry. `text` is folded and not empty.
    func test(_ text: String, _ customers: CustomerTable) -> RowTest {
        let index = self
        return .rows(
            FoundRows {
                var found = index.names(text, customers)
                index.addDetails(text, customers, to: &found)
                SearchIndex.addCompanies(text, customers, to: &found)
                if let id = UInt32(text), let row = customers.row(id: id), String(id) == text { found[row] = true }
                return found
            })
    }

    private static func addCompanies(_ text: String, _ customers: CustomerTable, to found: inout Bitmap) {
        guard let companies = customers.codes(.company) else { return }
        var needle = text
        let matches = needle.withUTF8 { needle in
            customers.companies.values.map { FoldedText.contains($0, needle) }
        }
        guard matches.contains(true) else { return }
        let scratch = ChunkScratch()
        for chunk in 0..<customers.chunkCount {
            let rows = customers.statuses.rows(inChunk: chunk)
            let codes = companies.codes(chunk, rows: rows.count, scratch: scratch)
            for row in 0..<rows.count where matches[Int(codes[row])] { found[rows.lowerBound + row] = true }
        }
    }
}
