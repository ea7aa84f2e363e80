import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct NameIndexTests {
    /// Against a dictionary of folded names, with characters whose case or normal form is odd.
    @Test func namesAreFoundAsByADictionary() {
        let letters = [
            "a", "A", "k", "\u{212A}", ";", "\u{37E}", "`", "\u{1FEF}", "ß", "SS", "é", "e\u{301}", "Å", "\u{212B}",
            "İ", "ς",
        ]
        for seed in Seeds.fixed(1...20) {
            var generator = SeededGenerator(seed: seed)
            var names = TextColumn()
            var index = NameIndex()
            var rows: [String: Int] = [:]
            for _ in 0..<400 {
                let name = (0..<Int.random(in: 1...3, using: &generator))
                    .map { _ in letters[Int.random(in: letters.indices, using: &generator)] }.joined()
                let known = rows[CustomerTable.fold(name)]
                #expect(index.row(named: name, in: names) == known, "seed \(seed), \(name)")
                guard known == nil else { continue }
                rows[CustomerTable.fold(name)] = names.count
                index.insert(name, row: names.count)
                names.append(name)
            }
            var built = NameIndex()
            let isUnique = built.build(names, without: Bitmap(count: names.count))
            #expect(isUnique, "seed \(seed)")
            for row in 0..<names.count {
                #expect(built.row(named: names[row].uppercased(), in: names) == row, "seed \(seed)")
            }
            names.append(names[names.count / 2].lowercased())
            let isStillUnique = built.build(names, without: Bitmap(count: names.count))
            #expect(!isStillUnique, "seed \(seed): a name that is there twice")
        }
    }
}
