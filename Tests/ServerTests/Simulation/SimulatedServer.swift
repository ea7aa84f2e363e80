// A server within the test's thread: without sockets, with the test's time, and with a disk that stands when told to.
// The threads of the journal, of large boards and of snapshots are the real ones.

import Board
import Feeds
import Foundation
import NIOCore
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import Server
@testable import Store

final class SimulatedServer {
    /// 2025-01-01 12:00:00 UTC.
    static let noon: Int64 = 1_735_732_800_000_000

    let loop = ManualLoop()
    let disk = StandingDisk()
    let directory: String
    let host: EngineHost

    /// - Parameters:
    ///   - customersAtOnce: 0: boards are answered by their thread.
    ///   - segmentBytes: a quarter of it may wait for the disk.
    init(
        customersAtOnce: Int = 1_000_000, segmentBytes: Int = 1 << 20, directory: String = temporaryDirectory()
    ) throws {
        self.directory = directory
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let (engine, logger) = (Engine(), silentLogger())
        let snapshots = SnapshotDirectory(path: directory)
        var configuration = JournalConfiguration()
        configuration.segmentBytes = segmentBytes
        var (restored, first) = try RestoredState.read(
            snapshots, configuration, into: engine, progress: RestoreProgress(logger: logger), logger: logger)
        // The same journal, on the disk that stands.
        try first.close()
        let (journal, _) = try Journal.open(
            directory: directory + "/journal", disk: disk, configuration: configuration, after: restored.customersLSN,
            cluster: restored.cluster, apply: { _ in })
        host = EngineHost(
            engine, customersAtOnce: customersAtOnce, hashSeed: HashSeed(first: 1, second: 2), loop: loop,
            now: { Self.noon })
        host.keep(in: snapshots, restored, journal, logger: logger, diskFailed: { Issue.record("\($0)") })
    }

    func connect() throws -> SimulatedClient { try SimulatedClient(self) }

    /// Runs until everything submitted is durable.
    func becomeDurable() { #expect(loop.run { host.journal?.isDurable ?? true }) }

    /// Saves, ends the threads and removes the files.
    func stop(keepsFiles: Bool = false) {
        disk.goOn()
        let isDone = Atomic(false)
        host.finishSaving().whenComplete { _ in isDone.store(true, ordering: .releasing) }
        #expect(loop.run { isDone.load(ordering: .acquiring) })
        if !keepsFiles { try? FileManager.default.removeItem(atPath: directory) }
    }
}

/// A program's connection to a simulated server.
final class SimulatedClient {
    let channel: SimulatedChannel
    private let server: SimulatedServer
    private var input: [UInt8] = []

    init(_ server: SimulatedServer) throws {
        self.server = server
        channel = SimulatedChannel(server.loop)
        try channel.pipeline.syncOperations.addHandler(RPCConnection(host: server.host))
    }

    /// Sends bytes, and lets the server do what it can do by itself.
    func send(_ bytes: [UInt8]) {
        channel.receive(bytes)
        server.loop.run()
    }

    /// The whole frames that have come since the last time.
    func received() -> [RawFrame] {
        input += channel.takeSent()
        var frames: [RawFrame] = []
        while input.count >= 12 {
            func number(_ range: Range<Int>) -> UInt32 {
                input[range].reversed().reduce(0) { $0 << 8 | UInt32($1) }
            }
            let end = 12 + Int(number(0..<4))
            guard input.count >= end else { break }
            frames.append(
                RawFrame(
                    method: UInt16(number(4..<6)), kind: input[6], id: number(8..<12), payload: Array(input[12..<end])))
            input.removeFirst(end)
        }
        return frames
    }

    /// The next frames, so many of them.
    func frames(_ count: Int) -> [RawFrame] {
        var frames: [RawFrame] = []
        let isDone = server.loop.run {
            frames += received()
            return frames.count >= count
        }
        #expect(isDone, "\(frames.count) of \(count) answers")
        return frames
    }

    /// Sends a message and reads the answer to it.
    func call<Response: Message>(_ method: Wire.Method, _ message: some Message, _: Response.Type) throws -> Response {
        send(rawFrame(method.rawValue, id: 1, payload: try message.serializedBytes()))
        let answer = try #require(frames(1).first)
        if let error = answer.error { throw error }
        return try Response(serializedBytes: answer.payload)
    }

    /// Creates customers `a0`, `a1`, ... with so many characters of notes.
    func create(_ count: Int, from first: Int = 0, notes: Int = 0) throws {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = (first..<first + count).map { number in
            .with {
                ($0.name, $0.currency) = ("a\(number)", "EUR")
                $0.notes = String(repeating: "x", count: notes)
            }
        }
        let ids = try call(.createCustomers, request, Busyhour_V1_CreateCustomersResponse.self).ids
        #expect(ids.count == count)
    }
}
