import Columnar
import Randomness
import Testing

@Suite struct TrigramSignaturesTests {
    private func add(_ text: [UInt8], _ block: Int, to signatures: inout TrigramSignatures) {
        text.withUnsafeBufferPointer { signatures.add($0, block: block) }
    }

    private func mayContain(_ text: some Collection<UInt8>, _ block: Int, _ signatures: TrigramSignatures) -> Bool {
        Array(text).withUnsafeBufferPointer { signatures.mayContain($0, block: block) }
    }

    /// A filter may let through too much, but never lose a text: every part of a text, from its first byte to its last.
    @Test(arguments: seeds)
    func noPartOfATextIsLost(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in 0...24 {
            for block in 0..<3 {
                var signatures = TrigramSignatures(blocks: 3)
                let text = random.bytes(length)
                add(text, block, to: &signatures)
                for start in 0...length {
                    for end in start...length {
                        #expect(mayContain(text[start..<end], block, signatures), "\(start)..<\(end) of \(text)")
                    }
                }
                for other in 0..<3 where other != block && length >= 3 {
                    #expect(!mayContain(text, other, signatures), "block \(other) has no text")
                }
            }
        }
    }

    /// One trigram that is missing is enough, wherever it is in the text.
    @Test func aTextWithAnotherEndIsNotThere() {
        var signatures = TrigramSignatures(blocks: 1)
        add(Array("abcdef".utf8), 0, to: &signatures)
        for text in ["xbcdef", "abcdex", "abxdef", "abcdefg", "def ", "xyz"] {
            #expect(!mayContain(text.utf8, 0, signatures), "\(text)")
        }
        // Too short for a trigram: nothing is known.
        for text in ["", "x", "xy"] { #expect(mayContain(text.utf8, 0, signatures)) }
    }
}
