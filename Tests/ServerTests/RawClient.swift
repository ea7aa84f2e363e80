// A program's connection as bytes: a blocking socket and frames made by hand, so that the tests depend on the protocol
// page and on nothing of the server's or the wire's code but the messages.

import Glibc
import SwiftProtobuf
import Wire

struct SocketFailure: Error {
    var call: String
    var code = errno
}

/// The fields of a frame that was read.
struct RawFrame {
    var method: UInt16
    var kind: UInt8
    var id: UInt32
    var payload: [UInt8]

    var error: Busyhour_V1_Error? { kind == 2 ? try? Busyhour_V1_Error(serializedBytes: payload) : nil }
}

final class RawClient {
    let socket: CInt
    private var input: [UInt8] = []
    private var position = 0

    /// Connects to 127.0.0.1. Reads fail after five minutes without a byte, so that no test hangs, however slow
    /// the machine is.
    init(port: UInt16, receiveBuffer: CInt? = nil) throws {
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<CInt>.size))
        }
        var patience = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try withLoopback(port: port) { address, length in
            guard connect(socket, address, length) == 0 else { throw SocketFailure(call: "connect") }
        }
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SocketFailure(call: "send") }
            sent += count
        }
    }

    /// The next frame; nil at the end of the stream.
    func receive() throws -> RawFrame? {
        guard let header = try read(12) else { return nil }
        func number(_ range: Range<Int>) -> UInt32 { header[range].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        guard let payload = try read(Int(number(0..<4))) else { throw SocketFailure(call: "end of stream in a frame") }
        return RawFrame(
            method: UInt16(number(4..<6)), kind: header[6], id: number(8..<12), payload: payload)
    }

    func request(_ method: UInt16, id: UInt32 = 1, payload: [UInt8] = []) throws -> RawFrame {
        try send(rawFrame(method, id: id, payload: payload))
        guard let answer = try receive() else { throw SocketFailure(call: "end of stream") }
        return answer
    }

    /// Sends a message and reads the answer to it.
    func call<Response: Message>(_ method: UInt16, _ message: some Message, _: Response.Type) throws -> Response {
        let answer = try request(method, payload: try message.serializedBytes())
        if let error = answer.error { throw error }
        return try Response(serializedBytes: answer.payload)
    }

    func status() throws -> Busyhour_V1_StatusResponse {
        try call(1, Busyhour_V1_StatusRequest(), Busyhour_V1_StatusResponse.self)
    }

    private func read(_ count: Int) throws -> [UInt8]? {
        while input.count - position < count {
            if position > 0 {
                input.removeFirst(position)
                position = 0
            }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let got = recv(socket, &chunk, chunk.count, 0)
            guard got >= 0 else { throw SocketFailure(call: "recv") }
            if got == 0 { return nil }
            input.append(contentsOf: chunk[..<got])
        }
        defer { position += count }
        return Array(input[position..<position + count])
    }
}

extension Busyhour_V1_Error: Error {}

/// A frame as the protocol page says.
func rawFrame(_ method: UInt16, kind: UInt8 = 0, id: UInt32, payload: [UInt8] = []) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    return bytes(UInt32(payload.count)) + bytes(method) + [kind, 0] + bytes(id) + payload
}

/// Sends one datagram to 127.0.0.1.
func sendDatagram(_ bytes: [UInt8], port: UInt16) throws {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
    defer { close(socket) }
    try withLoopback(port: port) { address, length in
        guard sendto(socket, bytes, bytes.count, 0, address, length) == bytes.count else {
            throw SocketFailure(call: "sendto")
        }
    }
}

private func withLoopback(
    port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try withUnsafePointer(to: &address) {
        try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
