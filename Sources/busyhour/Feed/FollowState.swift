// The state of a followed file between two runs: the feed's producer, and the offset before which everything is
// durable.

import CallEvents
import Feeds
import Foundation

struct FollowState: Codable, Equatable {
    /// 32 hexadecimal digits.
    var producer: String
    /// The epoch of the feed's last life.
    var epoch: UInt64
    /// Numbers of the earlier files: the number of the row at an offset of the file is base + offset + 1.
    var base: UInt64
    /// Nil: nothing was sent yet.
    var position: CDRTail.Position?

    /// The state of a feed that never ran before.
    static func new() -> FollowState {
        FollowState(producer: ProducerID.random().text, epoch: 0, base: 0, position: nil)
    }

    /// Up to this number everything was durable when it was saved.
    var counted: UInt64 { base + UInt64(clamping: position?.offset ?? 0) }

    /// The state saved by a former run; that of a release without producers has only a position. A file that is damaged
    /// or missing gives a new one: the CDR file is then read from its start, and the server knows the calls that it
    /// had.
    static func load(_ path: String) -> FollowState {
        if let data = FileManager.default.contents(atPath: path),
            let state = try? JSONDecoder().decode(FollowState.self, from: data),
            ProducerID(text: state.producer) != nil, state.position?.offset ?? 0 >= 0, state.base <= .max / 2
        {
            return state
        }
        var state = new()
        state.position = CDRTail.Position.load(path)
        return state
    }

    /// Writes the file, whole or not at all: a new one takes the name once it is complete.
    func save(_ path: String) throws(Refusal) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw Refusal(
                isFull
                    ? FileFailure.text("write", path, code: ENOSPC)
                    : "\(path): the position cannot be written; look at the directory and whose it is")
        }
    }
}
