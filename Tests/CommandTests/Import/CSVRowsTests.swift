import Randomness
import Testing

@testable import busyhour

@Suite struct CSVRowsTests {
    private static func rows(_ text: String, _ separator: CSVRows.Separator = .comma) throws -> [CSVRows.Row] {
        var reader = CSVRows(separator: separator)
        reader.append(Array(text.utf8))
        reader.finish()
        var rows: [CSVRows.Row] = []
        while try reader.next() { rows.append(reader.row) }
        return rows
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func everyLineEndIsOne(_ end: String) throws {
        let text = "a,b\(end)1,\"x,\"\"y\"\"\(end)z\"\(end)\(end), ,\(end)3,"
        let rows = try Self.rows(text)
        #expect(rows.map(\.number) == [1, 2, 5], "blank rows count and are passed over")
        #expect(rows.map(\.cells) == [["a", "b"], ["1", "x,\"y\"\(end)z"], ["3", ""]])
    }

    @Test(arguments: Seeds.of()) func randomTablesComeBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let letters = Array("ab,;\t\"\nä")
        for _ in 0..<300 {
            let separator = CSVRows.Separator.allCases.randomElement(using: &random) ?? .comma
            let mark = String(UnicodeScalar(separator.rawValue))
            let table = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<3).map { _ in
                    "x"
                        + String(
                            (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
                                letters.randomElement(using: &random)
                            }) + "x"
                }
            }
            let text = table.map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: mark)
            }.joined(separator: "\n")
            #expect(try Self.rows(text, separator).map(\.cells) == table, "seed \(seed)")
        }
    }

    @Test(arguments: [
        (Array("a,b\n1,\"x\n".utf8), "row 2: a quote"), ([0x61, 0x0A, 0xFF, 0x0A], "row 2: a cell is not UTF-8"),
        ([UInt8](repeating: 0x2C, count: 20_000), "row 1 has more than"),
    ])
    func whatCannotBeReadIsNamed(_ bytes: [UInt8], _ hint: String) throws {
        let refusal = #expect(throws: Refusal.self) {
            var reader = CSVRows(separator: .comma)
            reader.append(bytes)
            reader.finish()
            while try reader.next() {}
        }
        #expect(refusal?.description.contains(hint) == true, "\(refusal?.description ?? "")")
    }

    /// A file cut into two or three reads, anywhere, is the rows with the numbers that it is as a whole.
    @Test(arguments: [
        "a,b\r\n1,2\r\n\r\n3,4", "a\r\rb\r\n", "\"a\"\"b\r\n\",c\r\n\"\",\"x\" \r\nd", "a\n\r\nb\n\rc",
        "ä,€\r\n😀,\"é\"\r\n", ",\r\n,,\r\n a , \"b\" \r\n",
    ])
    func rowsAreTheSameHoweverTheyAreCut(text: String) throws {
        let bytes = Array(text.utf8)
        func rows(_ cuts: [Int]) throws -> [CSVRows.Row] {
            var reader = CSVRows(separator: .comma)
            var (rows, start) = ([CSVRows.Row](), 0)
            for end in cuts + [bytes.count] {
                reader.append(Array(bytes[start..<end]))
                start = end
                while try reader.next() { rows.append(reader.row) }
            }
            reader.finish()
            while try reader.next() { rows.append(reader.row) }
            return rows
        }
        let whole = try rows([])
        #expect(whole.count > 0)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(try rows([first, second]) == whole, "cut at \(first) and \(second)")
            }
        }
    }
}
