// Lets an interrupted feed continue: its producer's identity, in a file that exists from the beginning of the feed to
// its end. The next run with the same files and options is the same producer, and the server knows its progress.
//
// A file with other contents is another feed. A concurrent feed of the same files holds the lock of the state file;
// this one is then a producer of its own. It counts nothing twice either, because the server knows the calls by their
// keys.

import CallEvents
import Foundation

final class FeedState {
    private struct Contents: Codable {
        var producer: String
        var epoch: UInt64
        /// Sizes and heads of all files but the last.
        var earlier: String
        /// The last may have grown since: so many bytes at its head, and their hash.
        var headBytes: Int
        var head: String
    }

    private let path: String
    private let descriptor: Int32
    private var contents: Contents

    /// The state of a feed of these files; nil: none can be saved, and the producer lives as long as its process.
    /// - Parameters:
    ///   - what: what distinguishes this feed from others: what is fed, in which format, to which server.
    ///   - files: the standard input cannot be read again.
    init?(_ what: [String], files: [String], environment: [String: String]) {
        guard !files.isEmpty, !files.contains(InputFile.standardInput), let folder = StateFolder.path(environment)
        else { return nil }
        var name = StableHash()
        for text in what { name.add(text) }
        for file in files { name.add(StateFolder.absolute(file)) }
        path = "\(folder)/feed-\(name.text).json"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, let last = files.last,
            let earlier = Self.heads(of: files.dropLast())
        else {
            Glibc.close(descriptor)
            return nil
        }
        if let data = FileManager.default.contents(atPath: path),
            let former = try? JSONDecoder().decode(Contents.self, from: data), former.earlier == earlier,
            ProducerID(text: former.producer) != nil,
            let head = Self.head(of: last, bytes: former.headBytes), head.bytes == former.headBytes,
            head.hash == former.head
        {
            contents = former
        } else {
            guard let head = Self.head(of: last, bytes: Limits.headBytes) else {
                Glibc.close(descriptor)
                return nil
            }
            contents = Contents(
                producer: ProducerID.random().text, epoch: 0, earlier: earlier, headBytes: head.bytes,
                head: head.hash)
        }
    }

    deinit { Glibc.close(descriptor) }

    /// The feed's producer.
    var producer: FeedProducer {
        FeedProducer(
            id: ProducerID(text: contents.producer) ?? .random(), epoch: contents.epoch, keep: { try self.keep($0) })
    }

    /// All is sent and durable: a later feed of the same files is another one.
    func remove() { unlink(path) }

    /// Writes the file in place, for the lock is on it. A kill leaves the old bytes or the new ones: they go to the
    /// kernel in one call. Longer old contents belong to another feed; their remainder makes the file invalid before
    /// anything is sent.
    private func keep(_ epoch: UInt64) throws {
        contents.epoch = epoch
        let bytes = Array(try JSONEncoder().encode(contents))
        let written = pwrite(descriptor, bytes, bytes.count, 0)
        // A partial write ran out of space.
        let code = written < 0 ? errno : ENOSPC
        guard written == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0 else {
            throw Refusal(
                FileFailure.text("write", path, code: code, remedy: "set XDG_STATE_HOME to another folder"))
        }
    }

    /// One text for the sizes and heads of files; nil: one cannot be read.
    private static func heads(of files: ArraySlice<String>) -> String? {
        var all = StableHash()
        for file in files {
            guard let head = head(of: file, bytes: Limits.headBytes) else { return nil }
            var facts = stat()
            guard stat(file, &facts) == 0 else { return nil }
            all.add("\(facts.st_size) \(head.hash)")
        }
        return all.text
    }

    private static func head(of file: String, bytes: Int) -> (bytes: Int, hash: String)? {
        guard bytes >= 0, bytes <= Limits.headBytes, let handle = FileHandle(forReadingAtPath: file) else {
            return nil
        }
        defer { try? handle.close() }
        let data = bytes == 0 ? Data() : (try? handle.read(upToCount: bytes)) ?? Data()
        var hash = StableHash()
        hash.add(data)
        return (data.count, hash.text)
    }
}
