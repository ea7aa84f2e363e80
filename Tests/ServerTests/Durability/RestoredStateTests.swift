// What a start makes of files that are whole and cannot be taken over.

import Board
import Columnar
import Foundation
import Logging
import Store
import Testing

@testable import Server

@Suite struct RestoredStateTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/data/1")

    /// The newest statistics verify, and the engine refuses them: those before are taken, and none is thrown away.
    @Test func statisticsThatTheEngineRefusesGiveWayToOlderOnes() throws {
        let path = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.copyItem(atPath: Self.golden.path, toPath: path)
        let directory = SnapshotDirectory(path: path)
        let newest = try #require(try directory.newest(.statistics))
        var mark = newest.mark
        mark.number += 1
        mark.engineMicros += 1
        var tables = newest.tables
        let stretches = try #require(tables.firstIndex { $0.name == "stretches" })
        let starts = try #require(tables[stretches].columns.firstIndex { $0.name == "first_second" })
        let rows = tables[stretches].rowCount
        // All are seconds of the ring, which began in 1970 for none of them.
        var (kinds, first) = (Column<UInt8>(), Column<Int64>())
        for _ in 0..<rows {
            kinds.append(0)
            first.append(1)
        }
        tables[stretches].columns[0].values = .unsigned8(kinds)
        tables[stretches].columns[starts].values = .signed64(first)
        _ = try directory.write(tables, mark: mark)

        let engine = Engine()
        let logger = silentLogger()
        let (restored, _) = try RestoredState.read(
            directory, JournalConfiguration(), into: engine, progress: RestoreProgress(logger: logger), logger: logger)
        #expect(restored.statisticsMicros == newest.mark.engineMicros)
        #expect(engine.nowMicros == newest.mark.engineMicros)
        // The next file has a number of its own.
        #expect(restored.statisticsNumber == mark.number)
        #expect(FileManager.default.fileExists(atPath: path + "/" + mark.fileName + ".bad"))
    }

    /// Statistics of another server, whole as they are, are no newer ones of this.
    @Test(arguments: [(0, 0), (1, 0), (0, 1)] as [(UInt64, UInt64)])
    func statisticsOfAnotherServerAreNotTaken(high: UInt64, low: UInt64) throws {
        let path = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.copyItem(atPath: Self.golden.path, toPath: path)
        let directory = SnapshotDirectory(path: path)
        let newest = try #require(try directory.newest(.statistics))
        var mark = newest.mark
        mark.number += 1
        mark.engineMicros += 1
        (mark.clusterHigh, mark.clusterLow) = (mark.clusterHigh ^ high, mark.clusterLow ^ low)
        _ = try directory.write(newest.tables, mark: mark)
        let (engine, logger) = (Engine(), silentLogger())
        let (restored, _) = try RestoredState.read(
            directory, JournalConfiguration(), into: engine, progress: RestoreProgress(logger: logger), logger: logger)
        let isOurs = high | low == 0
        #expect(restored.statisticsMicros == (isOurs ? mark.engineMicros : newest.mark.engineMicros))
        #expect(FileManager.default.fileExists(atPath: path + "/" + mark.fileName + ".bad") == !isOurs)
    }
}
