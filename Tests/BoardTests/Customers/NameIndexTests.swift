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

    /// Names come and go by the hundred, so that each removal has others behind it that move up, over the end of the
    /// table, too. (Hashes are others in every process, so there are many rounds.)
    @Test(arguments: Seeds.of(1, 2, 3)) func removedNamesLeaveTheOthers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var names = TextColumn()
        for number in 0..<240 { names.append(number % 3 == 0 ? "Ünique \(number)" : "Name \(number)") }
        var index = NameIndex()
        var present: Set<Int> = []
        // Few slots at first, then many: a table is at most half full.
        for step in 0..<3_000 {
            let row = Int.random(in: 0..<min(240, 20 + step / 10), using: &generator)
            if present.contains(row) {
                index.remove(names[row].uppercased(), row: row)
                present.remove(row)
                // What is not there is not removed.
                index.remove(names[row], row: row)
            } else {
                index.insert(names[row], row: row)
                present.insert(row)
            }
            let other = Int.random(in: 0..<240, using: &generator)
            #expect(index.row(named: names[other], in: names) == (present.contains(other) ? other : nil))
            guard step % 50 == 0 else { continue }
            let found = (0..<240).filter { index.row(named: names[$0].lowercased(), in: names) == $0 }
            #expect(found == present.sorted(), "seed \(seed), step \(step)")
            let rows = (0..<240).flatMap { index.rows(named: names[$0], in: names) }
            #expect(rows == found, "seed \(seed), step \(step)")
        }
    }

    /// Of several rows with one name each is found and removed by itself.
    @Test func oneNameOfManyRows() {
        var names = TextColumn()
        for number in 0..<90 { names.append(number % 2 == 0 ? "Same" : "Name \(number)") }
        var index = NameIndex()
        for row in 0..<90 { index.insert(names[row], row: row) }
        var left = Array(stride(from: 0, to: 90, by: 2))
        while let row = left.popLast() {
            index.remove("SAME", row: row)
            #expect(index.rows(named: "same", in: names).sorted() == left)
            #expect(stride(from: 1, to: 90, by: 2).allSatisfy { index.row(named: names[$0], in: names) == $0 })
        }
    }
}
