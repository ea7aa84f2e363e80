import CallEvents
import Foundation

/// A hash of the first bytes of a file, to recognize it.
struct CDRFingerprint: Equatable {
    var words: [UInt64]
    var count: Int

    static let empty = CDRFingerprint(words: [], count: 0)

    init(words: [UInt64], count: Int) {
        (self.words, self.count) = (words, count)
    }

    init(_ bytes: [UInt8]) {
        var hash = CDRKeyHash(domain: 0xFE)
        hash.combine(bytes.span)
        let key = hash.finish()
        self.init(words: [key.high, key.low], count: bytes.count)
    }
}

/// A file open for reading, closed with the value.
final class OpenFile: Sendable {
    struct Identity: Equatable {
        var device: UInt64
        var inode: UInt64
    }

    private let descriptor: Int32
    let identity: Identity

    private init(descriptor: Int32, identity: Identity) {
        self.descriptor = descriptor
        self.identity = identity
    }

    deinit { close(descriptor) }

    /// Nil if there is no file of that name.
    static func open(_ path: String) throws(CDRTailError) -> OpenFile? {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw failure(path, "opened")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw failure(path, "looked at")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw CDRTailError(message: "\(path): not a regular file; give - to read from a pipe")
        }
        return OpenFile(
            descriptor: descriptor,
            identity: Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
    }

    func size(path: String) throws(CDRTailError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "looked at") }
        return Int64(status.st_size)
    }

    /// Reads from `offset` into `buffer`; 0 at the end.
    func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int64, path: String
    ) throws(CDRTailError) -> Int {
        while true {
            // The address and the count are those of one buffer.
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw Self.failure(path, "read") }
        }
    }

    /// The hash of the first `count` bytes; of all bytes if there are fewer.
    func fingerprint(_ count: Int, path: String) throws(CDRTailError) -> CDRFingerprint {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(0, min(count, CDRLimits.fingerprintBytes)), alignment: 1)
        defer { buffer.deallocate() }
        let got = try read(into: buffer, at: 0, path: path)
        return CDRFingerprint(Array(buffer[..<got]))
    }

    /// The last bytes before an offset, at most `CDRLimits.fingerprintBytes`; fewer if the file is shorter by now.
    func bytes(before place: Int64, path: String) throws(CDRTailError) -> [UInt8] {
        let start = max(0, place - Int64(CDRLimits.fingerprintBytes))
        guard place > start else { return [] }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(place - start), alignment: 1)
        defer { buffer.deallocate() }
        let got = try read(into: buffer, at: start, path: path)
        return Array(buffer[..<got])
    }

    private static func failure(_ path: String, _ what: String) -> CDRTailError {
        CDRTailError(message: "\(path): cannot be \(what) (\(String(cString: strerror(errno)))); check its permissions")
    }
}
