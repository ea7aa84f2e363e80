// `feed cdr --follow`: reads what is added to a file, and saves up to where it is durable on the server, so that a
// later run continues there. What was counted since is known to the server by its numbers.

import Feeds
import Foundation

struct CDRFollower {
    private let positionPath: String
    private var reader: CDRReader
    private var tail: CDRTail
    private var sender: CDRSender
    private var buffer = [UInt8](repeating: 0, count: Limits.readBytes)
    /// As saved on the disk.
    private var state: FollowState
    /// Positions before which everything was sent, with the last number before each, oldest first.
    private var places: [(number: UInt64, position: CDRTail.Position)] = []
    private var pausesSinceLook = 0
    /// Nothing was read of the file, in this run or a former one.
    private var isAtBeginning: Bool

    private var link: ProducerLink { sender.link }

    /// - Parameters:
    ///   - path: the file; it need not exist yet.
    ///   - positionPath: where `state` was saved and later ones will be.
    ///   - state: of the former run, with the link's epoch.
    ///   - link: open.
    ///   - isCostsOnly: the server is to take the costs and nothing else.
    ///   - showError: shows a line about a row.
    init(
        path: String, positionPath: String, state: FollowState, reader: CDRReader, link: ProducerLink,
        isCostsOnly: Bool = false, showError: @escaping (String) throws -> Void
    ) {
        self.positionPath = positionPath
        self.reader = reader
        self.state = state
        isAtBeginning = state.position == nil
        tail = CDRTail(path: path, from: state.position)
        var base = state.base
        if let resumed = tail.resumed {
            self.reader.resume(resumed)
        } else if state.position != nil {
            // The file of the position is gone: the current one has numbers after all that were counted.
            base = max(state.counted, link.applied)
            self.state.position = nil
            isAtBeginning = true
        }
        self.state.base = base
        sender = CDRSender(link, base: base, isCostsOnly: isCostsOnly, showError: showError)
    }

    /// Runs until `isStopped`; then what was read is sent, and the position saved once it is durable.
    /// - Parameter pause: waits while nothing is new.
    mutating func run(isStopped: () -> Bool, pause: () async throws -> Void) async throws -> FeedSummary {
        while !isStopped() {
            let step = try buffer.withUnsafeMutableBytes { bytes throws(CDRTailError) in try tail.poll(into: bytes) }
            switch step {
            case .bytes(let count):
                try noteBeginning()
                buffer.withUnsafeBytes { reader.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                try await sender.send(&reader, isAll: false)
            case .nextFile: try await endFile()
            case .idle:
                reader.finish(atEnd: false)
                try await sender.send(&reader, isAll: true)
                notePlace()
                try await poll()
                try savePosition()
                try await pause()
            }
        }
        // The second emits calls held for further rows.
        for _ in 0..<2 { reader.finish(atEnd: false) }
        try await sender.send(&reader, isAll: true)
        notePlace()
        let summary = try await sender.finish()
        _ = try await link.becomeSafe()
        try savePosition()
        return summary
    }

    /// Saves which file the numbers belong to, before the first of them is sent. (Not earlier: an empty file has
    /// nothing by which it could be recognized.)
    private mutating func noteBeginning() throws {
        guard isAtBeginning else { return }
        isAtBeginning = false
        notePlace()
        try savePosition()
    }

    /// A file that is over is left once all of it is durable, so that no later run has to find it.
    private mutating func endFile() async throws {
        reader.finish(atEnd: true)
        try await sender.send(&reader, isAll: true)
        _ = try await link.becomeSafe()
        sender.endFile(reader)
        reader.beginFile()
        places = []
        state.base = sender.base
        state.position = nil
        isAtBeginning = true
    }

    private mutating func notePlace() {
        guard !isAtBeginning, let position = tail.position(reader.state), position != places.last?.position,
            position != state.position
        else { return }
        places.append((link.sent, position))
    }

    /// Asks periodically for the server's progress, as long as that matters.
    private mutating func poll() async throws {
        guard !places.isEmpty else { return }
        try await link.settle()
        pausesSinceLook += 1
        guard pausesSinceLook >= Limits.followPausesPerLook, link.safe < link.sent else { return }
        pausesSinceLook = 0
        try await link.poll(save: false)
    }

    /// Saves the last position before which everything is durable.
    private mutating func savePosition() throws {
        guard let index = places.lastIndex(where: { $0.number <= link.safe }) else { return }
        state.position = places[index].position
        state.epoch = link.epoch
        places.removeFirst(index + 1)
        try state.save(positionPath)
    }

    /// In `$XDG_STATE_HOME/busyhour`, by a hash of the file's absolute path.
    /// - Throws: `Refusal` if there can be no such directory.
    static func standardPosition(of path: String, environment: [String: String]) throws(Refusal) -> String {
        guard let folder = StateFolder.path(environment) else {
            throw Refusal("there is no folder for the position; give --position FILE")
        }
        var hash = StableHash()
        hash.add(StateFolder.absolute(path).utf8)
        return "\(folder)/cdr-\(hash.text).json"
    }
}
