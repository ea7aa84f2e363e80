// A file that appears whole or not at all: it is written beside its destination and moved there at the end. `-` is the
// standard output.

import Glibc
import Terminal

final class OutputFile {
    let isStandardOutput: Bool
    private let path: String
    private let part: String
    private var descriptor: Int32 = -1

    /// - Throws: `Refusal` if it cannot be written.
    init(_ path: String) throws(Refusal) {
        isStandardOutput = path == InputFile.standardInput
        self.path = path
        part = path + ".part"
        if isStandardOutput { return }
        descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal() }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(part)
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws {
        if isStandardOutput { return try OutputDevice.standardOutput.write(bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            // The pointer covers exactly `rest` and is used within the call only.
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw refusal()
            }
        }
    }

    /// Moves the file to its destination.
    func finish() throws(Refusal) {
        guard !isStandardOutput else { return }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0, rename(part, path) == 0 else {
            let refusal = refusal()
            unlink(part)
            throw refusal
        }
    }

    private func refusal() -> Refusal {
        Refusal(FileFailure.text("write", path, remedy: "look at its folder"))
    }
}
