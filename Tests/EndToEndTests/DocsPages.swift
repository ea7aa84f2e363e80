// The README and the pages in docs/, as files.

import Foundation

enum DocsPages {
    static let source = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()

    /// Paths from the source folder: the README, then the pages in order of their names.
    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: url("docs").path)
        return ["README.md"] + (files ?? []).filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
    }()

    static func url(_ name: String) -> URL { source.appendingPathComponent(name) }

    static func text(_ name: String) throws -> String { try String(contentsOf: url(name), encoding: .utf8) }
}
