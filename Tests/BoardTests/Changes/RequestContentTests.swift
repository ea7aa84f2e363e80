import Columnar
import Randomness
import Testing

@testable import Board

/// Results by key, with what was asked for: as long as they are kept, and in files.
@Suite struct RequestContentTests {
    private func key(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(number).bigEndian) { [UInt8](repeating: 7, count: 8) + Array($0) }
    }

    /// Against all hashes of all parts.
    @Test(arguments: Seeds.of(3)) func partsAreKnownAgain(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let limit = BoardLimits.hashedParts
        for count in [1, 2, 3, limit - 1, limit, limit + 1, limit + 2, 3 * limit] {
            let hashes = (0..<count).map { _ in random.next() }
            var content = RequestContent()
            #expect(!content.isKnown)
            for hash in hashes { content.append(hash) }
            #expect(content.isKnown)
            for part in 0..<count {
                #expect(content.has(part: part, hash: hashes[part]), "seed \(seed): \(part) of \(count)")
                let isCompared = part < limit || part == count - 1
                #expect(
                    content.has(part: part, hash: hashes[part] ^ 1) == !isCompared, "seed \(seed): \(part) of \(count)")
            }
            #expect(!content.has(part: count, hash: hashes[0]) && !content.has(part: -1, hash: hashes[0]))
            var writer = FieldWriter()
            writer.append(content)
            let (read, isWhole) = try writer.bytes.withBytes { bytes throws in
                var reader = FieldReader(bytes)
                return (try RequestContent(&reader), reader.isAtEnd)
            }
            #expect(read == content && isWhole)
        }
    }

    @Test(arguments: Seeds.fixed(4)) func anyBytesAreRefusedOrAContent(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            var bytes = random.bytes(Int.random(in: 0...40, using: &random))
            if bytes.count > 1, Bool.random(using: &random) { bytes.replaceSubrange(0..<2, with: [2, 2]) }
            bytes.withBytes { bytes in
                var reader = FieldReader(bytes)
                if let content = try? RequestContent(&reader) { _ = content.has(part: content.partCount - 1, hash: 1) }
                reader = FieldReader(bytes)
                _ = try? ChangeNote(&reader)
            }
        }
    }

    /// The oldest key is forgotten with the next after the last that there is room for, also of an engine that was
    /// restored.
    @Test func keysAreKeptUpToALimit() throws {
        let engine = Engine()
        for number in 0..<BoardLimits.idempotentResults {
            engine.state.idempotent[key(number)] = KeyedResult(
                .changed(ChangeResult(number: UInt32(number + 1), matched: 1, changed: 1)),
                number % 5 == 4 ? RequestContent() : RequestContent(UInt64(number)))
        }
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
        for engine in [engine, restored] {
            #expect(engine.conflict(ofKey: key(0), hash: 0) == nil)
            #expect(engine.conflict(ofKey: key(0), hash: 1)?.details["change"] == "1")
            #expect(engine.conflict(ofKey: key(4), hash: 99) == nil, "what it asked for is not known")
            #expect(engine.conflict(ofKey: [], hash: 1) == nil)
            let next = BoardLimits.idempotentResults
            engine.state.idempotent[key(next)] = KeyedResult(.changed(ChangeResult()), RequestContent(5))
            #expect(engine.conflict(ofKey: key(0), hash: 1) == nil && engine.result(ofKey: key(0)) == nil)
            #expect(engine.conflict(ofKey: key(1), hash: 9) != nil && engine.conflict(ofKey: key(next), hash: 6) != nil)
        }
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
    }

    /// Files of before have no hashes: every repetition gets the first result.
    @Test func filesOfBeforeHaveNone() throws {
        let engine = makeEngine(customers: 1)
        engine.state.idempotent[key(1)] = KeyedResult(.changed(ChangeResult(number: 1)), RequestContent(5))
        var tables = engine.snapshot().tables().filter { $0.id != SavedTableID.resultContents.rawValue }
        let results = try #require(tables.firstIndex { $0.id == SavedTableID.results.rawValue })
        tables[results].columns.removeAll { $0.id == 7 }
        let changes = try #require(tables.firstIndex { $0.id == SavedTableID.changes.rawValue })
        tables[changes].columns.removeAll { $0.id == 11 }
        let restored = Engine()
        try restored.restore(tables)
        #expect(restored.conflict(ofKey: key(1), hash: 6) == nil && restored.result(ofKey: key(1))?.number == 1)
        // More parts than hashes.
        tables = engine.snapshot().tables()
        let contents = try #require(tables.firstIndex { $0.id == SavedTableID.resultContents.rawValue })
        tables[contents].columns[0].values = .signed64(Column())
        #expect(throws: RestoreError.self) { try Engine().restore(tables) }
    }
}
