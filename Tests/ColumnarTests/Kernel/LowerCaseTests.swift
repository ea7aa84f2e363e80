import Columnar
import KernelsBaseline
import Testing

/// Every value of a byte, at every position around the borders of the vectors.
@Suite struct LowerCaseTests {
    private static let lengths = [1, 2, 15, 16, 17, 31, 32, 33, 64, 65]

    private func expected(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }

    @Test func onlyTheLettersAToZChange() {
        for byte in UInt8.min ... .max {
            for length in Self.lengths {
                for place in [0, length / 2, length - 1] {
                    var text = [UInt8](repeating: 0x2E, count: length)
                    text[place] = byte
                    var small = [UInt8](repeating: 0xFF, count: length)
                    let isPlain = text.withUnsafeBufferPointer { text in
                        small.withUnsafeMutableBufferPointer { lowerCase(text, into: $0) }
                    }
                    #expect(small == text.map(expected), "byte \(byte) at \(place) of \(length)")
                    #expect(isPlain == (byte < 0x80), "byte \(byte) at \(place) of \(length)")
                }
            }
        }
    }

    /// The same by the kernel that the processor was chosen for: each character finds itself, and of the others only
    /// the letter that is its capital.
    @Test func eachCharacterFindsItsCapitalAndNoOther() {
        let characters = Array(UInt8(0x20)..<0x7F)
        var column = TextColumn()
        for character in characters { column.append(String(decoding: [character], as: UTF8.self)) }
        let rows = 0..<min(characters.count, ChunkSize.rows)
        var scratch: [UInt8] = []
        for needle in characters {
            var found = Bitmap(count: characters.count)
            let isPlain = [needle].withUnsafeBufferPointer {
                column.searchIgnoringCase($0, rows: rows, scratch: &scratch, into: &found)
            }
            #expect(isPlain)
            for row in rows {
                #expect(found[row] == (expected(characters[row]) == needle), "\(needle) in \(characters[row])")
            }
        }
    }
}
