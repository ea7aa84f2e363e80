// What is kept of a followed file between two runs: who the feed is, and where in the file everything before is safe.

import CallEvents
import Feeds
import Foundation

struct FollowState: Codable, Equatable {
    /// 32 hexadecimal digits.
    var producer: String
    /// Of the feed's last life.
    var epoch: UInt64
    /// Numbers of the files before: that of the row at an offset of the file is above it by the offset and 1.
    var base: UInt64
    /// Nil: nothing was sent yet.
    var position: CDRTail.Position?

    /// Of a feed that was never before.
    static func new() -> FollowState {
        FollowState(producer: ProducerID.random().text, epoch: 0, base: 0, position: nil)
    }

    /// Up to this number all was safe when it was noted.
    var counted: UInt64 { base + UInt64(clamping: position?.offset ?? 0) }

    /// What a former run noted; that of a release without producers has a position alone. A file that is damaged or not there
    /// gives a new one: the file is then read from its start, and the server knows the calls that it had.
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
