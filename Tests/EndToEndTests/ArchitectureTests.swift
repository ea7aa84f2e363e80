// The invariants of Sources/README.md that can be read off the source text.

import Foundation
import Testing

@Suite struct ArchitectureTests {
    private struct Source {
        /// From the source folder: `Sources/Board/Engine/Engine.swift`.
        var path: String
        var text: String

        var module: String { String(path.split(separator: "/")[1]) }

        var imports: [String] {
            text.split(separator: "\n").compactMap { line in
                line.firstMatch(of: /^(?:@\w+ |public |internal )*import (?:\w+ )?(\w+)/).map { String($0.output.1) }
            }
        }
    }

    private static let sources: [Source] = {
        let root = DocsPages.url("Sources")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
        return (files ?? []).compactMap { url in
            guard url.pathExtension == "swift", !url.path.contains("/Generated/") else { return nil }
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            return Source(path: "Sources" + url.path.dropFirst(root.path.count), text: text)
        }
    }()

    /// The arrows of the drawing, as far as they lead to modules of this package.
    private static let drawing: [String: Set<String>] = [
        "CallEvents": [], "Terminal": [], "Wire": [],
        "Columnar": ["KernelsBaseline", "KernelsAVX2", "Processor"],
        "Board": ["Columnar", "CallEvents"],
        "Feeds": ["CallEvents", "CCompression"],
        "Store": ["Board", "Columnar", "CallEvents", "CSQLite", "CLZ4"],
        "Client": ["Wire"],
        "Server": ["Board", "CallEvents", "Columnar", "Feeds", "Store", "Wire"],
        "busyhourd": ["Server", "CMalloc"],
        "busyhour": ["Client", "CallEvents", "Columnar", "Feeds", "Wire", "Terminal"],
    ]

    /// Modules that a module may have besides its own package's.
    private static let others: [String: Set<String>] = [
        "Columnar": [], "CallEvents": [], "Board": [],
        "Store": ["Glibc", "Foundation"], "Feeds": ["Foundation"], "Terminal": ["Glibc"],
        "Wire": ["NIOCore", "SwiftProtobuf", "Foundation", "FoundationEssentials"],
        "Client": ["NIOCore", "NIOPosix", "SwiftProtobuf", "Synchronization", "Glibc"],
        "Server": [
            "NIOCore", "NIOPosix", "SwiftProtobuf", "Logging", "Glibc", "Foundation", "FoundationEssentials",
            "Synchronization", "NIOSSL", "NIOTLS",
        ],
        "busyhourd": ["ArgumentParser", "Logging", "Glibc", "NIOCore", "NIOPosix"],
        "busyhour": ["ArgumentParser", "SwiftProtobuf", "Foundation", "Glibc", "Synchronization"],
    ]

    @Test func theSourcesAreFound() {
        #expect(Self.sources.count > 400 && Self.sources.contains { $0.path == "Sources/Board/Limits.swift" })
        #expect(Set(Self.sources.map(\.module)) == Set(Self.drawing.keys))
    }

    @Test func aModuleImportsWhatTheDrawingShows() {
        for source in Self.sources {
            let known = (Self.drawing[source.module] ?? []).union(Self.others[source.module] ?? [])
            for name in source.imports { #expect(known.contains(name), "\(source.path) imports \(name)") }
        }
    }

    /// `Package.swift` says the same, so what is imported is linked on purpose.
    @Test func thePackageDeclaresWhatIsDrawn() throws {
        let package = try DocsPages.text("Package.swift")
        for (module, imports) in Self.drawing {
            let pattern = try Regex(#"arget\(\s*name: "\#(module)"(?:(?!arget\(|\n        \.systemLibrary)[\s\S])*"#)
            let declaration = try #require(package.firstMatch(of: pattern)).output[0].substring ?? ""
            for name in imports { #expect(declaration.contains("\"\(name)\""), "\(module) does not declare \(name)") }
            for name in Self.drawing.keys where name != module && !imports.contains(name) {
                #expect(!declaration.contains("\"\(name)\""), "\(module) declares \(name), which the drawing lacks")
            }
        }
    }

    /// The time is an argument of the engine.
    @Test(arguments: ["ContinuousClock", "SuspendingClock", "clock_gettime", "Task.sleep"])
    func theEngineKnowsNoClock(name: String) {
        for source in Self.sources where ["Board", "Columnar", "CallEvents"].contains(source.module) {
            #expect(!source.text.contains(name), "\(source.path) uses \(name)")
        }
    }

    /// What input can cause is an error with a name.
    @Test(arguments: ["try!", " as! ", "fatalError("]) func nothingEndsTheProcess(name: String) {
        for source in Self.sources { #expect(!source.text.contains(name), "\(source.path) has \(name)") }
    }

    @Test(arguments: ["Board", "CallEvents", "Client", "Columnar", "Feeds", "Server", "Store", "Wire", "busyhour"])
    func boundsStandTogether(module: String) {
        let files = Self.sources.filter { $0.module == module && $0.path.hasSuffix("Limits.swift") }
        #expect(!files.isEmpty, "\(module) has no Limits.swift")
    }

    /// A reader of one file has it before the eyes. Larger ones are parted by aspect: `Type+Aspect.swift`.
    @Test func filesAreSmall() {
        for source in Self.sources {
            let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 400, "\(source.path) has \(lines) lines")
        }
    }

    /// What the documents of Sources say of files and types is there.
    @Test(arguments: ["Sources/README.md", "Sources/Board/README.md", "Sources/Server/README.md"])
    func whatThePageNamesIsThere(page: String) throws {
        let url = DocsPages.url(page)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        let paths = Set(
            ["Benchmarks", "Sources", "Tests", "docs", "proto", "tools"].flatMap { folder in
                let files = FileManager.default.enumerator(atPath: DocsPages.url(folder).path)
                return ["/" + folder] + (files?.compactMap { $0 as? String } ?? []).map { "/\(folder)/\($0)" }
            })
        let names = Set(paths.map { $0.split(separator: "/").last.map(String.init) ?? "" })
        for match in try DocsPages.text(page).matches(of: /`([\w+.\/-]+)`/) {
            let name = String(match.output.1)
            if name.contains("/"), !name.hasSuffix("...") {
                let path = "/" + (name.hasSuffix("/") ? String(name.dropLast()) : name)
                let isThere = paths.contains { $0.hasSuffix(path) || $0.hasSuffix(path + ".swift") }
                #expect(isThere, "\(page): there is no \(name)")
            } else if name.hasSuffix("Tests") || name.contains("+") {
                let isThere = names.contains(name + ".swift") || names.contains(name)
                #expect(isThere, "\(page): there is no \(name)")
            }
        }
    }
}
