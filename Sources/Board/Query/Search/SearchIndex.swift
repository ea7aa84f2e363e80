// Finds customers by a part of a text, ignoring case and accents.
//
// Names are searched in place, block by block of 512 rows, and only in blocks whose signature has all trigrams of the
// text: 2 bytes per customer. Tags, contacts and auth entries, which many customers do not have, are stored folded and
// end to end: their bytes and 4 for each customer of a chunk that has any. Both are built at the first search and
// rebuilt for the chunks in which a customer was added or changed since.

import Columnar

struct SearchIndex: Sendable {
    private struct Part: Sendable {
        var version: UInt64
        var signatures: TrigramSignatures
        /// Folded details by row of the chunk; each text ends with a 0, which no search can contain.
        var details: TextColumn
        /// Rows whose details are longer than a column's text may be.
        var longRows: [Int] = []
    }

    private var parts: [Part] = []

    static var blockRows: Int { min(512, ChunkSize.rows) }

    var byteSize: Int { parts.reduce(0) { $0 + $1.signatures.byteSize + $1.details.byteSize } }

    /// Rebuilds the index for what has changed.
    mutating func update(_ customers: CustomerTable) {
        for chunk in 0..<customers.chunkCount {
            let version = customers.textVersions[chunk]
            if chunk == parts.count {
                parts.append(SearchIndex.part(customers, chunk, version))
            } else if parts[chunk].version != version {
                parts[chunk] = SearchIndex.part(customers, chunk, version)
            }
        }
    }

    /// The rows whose name contains a folded text.
    func names(_ text: String, _ customers: CustomerTable) -> Bitmap {
        var found = Bitmap(count: customers.count)
        var needle = Array(text.utf8)
        if needle.isEmpty {
            found.setAll()
            return found
        }
        needle.withUnsafeMutableBufferPointer { needle in
            let needle = UnsafeBufferPointer(needle)
            var scratch: [UInt8] = []
            for chunk in parts.indices {
                let rows = customers.statuses.rows(inChunk: chunk)
                for block in 0..<(rows.count + SearchIndex.blockRows - 1) / SearchIndex.blockRows
                where parts[chunk].signatures.mayContain(needle, block: block) {
                    let first = rows.lowerBound + block * SearchIndex.blockRows
                    let block = first..<min(first + SearchIndex.blockRows, rows.upperBound)
                    SearchIndex.search(needle, customers.names, block, &scratch, &found)
                }
            }
        }
        return found
    }

    /// Adds the rows that have a folded text in a tag, a contact or an auth entry.
    func addDetails(_ text: String, _ customers: CustomerTable, to found: inout Bitmap) {
        let needle = Array(text.utf8)
        guard !needle.isEmpty, !needle.contains(0) else { return }
        needle.withUnsafeBufferPointer { needle in
            for chunk in parts.indices {
                for row in parts[chunk].longRows {
                    if customers.details(row).contains(where: { FoldedText.contains($0, needle) }) { found[row] = true }
                }
                let first = customers.statuses.rows(inChunk: chunk).lowerBound
                var rows = Bitmap(count: parts[chunk].details.count)
                parts[chunk].details.search(needle, into: &rows)
                rows.forEachSet { found[first + $0] = true }
            }
        }
    }

    private static func part(_ customers: CustomerTable, _ chunk: Int, _ version: UInt64) -> Part {
        let rows = customers.statuses.rows(inChunk: chunk)
        var part = Part(
            version: version,
            signatures: TrigramSignatures(blocks: (ChunkSize.rows + blockRows - 1) / blockRows), details: TextColumn())
        part.details.grow(to: rows.count)
        for row in rows {
            let block = (row - rows.lowerBound) / blockRows
            var name = FoldedText.fold(customers.names[row])
            name.withUTF8 { part.signatures.add($0, block: block) }
            let texts = customers.details(row)
            if texts.isEmpty { continue }
            let details = texts.map { FoldedText.fold($0) + "\0" }.joined()
            if details.utf8.count <= ColumnarLimits.textBytes {
                part.details[row - rows.lowerBound] = details
            } else {
                part.longRows.append(row)
            }
        }
        return part
    }

    private static func search(
        _ needle: UnsafeBufferPointer<UInt8>, _ names: TextColumn, _ rows: Range<Int>, _ scratch: inout [UInt8],
        _ found: inout Bitmap
    ) {
        if names.searchIgnoringCase(needle, rows: rows, scratch: &scratch, into: &found) { return }
        // With accents or other scripts, names are folded one by one.
        for row in rows where names.withBytes(row, { name in name.contains { $0 >= 0x80 } }) {
            found[row] = FoldedText.contains(names[row], needle)
        }
    }
}

extension FoldedText {
    /// Whether a text, once folded, contains these bytes.
    static func contains(_ text: String, _ needle: UnsafeBufferPointer<UInt8>) -> Bool {
        var folded = fold(text)
        return folded.withUTF8 { bytes in
            guard bytes.count >= needle.count else { return false }
            return (0...bytes.count - needle.count).contains { bytes[$0..<$0 + needle.count].elementsEqual(needle) }
        }
    }
}
