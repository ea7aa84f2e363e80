import Glibc

/// Files that are read as a whole at the start, as long as they are as short as such files are.
enum SmallFile {
    /// - Parameter remedy: what to do where it cannot be read.
    /// - Returns: its bytes; nil: there are more than `limit`.
    static func read(_ path: String, limit: Int, remedy: String? = nil) throws(ServerError) -> [UInt8]? {
        func failure() -> ServerError {
            let reason = String(cString: strerror(errno))
            return ServerError("cannot read \(path): \(reason)" + (remedy.map { "; \($0)" } ?? ""), kind: .usage)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        // One byte more than is allowed, to see that there is more.
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                // `count` is below the buffer's length, so the rest of it is not empty.
                Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
            }
            guard got >= 0 else { throw failure() }
            if got == 0 { break }
            count += got
        }
        return count > limit ? nil : Array(bytes[..<count])
    }
}
