// What holds for every document: it is short, its links lead somewhere, and the list of pages is whole.

import Foundation
import Testing

@Suite struct DocsLinksTests {
    static let documents =
        DocsPages.names + ["CHANGELOG.md", "Sources/README.md"]
        + ["proto/protocol.md"].filter { FileManager.default.fileExists(atPath: DocsPages.url($0).path) }

    @Test(arguments: documents) func everyLinkLeadsSomewhere(document: String) throws {
        let folder = DocsPages.url(document).deletingLastPathComponent()
        for target in Self.links(try DocsPages.text(document)) where !target.contains("://") {
            let parts = target.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
            let file = parts[0].isEmpty ? DocsPages.url(document) : folder.appendingPathComponent(parts[0])
            #expect(FileManager.default.fileExists(atPath: file.path), "\(document) links to \(target)")
            guard parts.count > 1, let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            #expect(Self.anchors(text).contains(parts[1]), "\(document) links to \(target)")
        }
    }

    @Test(arguments: DocsPages.names) func noPageIsLong(page: String) throws {
        let lines = try DocsPages.text(page).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 201, "\(page) has \(lines.count - 1) lines; a page has 200 at most")
        #expect(lines.first?.hasPrefix("# ") ?? false, "\(page) begins with its title")
    }

    /// Prose that a reader can follow with the eyes. Tables and blocks are as wide as what they show.
    @Test(arguments: DocsPages.names) func noLineIsWide(page: String) throws {
        var isBlock = false
        for line in try DocsPages.text(page).split(separator: "\n") {
            if line.hasPrefix("```") { isBlock.toggle() }
            if isBlock || line.hasPrefix("|") || line.hasPrefix("<!--") { continue }
            #expect(line.count <= 150, "\(page): \(line)")
        }
    }

    @Test func theListHasEveryPageOnce() throws {
        let listed = Self.links(try DocsPages.text("docs/README.md")).map { "docs/" + $0 }
        #expect(listed.sorted() == DocsPages.names.filter { $0.hasPrefix("docs/") && $0 != "docs/README.md" })
    }

    /// The targets of `[text](target)` outside blocks.
    private static func links(_ text: String) -> [String] {
        var isBlock = false
        return text.split(separator: "\n").flatMap { line -> [String] in
            if line.hasPrefix("```") { isBlock.toggle() }
            return isBlock ? [] : line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
        }
    }

    /// What headings are called in links: lower case, blanks as hyphens, no punctuation.
    private static func anchors(_ text: String) -> Set<String> {
        var isBlock = false
        return Set(
            text.split(separator: "\n").compactMap { line in
                if line.hasPrefix("```") { isBlock.toggle() }
                guard !isBlock, line.hasPrefix("#") else { return nil }
                let title = line.drop { $0 == "#" }.dropFirst().lowercased()
                return title.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacingOccurrences(of: " ", with: "-")
            })
    }
}
