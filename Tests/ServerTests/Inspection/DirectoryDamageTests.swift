// One bit of one byte of a whole data directory is another: a start gives the right state or refuses, and a check that
// finds nothing is right.

import Board
import Foundation
import Logging
import Randomness
import Store
import Testing

@testable import Server

@Suite struct DirectoryDamageTests {
    /// Every byte in the long run: SWEEP=1. In the short one every so many, from another one each time.
    private static let step = ProcessInfo.processInfo.environment["SWEEP"].flatMap { Int($0) } ?? 509

    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/data/1")

    private struct State: Equatable {
        var customers: UInt64
        /// Nil: the statistics began from scratch, and the log said so.
        var statisticsMicros: Int64?
    }

    /// What a server would start with.
    private static func start(_ path: String) throws -> State {
        let directory = try DataDirectory(path: path)
        defer { directory.unlock() }
        _ = try directory.hashSeed()
        let engine = Engine()
        let logger = silentLogger()
        let (restored, _) = try RestoredState.read(
            SnapshotDirectory(path: path), JournalConfiguration(), into: engine,
            progress: RestoreProgress(logger: logger), logger: logger)
        return State(
            customers: engine.snapshot().stateHash(),
            statisticsMicros: restored.statisticsMicros == 0 ? nil : restored.statisticsMicros)
    }

    private static func copy(to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: golden.path, toPath: path)
    }

    @Test(arguments: Seeds.few()) func oneBitGivesTheRightStateOrARefusal(seed: UInt64) throws {
        let path = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Self.copy(to: path)
        let right = try Self.start(path)
        #expect(right.statisticsMicros != nil)
        var random = SeededGenerator(seed: seed)
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.golden.path)
            .filter { $0.hasSuffix(".db") || $0.hasSuffix(".log") || $0 == "hash-key" }
        #expect(files.count >= 6)
        var (refused, found) = (0, 0)
        for file in files {
            let bytes = try Data(contentsOf: Self.golden.appendingPathComponent(file))
            let first = Int.random(in: 0..<min(Self.step, bytes.count), using: &random)
            for offset in stride(from: first, to: bytes.count, by: Self.step) {
                try Self.copy(to: path)
                var damaged = bytes
                damaged[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try damaged.write(to: URL(fileURLWithPath: path).appendingPathComponent(file))
                let place = Comment("seed \(seed), \(file), byte \(offset)")
                let inspection = try DataInspection(path: path)
                if !inspection.faults.isEmpty {
                    found += 1
                    #expect(inspection.faults.contains { $0.contains(file) || $0.contains("journal") }, place)
                }
                do {
                    let state = try Self.start(path)
                    #expect(state.customers == right.customers, place)
                    // Statistics may be those before, or none, but never without a word.
                    if state.statisticsMicros != right.statisticsMicros {
                        #expect(!inspection.faults.isEmpty, place)
                    }
                } catch {
                    refused += 1
                    #expect(!inspection.faults.isEmpty, place)
                }
            }
        }
        #expect(refused > 0 && found > refused, "seed \(seed)")
    }
}
