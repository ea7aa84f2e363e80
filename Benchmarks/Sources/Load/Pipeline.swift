// Keeps a number of requests in flight on each of some connections, and counts the answers.

import Foundation

struct Pipeline {
    var connections: Int
    var inFlight: Int
    var seconds: Double
    /// Answers after which it ends.
    var limit = Int.max
    /// Milliseconds without an answer that are too many.
    var patience: Int32 = 1_000

    struct Result {
        var answers = 0
        var seconds = 0.0
        var errors = 0
        var perSecond: Double { Double(answers) / seconds }
    }

    /// Sends the frames over and over. One thread; an answered request is followed by the next of the same connection,
    /// all that one read answered in one write.
    func run(_ frames: [[UInt8]], address: String, port: UInt16) throws -> Result {
        var lanes = try (0..<connections).map { index in
            Lane(socket: try Socket(address: address, port: port), next: index * frames.count / connections)
        }
        var watched = lanes.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { memory.deallocate() }
        for index in lanes.indices { try lanes[index].send(inFlight, of: frames) }

        var result = Result()
        let start = Self.now()
        let end = start + seconds
        var now = start
        while now < end && result.answers < limit {
            if connections == 1 {
                // Its next read waits by itself.
                watched[0].revents = Int16(POLLIN)
            } else {
                guard poll(&watched, nfds_t(watched.count), patience) > 0 else {
                    throw SocketError("no answer for too long")
                }
            }
            for lane in lanes.indices where watched[lane].revents != 0 {
                let count = try lanes[lane].socket.receive(into: memory)
                let answers = lanes[lane].answers.take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
                result.answers += answers
                try lanes[lane].send(answers, of: frames)
            }
            now = Self.now()
        }
        result.seconds = now - start
        result.errors = lanes.reduce(0) { $0 + $1.answers.errors }
        return result
    }

    /// Seconds of a clock that runs evenly.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private struct Lane {
        let socket: Socket
        var next: Int
        var answers = FrameCounter()
        var output: [UInt8] = []

        init(socket: Socket, next: Int) {
            self.socket = socket
            self.next = next
        }

        mutating func send(_ count: Int, of frames: [[UInt8]]) throws {
            if count == 0 { return }
            output.removeAll(keepingCapacity: true)
            for _ in 0..<count {
                output.append(contentsOf: frames[next])
                next = next + 1 == frames.count ? 0 : next + 1
            }
            try output.withUnsafeBytes { try socket.send($0) }
        }
    }
}
