// A blocking TCP connection of one thread. Plain sockets, so that the client costs as little as can be: server and load
// share the machine.

import Foundation

struct SocketError: Error, CustomStringConvertible {
    let description: String

    init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}

final class Socket {
    let descriptor: CInt

    /// Connects to an IPv4 address.
    init(address: String, port: UInt16) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError("socket") }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else { throw SocketError("'\(address)'") }
        let connected = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw SocketError("connect") }
        var yes: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
    }

    deinit { close(descriptor) }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let sent = Glibc.send(descriptor, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            guard sent > 0 else { throw SocketError("send") }
            rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
    }

    /// Reads what is there, at least one byte, into the memory.
    func receive(into memory: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = recv(descriptor, memory.baseAddress, memory.count, 0)
        guard count > 0 else { throw SocketError("recv") }
        return count
    }
}

/// Counts the frames of a stream and keeps of each no more than its kind.
struct FrameCounter {
    private var header: (bytes: [UInt8], count: Int) = ([UInt8](repeating: 0, count: 12), 0)
    private var payloadLeft = 0
    private(set) var errors = 0

    /// Whole frames that end within these bytes.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        var frames = 0
        var position = 0
        while position < bytes.count {
            if payloadLeft > 0 {
                let skipped = min(payloadLeft, bytes.count - position)
                payloadLeft -= skipped
                position += skipped
                if payloadLeft == 0 { frames += 1 }
                continue
            }
            if header.count == 0 && bytes.count - position >= 12 {
                payloadLeft = Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
                if bytes[position + 6] == 2 { errors += 1 }
                position += 12
            } else {
                header.bytes[header.count] = bytes[position]
                header.count += 1
                position += 1
                if header.count < 12 { continue }
                payloadLeft = header.bytes[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
                if header.bytes[6] == 2 { errors += 1 }
                header.count = 0
            }
            if payloadLeft == 0 { frames += 1 }
        }
        return frames
    }
}
