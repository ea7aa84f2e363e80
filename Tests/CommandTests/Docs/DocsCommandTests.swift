import Foundation
import Terminal
import Testing

@testable import busyhour

@Suite struct DocsCommandTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs")

    /// The program has the pages as they are in docs/.
    @Test func thePagesAreThoseOfTheFolder() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasSuffix(".md") }
        var pages = Dictionary(uniqueKeysWithValues: DocsPages.all.map { ($0.topic + ".md", $0.text) })
        pages["README.md"] = DocsPages.index
        #expect(names.sorted() == pages.keys.sorted(), "run tools/generate-docs")
        for name in names {
            let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
            #expect(text == pages[name], "docs/\(name) has changed: run tools/generate-docs")
        }
    }

    @Test func theListNamesEveryTopic() throws {
        let list = DocsCommand.shown(try DocsPages.text(of: nil), as: .text, width: 80, colours: false)
        let first = list.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        for page in DocsPages.all { #expect(first.contains(Substring(page.topic)), "\(page.topic)") }
    }

    @Test(arguments: ["metrics", "Metrics", "metrics.md", "whose call", "rerat"]) func aTopicIsFound(topic: String)
        throws
    {
        #expect(try DocsPages.text(of: topic).hasPrefix("# "))
    }

    @Test(arguments: [
        (["docs", "metrix"], "there is no page 'metrix'; did you mean 'metrics'?"),
        (["docs", "x"], "there is no page 'x'; known are server, "),
        (["docs", "--format", "csv"], "--format of docs has no 'csv'; give text or markdown"),
        (["docs", "board", "calls"], "calls"),
    ])
    func wrongUsageSaysWhatThereIs(arguments: [String], error: String) async {
        let ending = await BusyHour.run(arguments)
        #expect(ending.exitCode == 2 && ending.errors.count == 1)
        #expect(ending.errors[0].contains(error), "\(ending.errors)")
    }

    /// Each page at several widths: no line of text is wider, no escape sequence where none is wanted, and no mark of
    /// Markdown is left.
    @Test(arguments: DocsPages.all.map(\.topic), [40, 80, 132])
    func everyPageIsLaidOut(topic: String, width: Int) throws {
        let page = try DocsPages.text(of: topic)
        let shown = DocsCommand.shown(page, as: .text, width: width, colours: false)
        #expect(DocsCommand.shown(page, as: .markdown, width: width, colours: true) == page)
        for line in shown.split(separator: "\n") where !line.hasPrefix("    ") {
            // A table of many columns cannot be narrowed for ever.
            #expect(width < 80 || DisplayWidth.of(String(line)) <= width, "\(line)")
            #expect(!line.contains("\u{1B}") && !line.hasPrefix("#") && !line.hasPrefix("<!--"), "\(line)")
            #expect(!line.contains("](") && !line.contains("**"), "\(line)")
        }
    }
}
