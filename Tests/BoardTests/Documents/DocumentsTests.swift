// Documents: their versions, owners and limits, and all of them after a restart.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct DocumentsTests {
    private func document(
        _ name: String, _ kind: Document.Kind = .layout, owner: String = "ann", of contents: [UInt8] = [1],
        isShared: Bool = false
    ) -> Document {
        var document = Document(kind, name)
        (document.owner, document.contents, document.isShared) = (owner, contents, isShared)
        return document
    }

    private func restarted(_ engine: Engine) throws -> Engine {
        let after = Engine()
        try after.restore(engine.snapshot().tables())
        #expect(after.snapshot().stateHash() == engine.snapshot().stateHash())
        #expect(after.state.documents == engine.state.documents)
        return after
    }

    /// Random saves and deletions, of names that differ in case only, too, against lists; over restarts.
    @Test(arguments: Seeds.of(1, 2)) func everyVersionIsThere(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var engine = Engine()
        var model: [String: [Document]] = [:]
        for step in 0..<200 {
            let kind = [Document.Kind.layout, .importTemplate].randomElement(using: &random) ?? .layout
            let name = ["board", "Board", "BOARD", "Größe", "GRÖSSE", "x"].randomElement(using: &random) ?? "x"
            let key = "\(kind) \(CustomerTable.fold(name))"
            if Int.random(in: 0..<40, using: &random) == 0 {
                engine.save(document(name, kind), isDeleted: true)
                model[key] = nil
            } else {
                var saved = document(
                    name, kind, owner: ["", "ann"].randomElement(using: &random) ?? "",
                    of: random.bytes(Int.random(in: 0...5, using: &random)), isShared: Bool.random(using: &random))
                saved.savedAtMicros = Int64(step)
                let version = engine.save(saved).version
                #expect(version == (model[key]?.last?.version ?? 0) + 1)
                saved.version = version
                model[key, default: []].append(saved)
                if model[key, default: []].count > BoardLimits.documentVersions { model[key]?.removeFirst() }
            }
            if step % 20 == 19 { engine = try restarted(engine) }
            for (key, versions) in model {
                let kind: Document.Kind = key.hasPrefix("layout") ? .layout : .importTemplate
                let name = versions[0].name
                #expect(engine.document(kind, name) == versions.last, "seed \(seed), step \(step)")
                #expect(engine.documentVersions(kind, name.uppercased()) == versions.map(\.version))
                for version in versions {
                    #expect(engine.document(kind, name.lowercased(), version: version.version) == version)
                }
                // 0 is the newest.
                let before = versions[0].version - 1
                #expect(before == 0 || engine.document(kind, name, version: before) == nil)
            }
            for kind in [Document.Kind.layout, .importTemplate, .settings] {
                let newest = model.filter { $0.key.hasPrefix("\(kind)") }.compactMap(\.value.last)
                #expect(engine.documents(kind) == newest.sorted { $0.name < $1.name }, "seed \(seed), step \(step)")
            }
        }
    }

    /// As many versions as are kept, and one more.
    @Test func theOldestVersionsAreForgotten() throws {
        let engine = Engine()
        let limit = UInt32(BoardLimits.documentVersions)
        for number in 1...limit + 3 {
            engine.save(document("a", of: [UInt8(number)]))
            let first = number > limit ? number - limit + 1 : 1
            #expect(engine.documentVersions(.layout, "a") == Array(first...number))
        }
        #expect(try restarted(engine).document(.layout, "a", version: 4)?.contents == [4])
        engine.save(document("A"), isDeleted: true)
        #expect(engine.documentVersions(.layout, "a") == [] && engine.save(document("a")).version == 1)
    }

    /// Each save and deletion is something that is to be written down.
    @Test func everySaveCounts() {
        let engine = Engine()
        for isDeleted in [false, false, true, true] {
            let version = engine.customersVersion
            engine.save(document("a"), isDeleted: isDeleted)
            #expect(engine.customersVersion > version)
        }
    }

    /// Any bytes, and every one of them.
    @Test func bytesComeBack() throws {
        let engine = Engine()
        engine.save(document("all", of: (0...255).map { UInt8($0) }))
        engine.save(document("none", of: []))
        engine.save(document("shared", of: [0], isShared: true))
        engine.save(document("s", .importTemplate, owner: "", of: [255]))
        let after = try restarted(engine)
        for name in ["all", "none", "shared"] {
            let document = try #require(after.document(.layout, name))
            #expect(document == engine.document(.layout, name) && document.isShared == (name == "shared"))
        }
        #expect(after.document(.importTemplate, "s")?.contents == [255])
    }

    @Test func whatCannotBeSaved() {
        let engine = Engine()
        engine.save(document("there", owner: "ann"))
        engine.save(document("nobody's", owner: ""))
        let longest = String(repeating: "x", count: BoardLimits.nameBytes)
        let big = [UInt8](repeating: 1, count: BoardLimits.documentBytes)
        for (document, isGood) in [
            (document("there", owner: "ann"), true), (document("THERE", owner: "ann"), true),
            (document("there", owner: "ben"), false), (document("THERE", owner: ""), false),
            (document("nobody's", owner: "ann"), false), (document("nobody's", owner: ""), true),
            (document("there", .importTemplate, owner: "ben"), true), (document("other", owner: "ben"), true),
            (document(longest), true), (document(longest + "x"), false), (document(""), false),
            (document(" \u{A0}"), false), (document("a\u{7}"), false), (document("a\nb"), false), (document("é"), true),
            (document("b", of: big), true), (document("b", of: big + [1]), false),
        ] {
            #expect((engine.refusal(ofSaving: document) == nil) == isGood, "\(document.name) of \(document.owner)")
        }
        // Settings are the server's, whatever user saves them.
        engine.save(document("s", .settings, owner: "ann", of: []))
        #expect(engine.refusal(ofSaving: document("s", .settings, owner: "ben", of: [])) == nil)
    }

    @Test func thereAreSoManyAndNoMore() {
        let engine = Engine()
        for number in 0..<BoardLimits.documents - 1 { engine.state.documents.put(document("d\(number)")) }
        #expect(engine.refusal(ofSaving: document("one more")) == nil)
        engine.save(document("one more"))
        #expect(engine.refusal(ofSaving: document("and another")) != nil)
        #expect(engine.refusal(ofSaving: document("d0")) == nil, "a new version is none more")
        engine.save(document("d1"), isDeleted: true)
        #expect(engine.refusal(ofSaving: document("and another")) == nil)
    }
}
