// Saving and loading customers: how long, how many bytes.
//   Snapshot DIR [RUNS]        the columns in DIR (see `SavedColumns`), as other engines are measured on them
//   Snapshot --customers N     an engine with N customers: the snapshot, the file, and the engine back
//   Snapshot --calls N         an engine with N calls of the last hour: the snapshot of the statistics, and back
// Prints JSON, seconds and bytes, medians of five runs.

import Board
import Foundation
import Store

@main
enum SnapshotBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let directory = FileManager.default.temporaryDirectory.path + "/busyhour-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let snapshots = SnapshotDirectory(path: directory)
        if arguments.first == "--customers", let count = arguments.dropFirst().first.flatMap({ Int($0) }) {
            try measureEngine(snapshots, customers: count)
        } else if arguments.first == "--calls", let count = arguments.dropFirst().first.flatMap({ Int($0) }) {
            try measureStatistics(snapshots, calls: count)
        } else if let columns = arguments.first {
            try measureColumns(snapshots, columns, runs: arguments.dropFirst().first.flatMap { Int($0) } ?? 5)
        } else {
            print("give a directory of columns, --customers N or --calls N")
        }
    }

    static func measureColumns(_ snapshots: SnapshotDirectory, _ path: String, runs: Int) throws {
        let tables = try SavedColumns.read(path)
        var result = Result()
        for run in 1...runs {
            let (receipt, save) = try timed { try snapshots.write(tables, mark: mark(run)) }
            let (newest, load) = try timed { try snapshots.newest(.board) }
            precondition(newest?.rootHash == receipt.rootHash)
            result.add("save", save)
            result.add("load", load)
            result.add("bytes", Double(receipt.byteCount))
        }
        result.print()
    }

    static func measureEngine(_ snapshots: SnapshotDirectory, customers: Int) throws {
        let engine = SampleEngine.make(customers: customers)
        var result = Result()
        for run in 1...5 {
            let (snapshot, taken) = timed { engine.snapshot() }
            let (hash, hashed) = timed { snapshot.stateHash() }
            let (receipt, save) = try timed { try snapshots.write(snapshot.tables(), mark: mark(run)) }
            let (newest, load) = try timed { try snapshots.newest(.board) }
            let restored = Engine()
            let (_, restore) = try timed { try restored.restore(newest?.tables ?? []) }
            precondition(restored.snapshot().stateHash() == hash, "what came back is not what was saved")
            for (name, value) in [
                ("snapshot", taken), ("state_hash", hashed), ("save", save), ("load", load), ("restore", restore),
                ("bytes", Double(receipt.byteCount)),
            ] { result.add(name, value) }
        }
        result.print()
    }

    static func measureStatistics(_ snapshots: SnapshotDirectory, calls: Int) throws {
        let engine = SampleEngine.make(customers: 100_000)
        let now = SampleEngine.feed(engine, calls: calls)
        var result = Result()
        for run in 1...5 {
            let (snapshot, taken) = timed { engine.statistics(now: now) }
            let (tables, made) = timed { snapshot.tables() }
            let (receipt, save) = try timed { try snapshots.write(tables, mark: mark(run)) }
            let (newest, load) = try timed { try snapshots.newest(.board) }
            let restored = Engine()
            try restored.restore(engine.snapshot().tables())
            let (_, restore) = try timed { try restored.restoreStatistics(newest?.tables ?? []) }
            let figures = [engine, restored].map { $0.figures(customerID: 1, window: .oneHour, now: now) }
            precondition("\(String(describing: figures[0]))" == "\(String(describing: figures[1]))")
            for (name, value) in [
                ("snapshot", taken), ("tables", made), ("save", save), ("load", load), ("restore", restore),
                ("bytes", Double(receipt.byteCount)),
            ] { result.add(name, value) }
        }
        result.print()
    }

    private static func mark(_ run: Int) -> SnapshotMark {
        SnapshotMark(
            kind: .board, number: UInt64(run), lsn: 0, engineMicros: 0, clusterHigh: 0, clusterLow: 0,
            writer: "benchmark")
    }

    private static func timed<R>(_ body: () throws -> R) rethrows -> (R, Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try body()
        return (result, (clock.now - start) / .seconds(1))
    }
}

/// Medians by name, in the order of their first appearance.
struct Result {
    private var names: [String] = []
    private var values: [String: [Double]] = [:]

    mutating func add(_ name: String, _ value: Double) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(value)
    }

    func print() {
        let fields = names.map { name in
            let sorted = (values[name] ?? []).sorted()
            return "\"\(name)\": \(sorted[sorted.count / 2])"
        }
        Swift.print("{\(fields.joined(separator: ", "))}")
    }
}
