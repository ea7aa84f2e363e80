import Randomness
import Testing

@testable import Terminal

@Suite struct MarkdownTests {
    private static func lines(_ text: String, width: Int = 40, colours: Bool = false) -> [String] {
        Markdown.lines(text, width: width, colours: colours)
    }

    @Test func blocksStandApartAndCommentsAreLeftOut() {
        let text = """
            # Title

            Some text
            in two lines.
            <!-- server: -->
            ## Part
            - one
            - two, which goes on
              here
            1. first

            ```sh
            ls   # files
            ```
            """
        #expect(
            Self.lines(text) == [
                "Title", "=====", "", "Some text in two lines.", "", "Part", "----", "", "- one",
                "- two, which goes on here", "1. first", "", "    ls   # files",
            ])
    }

    @Test func aFileHasItsName() {
        #expect(Self.lines("```file:a.csv\nx;y\n\nz\n```") == ["a.csv:", "", "    x;y", "", "    z"])
    }

    @Test func textIsBrokenAtBlanks() {
        #expect(
            Self.lines("One two three four five six seven", width: 20)
                == ["One two three four", "five six seven"])
        #expect(
            Self.lines("- One two three four five six seven", width: 20)
                == ["- One two three four", "  five six seven"])
        let long = String(repeating: "x", count: 45)
        #expect(Self.lines("a " + long, width: 20).map(\.count) == [1, 20, 20, 5])
        #expect(Self.lines("漢字 漢字漢字漢字漢字 漢字", width: 20) == ["漢字", "漢字漢字漢字漢字", "漢字"])
    }

    @Test func codeAndStrongTextAreBold() {
        let text = "Take `a * b`, **not** *this*"
        #expect(Self.lines(text) == ["Take `a * b`, not this"])
        let bold = { (text: String) in "\u{1B}[1m\(text)\u{1B}[0m" }
        #expect(Self.lines(text, colours: true) == ["Take \(bold("a * b")), \(bold("not")) this"])
        #expect(Self.lines("# A title", colours: true) == [bold("A title")])
    }

    /// A mark alone is a character.
    @Test(arguments: ["2 * 3 * 4", "a ` b", "**", "[x] (y)", "x | y", "#tag", "-5", "*", "[", "5.", "a**"])
    func marksAloneAreShown(text: String) {
        #expect(Self.lines(text) == [text])
    }

    @Test func linksSayWhereTheyLead() {
        #expect(Self.lines("See [Money](your-cdrs.md#money).") == ["See Money (your-cdrs)."])
        #expect(Self.lines("See [metrics](metrics.md) and [below](#below).") == ["See metrics and below."])
        #expect(Self.lines("**[Metrics](metrics.md)**, *[b](c.md)*") == ["Metrics, b (c)"])
        #expect(Self.lines("[Swift](https://swift.org/)") == ["Swift (https://swift.org/)"])
        #expect(Self.lines("[www.swift.org](https://www.swift.org)") == ["www.swift.org"])
    }

    @Test func tablesAreAligned() {
        let text = """
            | name | `n` |
            |---|--:|
            | a | 1 |
            | b \\| c | 22 |
            """
        #expect(Self.lines(text) == ["name   `n`", "-----  ---", "a        1", "b | c   22"])
        #expect(Self.lines("| | |\n|---|---|\n| a | b |") == ["a  b"])
    }

    @Test func aWideTableIsNarrowed() {
        let text = "| key | meaning |\n|---|---|\n| a | one two three four five six |\n| b | seven |"
        #expect(
            Self.lines(text, width: 20) == [
                "key  meaning", "---  ---------------", "a    one two three", "     four five six", "b    seven",
            ])
    }

    /// Rows of any number of cells, fences and marks without an end: something is shown, and nothing is lost.
    @Test(arguments: [
        "| a | b\n| 1 |\n|\n| 1 | 2 | 3 |", "```\nx", "**x", "`x", "[x](", "|", "||||", "- ", "# ", "<!--",
    ])
    func whatIsBrokenIsShown(text: String) {
        for width in [0, 20, 200] {
            let shown = Self.lines(text, width: width).joined()
            for character in text where character.isLetter || character.isNumber {
                #expect(shown.contains(character), "\(text)")
            }
        }
    }

    /// No line is wider than asked, none could take the first word of the next, and no word is lost.
    @Test(arguments: Seeds.of(1)) func linesAreFilledAndNoWider(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let words = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                let letters = (0..<Int.random(in: 1...7, using: &random)).map { _ in
                    ["a", "é", "日"].randomElement(using: &random) ?? ""
                }
                return letters.joined()
            }
            let width = Int.random(in: 20...40, using: &random)
            for marker in ["", "- ", "12. "] {
                let lines = Self.lines(marker + words.joined(separator: " "), width: width)
                let label: Comment = "seed \(seed): \(lines)"
                #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, label)
                let shown = lines.flatMap { $0.split(separator: " ") }.map { String($0) }
                #expect(shown.filter { !marker.hasPrefix($0) } == words, label)
                for (line, next) in zip(lines, lines.dropFirst()) {
                    let word = next.split(separator: " ").first ?? ""
                    #expect(DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) > width, label)
                }
            }
        }
    }
}
