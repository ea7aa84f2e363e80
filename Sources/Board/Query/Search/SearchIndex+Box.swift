// What the search box and LIKE on names come to: tests that rows meet.

import Columnar

extension SearchIndex {
    /// The rows that the search box finds: by id, or by a part of the name, the company, a tag, a contact or an auth entry.
    /// `text` is folded and not empty.
    func test(_ text: String, _ customers: CustomerTable) -> RowTest {
        var found = names(text, customers)
        addDetails(text, customers, to: &found)
        if let id = UInt32(text), let row = customers.row(id: id), String(id) == text { found[row] = true }
        guard let companies = customers.codes(.company) else { return .rows(found) }
        var needle = text
        let matches = needle.withUTF8 { needle in
            customers.companies.values.map { FoldedText.contains($0, needle) }
        }
        return matches.contains(true) ? .or([.rows(found), .codes(companies, matches)]) : .rows(found)
    }
}
