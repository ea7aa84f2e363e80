// `feed cdr --follow`: reads what is added to a file, and keeps on disk how far the server has counted it, so that a
// later run goes on there. What was sent and not yet noted is sent again; the server knows those calls by their keys.

import Feeds
import Foundation

struct CDRFollower {
    private let positionPath: String
    private var reader: CDRReader
    private var tail: CDRTail
    private var sender: CDRSender
    private var buffer = [UInt8](repeating: 0, count: Limits.readOctets)
    private var saved: CDRTail.Position?
    /// Octets read since the position was noted.
    private var unsavedOctets = 0

    /// - Parameters:
    ///   - path: the file; it need not be there yet.
    ///   - positionPath: where a former run noted its position and this one notes its own.
    init(path: String, positionPath: String, reader: CDRReader, sender: CDRSender) {
        self.positionPath = positionPath
        self.reader = reader
        self.sender = sender
        tail = CDRTail(path: path, from: CDRTail.Position.load(positionPath))
        if let resumed = tail.resumed { self.reader.resume(resumed) }
    }

    /// Until `isStopped`; then what was read is sent and the position noted.
    /// - Parameter pause: lets time pass when nothing is new.
    mutating func run(isStopped: () -> Bool, pause: () async throws -> Void) async throws -> FeedSummary {
        while !isStopped() {
            let step = try buffer.withUnsafeMutableBytes { octets throws(CDRTailError) in try tail.poll(into: octets) }
            switch step {
            case .octets(let count):
                buffer.withUnsafeBytes { reader.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                unsavedOctets += count
                let isDue = unsavedOctets >= Limits.octetsBetweenPositions
                try await sender.send(&reader, isAll: isDue)
                if isDue { try await savePosition() }
            case .nextFile:
                reader.finish(atEnd: true)
                try await sender.send(&reader, isAll: true)
                reader.beginFile()
            case .idle:
                reader.finish(atEnd: false)
                try await sender.send(&reader, isAll: true)
                try await savePosition()
                try await pause()
            }
        }
        // Calls held back for further rows are given out by the second.
        for _ in 0..<2 { reader.finish(atEnd: false) }
        try await sender.send(&reader, isAll: true)
        try await savePosition()
        return try await sender.finish()
    }

    /// Notes the position once everything before it is counted, if it is another than noted last.
    private mutating func savePosition() async throws {
        unsavedOctets = 0
        guard let position = tail.position(reader.state), position != saved else { return }
        try await sender.settle()
        try position.save(positionPath)
        saved = position
    }

    /// In `$XDG_STATE_HOME/busyhour`, by a hash of the file's absolute path.
    /// - Throws: `Refusal` when there can be no such directory.
    static func standardPosition(of path: String, environment: [String: String]) throws(Refusal) -> String {
        func directory(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let state = directory("XDG_STATE_HOME") ?? directory("HOME").map({ $0 + "/.local/state" }) else {
            throw Refusal("there is no home directory for the position; give --position FILE")
        }
        let folder = state + "/busyhour"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Refusal("\(folder) cannot be made; give --position FILE")
        }
        // FNV-1a, 64 bits: the position itself says whether it is of this file.
        let hash = URL(fileURLWithPath: path).standardizedFileURL.path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
        }
        return "\(folder)/cdr-\(String(hash, radix: 16)).json"
    }
}
