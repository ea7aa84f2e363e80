// A file that is read from beginning to end, piece by piece; `-` is the standard input.

import Glibc

final class InputFile {
    static let standardInput = "-"

    private let path: String
    private let descriptor: Int32
    /// Bytes read, and those of the whole file; 0: not known.
    private(set) var bytesRead = 0
    let bytes: Int
    /// The last read returned less than requested: a pipe has no more at present, a file has ended. The next may wait.
    private(set) var isDrained = false

    /// - Throws: `Refusal` if it cannot be opened.
    init(_ path: String) throws(Refusal) {
        self.path = path
        descriptor = path == Self.standardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        bytes = descriptor >= 0 && fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        guard descriptor >= 0 else { throw Self.refusal(path) }
    }

    /// The share of the file that was read, 0...1; nil: not known.
    var share: Double? { bytes == 0 ? nil : min(1, Double(bytesRead) / Double(bytes)) }

    deinit {
        if descriptor > STDIN_FILENO { close(descriptor) }
    }

    /// The next bytes, at most `Limits.readBytes`; nil at the end. Waits while a pipe is empty.
    /// - Throws: `Refusal`.
    func read() throws(Refusal) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Limits.readBytes) { buffer, initializedCount in
            // The address and the length are those of one buffer, of which `read` fills the first `count` bytes.
            repeat {
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            } while count < 0 && errno == EINTR
            initializedCount = max(0, count)
        }
        guard count >= 0 else { throw Self.refusal(path) }
        isDrained = count < Limits.readBytes
        bytesRead += count
        return count > 0 ? bytes : nil
    }

    /// Checks all files before anything of the first is sent.
    /// - Throws: `Refusal` for one that cannot be read.
    static func check(_ paths: [String]) throws(Refusal) {
        for path in paths where path != standardInput {
            guard access(path, R_OK) == 0 else { throw refusal(path) }
        }
    }

    private static func refusal(_ path: String) -> Refusal {
        Refusal(
            "cannot read \(path) (\(String(cString: strerror(errno)).lowercased())); check its name and permissions")
    }
}
