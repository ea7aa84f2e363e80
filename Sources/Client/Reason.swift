// Network errors in words for people.

import Glibc
import NIOCore
import NIOPosix

/// Why connecting or a connection failed, in a few words.
func reason(of error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
        if let first = error.connectionErrors.first { return reason(of: first.error) }
        return "no address is known for this name; check it, or give the address itself"
    case let error as IOError where error.errnoCode == ECONNREFUSED:
        return "connection refused; start busyhourd there, or name the port that it listens on"
    case let error as IOError:
        return text(errno: error.errnoCode)
    case ChannelError.connectTimeout(let time):
        return "no answer within \(Duration(time))"
    default:
        return String(describing: error)
    }
}

private func text(errno code: CInt) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
        // The POSIX form writes a terminated text of at most this many bytes.
        guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else { return "error \(code)" }
        return String(cString: start).lowercased()
    }
}
