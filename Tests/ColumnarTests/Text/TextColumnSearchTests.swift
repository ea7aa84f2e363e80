import Columnar
import KernelsBaseline
import Randomness
import Testing

@Suite struct TextColumnSearchTests {
    /// Few letters, so that needles are found often, several times in a text, and across the ends of texts.
    @Test(arguments: seeds)
    func findsTheRowsThatContainTheBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            let letters: [UInt8] = Array("abc".utf8.prefix(Int.random(in: 1...3, using: &random)))
            func bytes(_ lengths: ClosedRange<Int>) -> [UInt8] {
                (0..<Int.random(in: lengths, using: &random)).map { _ in letters.randomElement(using: &random) ?? 97 }
            }
            var column = TextColumn()
            var model: [[UInt8]] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                model.append(bytes(0...12))
                column.append(String(decoding: model[model.count - 1], as: UTF8.self))
            }
            // Rows behind the last text of a chunk.
            column.grow(to: model.count + 3)
            model += [[], [], []]
            for _ in 0..<10 {
                let needle = bytes(0...6)
                var rows = Bitmap(count: column.count)
                needle.withUnsafeBufferPointer { column.search($0, into: &rows) }
                #expect(model.indices.map { rows[$0] } == model.map { contains($0, needle) })
            }
        }
    }

    @Test(arguments: seeds)
    func bothKernelsFindTheFirstPlace(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in Array(0...3 * 64 + 1) + [1_000] {
            // A rare letter, so that the needle is found late.
            let text = (0..<length).map { _ in UInt8(Int.random(in: 0..<30, using: &random) == 0 ? 98 : 97) }
            let needle = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                UInt8(Int.random(in: 0..<3, using: &random) == 0 ? 98 : 97)
            }
            let start = Int.random(in: 0...length, using: &random)
            let place = (start...length).first { text[$0...].starts(with: needle) } ?? length
            text.withUnsafeBufferPointer { text in
                needle.withUnsafeBufferPointer { needle in
                    #expect(KernelsBaseline.find(needle, in: text, from: start) == place)
                }
            }
        }
    }

    /// All columns of three of these texts, so that matches begin and end with a text, with the chunk, and across empty
    /// texts.
    @Test func everyColumnOfShortTexts() {
        let texts = ["", "a", "b", "ab", "aab"]
        let needles = ["a", "b", "ab", "ba", "aa", "aab", "bab", "aabaab", "aabaabaab", "abab"]
        for number in 0..<125 {
            let rows = [texts[number % 5], texts[number / 5 % 5], texts[number / 25]]
            var column = TextColumn()
            for row in rows { column.append(row) }
            for needle in needles {
                var found = Bitmap(count: 3)
                Array(needle.utf8).withUnsafeBufferPointer { column.search($0, into: &found) }
                let expected = rows.map { contains(Array($0.utf8), Array(needle.utf8)) }
                #expect((0..<3).map { found[$0] } == expected, "\(needle) in \(rows)")
            }
        }
    }

    /// A needle at every place around the 64 bytes that are compared at once, as it is, cut short by the end of the
    /// text, and with another byte at each of its places.
    @Test func everyPlaceAndEveryByteOfANeedle() {
        for length in 1...6 {
            let needle = Array("bcdefg".utf8.prefix(length))
            for before in Array(0...3) + Array(60...68) + Array(124...132) {
                for after in 0...2 {
                    let text = [UInt8](repeating: 97, count: before) + needle + [UInt8](repeating: 97, count: after)
                    expectFind(needle, in: text, at: before)
                    if after == 0 { expectFind(needle, in: Array(text.dropLast()), at: text.count - 1) }
                    for place in 0..<length {
                        var other = text
                        other[before + place] = 120
                        expectFind(needle, in: other, at: text.count)
                    }
                }
            }
        }
    }

    private func expectFind(_ needle: [UInt8], in text: [UInt8], at place: Int) {
        needle.withUnsafeBufferPointer { needle in
            text.withUnsafeBufferPointer {
                #expect(KernelsBaseline.find(needle, in: $0, from: 0) == place, "\(needle.count) in \(text.count)")
            }
        }
        // By the kernel that the processor was chosen for.
        var column = TextColumn()
        column.append(String(decoding: text, as: UTF8.self))
        var found = Bitmap(count: 1)
        needle.withUnsafeBufferPointer { column.search($0, into: &found) }
        #expect(found[0] == (place < text.count))
    }

    private func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
        (0...text.count).contains { text[$0...].starts(with: needle) }
    }

    @Test func addsToTheRowsFoundBefore() {
        var column = TextColumn()
        for text in ["Acme", "Orbit", "", "Acorn"] { column.append(text) }
        var rows = Bitmap(count: 4)
        Array("Orb".utf8).withUnsafeBufferPointer { column.search($0, into: &rows) }
        Array("Ac".utf8).withUnsafeBufferPointer { column.search($0, into: &rows) }
        #expect((0..<4).map { rows[$0] } == [true, true, false, true])
    }
}
