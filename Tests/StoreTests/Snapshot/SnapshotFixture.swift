import Board
import Foundation
import Testing

@testable import Store

/// A directory of its own, gone with the object.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/busyhour-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var snapshots: SnapshotDirectory { SnapshotDirectory(path: path) }

    /// Names of the files, sorted.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    func bytes(_ file: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file))) }

    func write(_ bytes: [UInt8], to file: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: file)) }
}

extension SnapshotMark {
    static func sample(_ number: UInt64, kind: Kind = .board) -> SnapshotMark {
        SnapshotMark(
            kind: kind, number: number, lsn: number, engineMicros: 1_760_000_000_000_000, clusterHigh: .max,
            clusterLow: 2, writer: "busyhourd test")
    }
}

extension SavedProducer {
    static let samples = [
        SavedProducer(idHigh: .max, idLow: 1, epoch: 3, sequence: .max),
        SavedProducer(idHigh: 1, idLow: 2, epoch: 0, sequence: 77),
    ]
}
