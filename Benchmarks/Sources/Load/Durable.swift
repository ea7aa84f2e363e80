// What durability costs: changes that are answered when they are on the disk, beside the disk's own syncs in the same
// seconds, and snapshots of everything beside reads, changes and calls.

import Foundation
import Synchronization

struct Durable: Sendable {
    var address: String
    var port: UInt16
    var customers: Int
    /// On the server's disk.
    var directory: String
    /// The server's process.
    var process: Int

    func run() throws {
        try compareWithSync(rounds: 2_000)
        try fill()
        try saveBesideReads()
        try saveBesideChanges()
        try saveBesideCalls()
        // Last: the restart that follows has them in the journal alone.
        try many(count: 400_000)
    }

    /// One client, and the disk alone, by turns: whatever else the machine does meets both.
    private func compareWithSync(rounds: Int) throws {
        let path = directory + "/raw-sync"
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw SocketError("open \(path)") }
        defer {
            close(file)
            unlink(path)
        }
        // Like the journal's frames: sectors that are there are written over.
        let sector = [UInt8](repeating: 1, count: 512)
        for index in 0..<rounds { _ = pwrite(file, sector, sector.count, off_t(index * sector.count)) }
        fsync(file)
        let asker = try Asker(address: address, port: port)
        var (raw, acknowledged): ([Double], [Double]) = ([], [])
        for index in 0..<rounds {
            let began = Pipeline.now()
            _ = pwrite(file, sector, sector.count, off_t(index * sector.count))
            fdatasync(file)
            let middle = Pipeline.now()
            try asker.ask(Frames.create(20_000_000 + index..<20_000_001 + index))
            raw.append((middle - began) * 1_000)
            acknowledged.append((Pipeline.now() - middle) * 1_000)
        }
        raw.sort()
        acknowledged.sort()
        let (sync, ack) = (raw[rounds / 2], acknowledged[rounds / 2])
        print(
            String(
                format: "| one client's change, p50 (a sync of the disk alone: %.3f ms) | %.3f ms, x %.2f | x 2 |",
                sync, ack,
                ack / sync))
    }

    private func fill() throws {
        let asker = try Asker(address: address, port: port)
        for first in stride(from: 1, through: customers, by: 10_000) {
            try asker.ask(Frames.create(first..<min(first + 10_000, customers + 1)))
        }
    }

    private func many(count: Int) throws {
        let frames = (0..<count).map { Frames.create(10_000_000 + $0..<10_000_001 + $0) }
        let pipeline = Pipeline(connections: 4, inFlight: 64, seconds: 60, limit: count - 256, patience: 30_000)
        let result = try pipeline.run(frames, address: address, port: port)
        let errors = result.errors > 0 ? " (\(result.errors) errors)" : ""
        print("| durable changes, 256 in flight | \(Int(result.perSecond / 1e3)) k/s\(errors) | 100 k/s |")
    }

    /// Reads one after the other for a second, and as long as six snapshots follow each other.
    private func saveBesideReads() throws {
        let frame = Frames.metrics(customer: 17)
        let alone = try times(during: pause) { _ in frame }
        let took = Mutex(0.0)
        let beside = try times {
            let seconds = try (0..<6).map { _ in try snapshot() }.sorted()
            took.withLock { $0 = seconds[3] }
        } of: { _ in
            frame
        }
        let seconds = took.withLock { $0 }
        print(String(format: "| %d customers saved beside reads, median of 6 | %.2f s | 0.3 s |", customers, seconds))
        print(
            String(
                format: "| longest read meanwhile (without: %.2f ms) | %.2f ms | 1 ms |", alone.max() ?? 0,
                beside.max() ?? 0))
        for share in [0.99, 0.999] {
            print(
                String(
                    format: "| read p%g meanwhile (without: %.3f ms) | %.3f ms | |", share * 100,
                    quantile(share, alone), quantile(share, beside)))
        }
        let long = (alone: alone.count { $0 > 1 }, beside: beside.count { $0 > 1 })
        print(
            "| reads above 1 ms meanwhile (without: \(long.alone) of \(alone.count)) | "
                + "\(long.beside) of \(beside.count) | 0 |")
    }

    /// Durable changes of one client, and the memory that the snapshots of snapshots hold on to while customers change.
    private func saveBesideChanges() throws {
        func change(_ first: Int) -> (Int) -> [UInt8] { { Frames.create(first + $0..<first + $0 + 1) } }
        let alone = try times(during: pause, of: change(30_000_000))
        let before = try memoryBytes("VmRSS")
        // From here on the greatest is that of these snapshots.
        try "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)
        let beside = try times(during: sixSnapshots, of: change(40_000_000))
        let most = try memoryBytes("VmHWM")
        let (p99, p99Alone) = (quantile(0.99, beside), quantile(0.99, alone))
        print(
            String(
                format: "| one client's change, p99, beside snapshots (without: %.3f ms) | %.3f ms, x %.2f | x 2 |",
                p99Alone, p99, p99 / p99Alone))
        print(
            String(
                format: "| memory that a snapshot takes meanwhile, of %.0f MB | %.0f MB, %.0f %% | |",
                Double(before) / 1e6, Double(most - before) / 1e6, 100 * Double(most - before) / Double(before)))
    }

    /// Finished calls, one batch after the other; the restart that follows has to restore them all.
    private func saveBesideCalls() throws {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var random = Random(state: 20_261_126)
        let calls = (0..<64).map { _ in
            Frames.calls(4_096, customers: customers, now: Int64(time.tv_sec) * 1_000_000, random: &random)
        }
        var count = 0
        func perSecond(during other: @escaping @Sendable () throws -> Void) throws -> Double {
            let milliseconds = try times(during: other) { calls[$0 % calls.count] }
            count += milliseconds.count * 4_096
            return Double(milliseconds.count * 4_096) / milliseconds.reduce(0, +) * 1_000
        }
        let alone = try perSecond(during: pause)
        let beside = try perSecond { for _ in 0..<2 { _ = try snapshot() } }
        print(
            String(
                format: "| finished calls, one batch in flight, beside snapshots (without: %.1f M/s; %.1f M in all) | "
                    + "%.1f M/s, %.0f %% | 90 %% |",
                alone / 1e6, Double(count) / 1e6, beside / 1e6, 100 * beside / alone))
    }

    private func quantile(_ share: Double, _ times: [Double]) -> Double {
        times.isEmpty ? 0 : times.sorted()[Int(Double(times.count) * share)]
    }

    @Sendable private func pause() { Thread.sleep(forTimeInterval: 1) }

    @Sendable private func sixSnapshots() throws { for _ in 0..<6 { _ = try snapshot() } }

    private func snapshot() throws -> Double {
        let began = Pipeline.now()
        try Asker(address: address, port: port).ask(Frames.snapshot())
        return Pipeline.now() - began
    }

    /// As /proc tells it.
    private func memoryBytes(_ field: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") } ?? ""
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count > 1, let kibibytes = Int(words[1]) else {
            throw SocketError("no \(field) of process \(process)")
        }
        return kibibytes << 10
    }

    /// Milliseconds of requests, one after the other, as long as something else lasts.
    private func times(
        during other: @escaping @Sendable () throws -> Void, of frame: (Int) -> [UInt8]
    ) throws -> [Double] {
        let asker = try Asker(address: address, port: port)
        let done = DoneFlag()
        let worker = Thread {
            try? other()
            done.set()
        }
        worker.start()
        var times: [Double] = []
        while !done.isSet {
            let frame = frame(times.count)
            let began = Pipeline.now()
            try asker.ask(frame)
            times.append((Pipeline.now() - began) * 1_000)
        }
        return times
    }
}

/// A connection with one request in flight.
private final class Asker {
    private let socket: Socket
    private var answers = FrameCounter()
    private var memory = [UInt8](repeating: 0, count: 1 << 16)

    init(address: String, port: UInt16) throws { socket = try Socket(address: address, port: port) }

    func ask(_ frame: [UInt8]) throws {
        try frame.withUnsafeBytes { try socket.send($0) }
        var answered = 0
        while answered == 0 {
            answered = try memory.withUnsafeMutableBytes { memory in
                let count = try socket.receive(into: memory)
                return answers.take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
            }
        }
        guard answers.errors == 0 else { throw SocketError("the server refused a request") }
    }
}

private final class DoneFlag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
