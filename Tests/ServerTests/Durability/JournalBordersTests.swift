// A journal and a snapshot of customers, one of them damaged, at every place around the record that they have in
// common: what a start, a check and a repair make of them.

import Board
import Foundation
import Store
import Testing

@testable import Server

@Suite struct JournalBordersTests {
    /// A journal of some records of one frame each, the state after each of them, and its snapshots.
    private struct Fixture {
        /// By record; before the first: of an empty board.
        var states: [UInt64] = []
        var log: Data
        var name: String
        var cluster: ClusterID
        /// By record.
        var snapshots: [[SavedTable]] = []
        var last: UInt64 { UInt64(states.count - 1) }

        init(records: Int) throws {
            let server = try SimulatedServer(segmentBytes: 64 << 10)
            defer { server.stop() }
            let client = try server.connect()
            let engine = server.host.engine
            func note() {
                let snapshot = engine.snapshot()
                states.append(snapshot.stateHash())
                snapshots.append(snapshot.tables())
            }
            let folder = server.directory + "/journal"
            (log, name, cluster) = (Data(), "", ClusterID(high: 0, low: 0))
            note()
            for _ in 0..<records {
                try client.create(1, from: states.count)
                server.becomeDurable()
                note()
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".log") }
            name = try #require(files.count == 1 ? files.first : nil)
            log = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            cluster = try #require(JournalSurvey(directory: folder, disk: POSIXDisk()).cluster)
        }

        /// A data directory with the journal and a snapshot.
        func write(snapshot number: Int, as name: UInt64? = nil) throws -> (path: String, snapshot: String) {
            let path = temporaryDirectory()
            try FileManager.default.createDirectory(atPath: path + "/journal", withIntermediateDirectories: true)
            try log.write(to: URL(fileURLWithPath: path + "/journal/" + self.name))
            let lsn = name ?? UInt64(number)
            let mark = SnapshotMark(
                kind: .board, number: lsn, lsn: lsn, engineMicros: SimulatedServer.noon, clusterHigh: cluster.high,
                clusterLow: cluster.low, writer: "test")
            let receipt = try SnapshotDirectory(path: path).write(snapshots[number], mark: mark)
            return (path, receipt.path)
        }
    }

    /// The state that a server starts with; nil: it does not.
    private func start(_ path: String) -> UInt64? {
        let (engine, logger) = (Engine(), silentLogger())
        let restored = try? RestoredState.read(
            SnapshotDirectory(path: path), JournalConfiguration(), into: engine,
            progress: RestoreProgress(logger: logger), logger: logger)
        return restored == nil ? nil : engine.snapshot().stateHash()
    }

    private static func damage(_ file: String, at offset: Int) throws {
        let url = URL(fileURLWithPath: file)
        var data = try Data(contentsOf: url)
        data[offset] ^= 1
        try data.write(to: url)
    }

    /// The journal replaces a damaged snapshot if it has everything that the snapshot had, to the very last record.
    @Test func aJournalReplacesADamagedSnapshot() throws {
        let fixture = try Fixture(records: 4)
        for number in 1...fixture.last + 2 {
            let (path, snapshot) = try fixture.write(snapshot: Int(min(number, fixture.last)), as: number)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let size = try Data(contentsOf: URL(fileURLWithPath: snapshot)).count
            try Self.damage(snapshot, at: size / 2)
            let inspection = try DataInspection(path: path)
            let isEnough = number <= fixture.last
            #expect(inspection.faults.contains { $0.contains(snapshot) }, "\(number)")
            #expect((inspection.refusal == nil) == isEnough, "\(number): \(inspection.faults)")
            #expect(start(path) == (isEnough ? fixture.states.last : nil), "\(number)")
        }
    }

    /// Damage in a record that the snapshot has costs nothing, and the very next one is lost with all behind it.
    @Test func aRepairKeepsWhatTheSnapshotHas() throws {
        let fixture = try Fixture(records: 6)
        let frames = stride(from: 512, to: fixture.log.count, by: 512).filter {
            fixture.log[$0..<$0 + 4] == Data("Bfrm".utf8)
        }
        // The mark behind the last frame looks like one.
        #expect(frames.count == Int(fixture.last) + 1)
        for snapshot in 1..<Int(fixture.last) {
            for damaged in 1..<Int(fixture.last) {
                let label: Comment = "snapshot of \(snapshot), record \(damaged) is damaged"
                let (path, _) = try fixture.write(snapshot: snapshot)
                defer { try? FileManager.default.removeItem(atPath: path) }
                try Self.damage(path + "/journal/" + fixture.name, at: frames[damaged - 1] + 100)
                #expect(try !DataInspection(path: path).faults.isEmpty, label)
                let lines = try DataRepair(path: path).lines
                let isLost = damaged > snapshot
                let left = isLost ? damaged - 1 : Int(fixture.last)
                #expect(start(path) == fixture.states[left], label)
                let lost = "lost: the changes of the records from \(left + 1) to \(fixture.last) at least"
                #expect(lines.contains(lost) == isLost, "\(label): \(lines)")
                #expect(lines.contains { $0.hasPrefix("kept: all changes up to record \(left);") } != isLost, label)
                #expect(try DataInspection(path: path).faults == [], label)
            }
        }
    }

    /// Files of another server are none of this one's.
    @Test func customersOfAnotherServerAreRefused() throws {
        var fixture = try Fixture(records: 2)
        #expect(try start(fixture.write(snapshot: 1).path) == fixture.states.last)
        fixture.cluster.low ^= 1
        #expect(try start(fixture.write(snapshot: 1).path) == nil)
    }
}
