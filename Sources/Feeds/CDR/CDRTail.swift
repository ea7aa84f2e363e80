import Foundation

/// Follows one file as it grows, across rotation: renamed and recreated, copied and truncated, or replaced.
///
/// Nothing waits here and no clock is read: the caller polls at its own pace. A poll returns at most one buffer of
/// bytes.
///
/// * Renamed: the old file stays open and is read until a poll finds nothing more in it *and* the new file under the
/// name
///   has at least one byte, since a switch writes to the old file until it is signalled to reopen.
/// * Truncated, or rewritten in place: the file is shorter than what was read of it, or its first bytes, or the last
/// ones   that were read, have changed. (Headers may be longer than what is compared of a file's beginning.)
/// * Restarted: a saved position is resumed if device, inode and first bytes are still the same; else
///   the file is searched under other names in the same directory (it was rotated meanwhile) and read to its end
///   first.
public struct CDRTail: Sendable {
    public enum Step: Equatable, Sendable {
        /// So many bytes are at the beginning of the buffer.
        case bytes(Int)
        /// Nothing new. (Also while no file has the name.)
        case idle
        /// What follows is another file: end the reader's file and begin the next.
        case nextFile
    }

    /// How far the file was read. To be saved together with what the reader needs.
    public struct Position: Codable, Equatable, Sendable {
        public var device: UInt64
        public var inode: UInt64
        public var offset: Int64
        /// A hash of the file's first `fingerprintBytes` bytes.
        public var fingerprint: [UInt64]
        public var fingerprintBytes: Int
        /// A hash of the last `fingerprintBytes` bytes before `offset`, and how many there were; nil: saved by an
        /// earlier release without it.
        public var lastBytes: [UInt64]?
        public var lastCount: Int?
        /// The reader's state at `offset`.
        public var reader: CDRReader.State
    }

    private let path: String
    private var file: OpenFile?
    /// Bytes of `file` that were returned.
    private var offset: Int64 = 0
    /// Hash of the first bytes of `file` as far as they were known at the last poll.
    private var fingerprint = CDRFingerprint.empty
    /// The last bytes before `offset`, at most `CDRLimits.fingerprintBytes`.
    private var last: [UInt8] = []

    /// Begins at the start of the file, or at a position saved earlier.
    ///
    /// `resumed` then has the reader's state to continue with; it is nil if the position could not be resumed, and the
    /// file is read from its start.
    public init(path: String, from position: Position?) {
        self.path = path
        guard let position, let found = Self.find(position, path: path) else { return }
        file = found
        offset = position.offset
        fingerprint = CDRFingerprint(words: position.fingerprint, count: position.fingerprintBytes)
        last = (try? found.bytes(before: position.offset, path: path)) ?? []
        resumed = position.reader
    }

    /// The reader's state to continue with, if a saved position was resumed.
    public private(set) var resumed: CDRReader.State?

    /// Reads what is new into `buffer`.
    ///
    /// - Throws: `CDRTailError` if the file cannot be read.
    public mutating func poll(into buffer: UnsafeMutableRawBufferPointer) throws(CDRTailError) -> Step {
        if file == nil {
            guard let opened = try OpenFile.open(path) else { return .idle }
            begin(opened)
        }
        if try wasTruncated() {
            begin(file)
            return .nextFile
        }
        let count = try file?.read(into: buffer, at: offset, path: path) ?? 0
        if count > 0 {
            offset += Int64(count)
            let end = UnsafeRawBufferPointer(rebasing: buffer[max(0, count - CDRLimits.fingerprintBytes)..<count])
            last = Array((last + end).suffix(CDRLimits.fingerprintBytes))
            return .bytes(count)
        }
        guard let next = try nextFile() else { return .idle }
        begin(next)
        return .nextFile
    }

    private mutating func begin(_ file: OpenFile?) {
        self.file = file
        offset = 0
        fingerprint = .empty
        last = []
    }

    /// The position to save for this state of the reader. The bytes from `state.offset` to the end of what was returned
    /// are read again after a restart.
    public func position(_ state: CDRReader.State) -> Position? {
        guard let file else { return nil }
        let place = min(state.offset, offset)
        let before = CDRFingerprint((try? file.bytes(before: place, path: path)) ?? [])
        return Position(
            device: file.identity.device, inode: file.identity.inode, offset: place,
            fingerprint: fingerprint.words, fingerprintBytes: fingerprint.count, lastBytes: before.words,
            lastCount: before.count, reader: state)
    }

    /// True if the open file is no longer the one that was read; updates the fingerprint of a file that has grown.
    private mutating func wasTruncated() throws(CDRTailError) -> Bool {
        guard let file else { return false }
        let size = try file.size(path: path)
        if size < offset { return true }
        if fingerprint.count > 0, try file.fingerprint(fingerprint.count, path: path) != fingerprint { return true }
        if try file.bytes(before: offset, path: path) != last { return true }
        let count = min(Int(clamping: size), CDRLimits.fingerprintBytes)
        if count > fingerprint.count { fingerprint = try file.fingerprint(count, path: path) }
        return false
    }

    /// The file that now has the name, if it is another one and not empty.
    private func nextFile() throws(CDRTailError) -> OpenFile? {
        guard let file, let named = try OpenFile.open(path), named.identity != file.identity,
            try named.size(path: path) > 0
        else { return nil }
        return named
    }

    /// The file of a position, under its name or another one in the directory.
    private static func find(_ position: Position, path: String) -> OpenFile? {
        let directory = (path as NSString).deletingLastPathComponent
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.isEmpty ? "." : directory)) ?? []
        let others = names.sorted().map { (directory as NSString).appendingPathComponent($0) }
        for candidate in [path] + others {
            guard let file = try? OpenFile.open(candidate), file.identity.inode == position.inode,
                file.identity.device == position.device, let size = try? file.size(path: candidate),
                size >= position.offset,
                let found = try? file.fingerprint(position.fingerprintBytes, path: candidate),
                found.words == position.fingerprint
            else { continue }
            if let last = position.lastBytes, let count = position.lastCount {
                guard let before = try? file.bytes(before: position.offset, path: candidate), before.count == count,
                    CDRFingerprint(before).words == last
                else { continue }
            }
            return file
        }
        return nil
    }
}

extension CDRTail.Position {
    /// Reads a position file; nil if it is missing or damaged (then the CDR file is read from its start, and
    /// the board knows the calls that it had).
    public static func load(_ path: String) -> Self? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let position = try? JSONDecoder().decode(Self.self, from: data), position.offset >= 0 else { return nil }
        return position
    }

    /// Writes a position file, whole or not at all: a new file takes the name once it is complete.
    public func save(_ path: String) throws(CDRTailError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CDRTailError(
                message: "\(path): the position cannot be written; check the directory and its free space")
        }
    }
}

/// A file that cannot be followed. `message` is one line: what is wrong and how to fix it.
public struct CDRTailError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}
