// `feed cdr --follow`: reads what is added to a file, and keeps on disk how far the server has counted it, so that a later
// run goes on there. What was sent and not yet noted is sent again; the server knows those calls by their keys.

import Client
import Feeds
import Foundation
import Synchronization

struct CDRFollower {
    let path: String
    let positionPath: String
    let makeReader: () throws -> CDRReader
    /// How often the file is looked at when nothing is new.
    var interval = Duration.milliseconds(200)

    /// Until SIGINT or SIGTERM.
    func run(_ client: Client) async throws -> FeedSummary {
        StopFlag.install()
        var reader = try makeReader()
        var tail = CDRTail(path: path, from: CDRTail.Position.load(positionPath))
        if let resumed = tail.resumed { reader.resume(resumed) }
        var sender = CDRSender(client: client)
        var buffer = [UInt8](repeating: 0, count: Limits.readOctets)
        var saved: CDRTail.Position?
        while !StopFlag.isSet {
            let step = try buffer.withUnsafeMutableBytes { try tail.poll(into: $0) }
            switch step {
            case .octets(let count):
                buffer.withUnsafeBytes { reader.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                try await sender.send(&reader)
            case .nextFile:
                reader.finish(atEnd: true)
                try await sender.send(&reader)
                reader.beginFile()
            case .idle:
                reader.finish(atEnd: false)
                try await sender.send(&reader)
                try await save(tail, reader, &sender, &saved)
                try await Task.sleep(for: interval)
            }
        }
        reader.finish(atEnd: false)
        try await sender.send(&reader)
        try await save(tail, reader, &sender, &saved)
        return try await sender.finish()
    }

    /// Notes the position once everything before it is counted, if it is another than noted last.
    private func save(
        _ tail: CDRTail, _ reader: CDRReader, _ sender: inout CDRSender, _ saved: inout CDRTail.Position?
    ) async throws {
        guard let position = tail.position(reader.state), position != saved else { return }
        try await sender.settle()
        try position.save(positionPath)
        saved = position
    }

    /// In `$XDG_STATE_HOME/busyhour`, by a hash of the file's absolute path.
    static func standardPosition(of path: String) -> String {
        let environment = ProcessInfo.processInfo.environment
        let home =
            environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? (environment["HOME"] ?? "/tmp") + "/.local/state"
        let folder = home + "/busyhour"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // FNV-1a, 64 bits: a file name needs no more.
        let hash = URL(fileURLWithPath: path).standardizedFileURL.path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
        }
        return "\(folder)/cdr-\(String(hash, radix: 16)).json"
    }
}

/// Set by SIGINT and SIGTERM, which from then on do not end the process.
private enum StopFlag {
    private static let stopped = Atomic(false)

    static func install() {
        // A handler may do no more than this: store to an atomic.
        for number in [SIGINT, SIGTERM] { signal(number) { _ in StopFlag.stopped.store(true, ordering: .relaxed) } }
    }

    static var isSet: Bool { stopped.load(ordering: .relaxed) }
}
